// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// The network's values in the words of reports.
extension Session {
  /// One device's handling of one packet, as results list it.
  package func report(_ hop: Hop) -> HopReport {
    let node = network.device(hop.node)
    let record = network.trace.packet(hop.packet)
    let packet = record.map { network.trace.textual($0.packet, before: hop) }
    return HopReport(
      number: hop.number, timeMicroseconds: hop.time.microseconds, node: node.name, nodeKind: node.kind,
      packet: hop.packet, verdict: hop.verdict, transport: hop.transport,
      source: hop.end(hop.source), destination: hop.end(hop.destination),
      newSource: hop.newSource.map(hop.end), newDestination: hop.newDestination.map(hop.end),
      mapping: hop.mapping, mappingChange: hop.mappingChange, reason: hop.reason, timeToLive: Int(hop.timeToLive),
      length: hop.length, text: listedText(of: hop, packet),
      message: packet.flatMap { catalog.message(in: $0) }, flags: hop.transport == .tcp ? hop.tcpFlags : nil,
      icmp: hop.transport == .icmp ? hop.icmp : nil, about: hop.icmp.isError ? record?.about : nil,
      permitted: permitted(byRowOf: hop),
      maximumSegmentSize: hop.maximumSegmentSize > 0 ? Int(hop.maximumSegmentSize) : nil,
      newMaximumSegmentSize: hop.newMaximumSegmentSize.map { Int($0) },
      fragment: hop.fragment.map {
        FragmentReport(identification: Int($0.identification), offset: Int($0.offset), hasMore: !$0.isLast)
      }, rewriting: network.trace.rewriting(at: hop.number))
  }

  /// The part of the packet's text that a hop's line shows. Among fragments, only the first shows it.
  private func listedText(of hop: Hop, _ packet: Packet?) -> String? {
    (hop.fragment?.offset ?? 0) > 0 ? nil : packet?.payload.listedText
  }

  /// The senders that the row made by a hop lets in.
  private func permitted(byRowOf hop: Hop) -> Mapping.Permitted? {
    guard hop.mappingChange == .created, let router = network.router(hop.node) else { return nil }
    let row = router.nat.mapping(
      hop.transport, external: hop.newSource ?? hop.source, towards: hop.newDestination ?? hop.destination)
    guard let row, row.id == hop.mapping else { return nil }
    // As it was then: remotes used since do not belong to this hop.
    let remote = hop.newDestination ?? hop.destination
    switch row.permitted {
    case .anyone: return .anyone
    case .addresses: return .addresses([remote.address])
    case .endpoints: return .endpoints([remote])
    }
  }

  /// A row of router `id`'s table.
  ///
  /// - Parameter named: whether the row names its router, as it must outside that router's table.
  func report(_ mapping: Mapping, of id: DeviceID, named: Bool = false) -> MappingReport {
    let isGone = mapping.isExpired(at: network.clock)
    return MappingReport(
      router: named ? network.device(id).name : nil, id: mapping.id, transport: mapping.transport,
      internal: mapping.internal, external: mapping.external, remote: mapping.remote,
      permitted: mapping.permitted, isStatic: mapping.isStatic, state: mapping.state,
      expiresInMicroseconds: mapping.expiresAt.map { max(0, ($0 - network.clock).microseconds) },
      expiredAtMicroseconds: isGone ? mapping.expiresAt?.microseconds : nil, createdBy: mapping.createdBy,
      packetsOut: mapping.packetsOut, packetsIn: mapping.packetsIn, change: nil)
  }

  /// A line of a list.
  func listing(_ record: PacketRecord) -> PacketSummary { summary(record, isListed: true) }

  func summary(_ record: PacketRecord, isListed: Bool = false) -> PacketSummary {
    let packet = record.packet
    let (state, reason): (PacketSummary.State, DropReason?) =
      switch record.state {
      case .inFlight: (.inFlight, nil)
      case .delivered: (.delivered, nil)
      case .dropped(let reason): (.dropped, reason)
      }
    let hasPorts = !packet.icmp.isError
    return PacketSummary(
      number: record.number, origin: network.device(record.origin).name, transport: packet.transport,
      source: PacketEnd(packet.source, hasPort: hasPorts),
      destination: PacketEnd(packet.destination, hasPort: hasPorts),
      sentMicroseconds: record.sentAt.microseconds, state: state,
      endedAt: record.endedAt.map { network.device($0).name }, reason: reason,
      text: isListed ? packet.payload.listedText : packet.payload.text, message: catalog.message(in: packet),
      flags: packet.transport == .tcp ? packet.tcpFlags : nil,
      icmp: packet.transport == .icmp ? packet.icmp : nil, about: record.about)
  }

  /// All devices as they stand.
  package var deviceReports: [DeviceReport] { network.allDevices.map { report($0) } }

  /// A device as it is.
  ///
  /// - Parameter listening: the ports to mention; by default all on which it listens.
  func report(_ device: Device, listening: [ListeningPort]? = nil) -> DeviceReport {
    let host = network.host(device.id)
    let router = network.router(device.id)
    return DeviceReport(
      name: device.name, kind: device.kind, addresses: network.addresses(of: device.id),
      lan: router?.prefixes ?? [], lanAddresses: router?.insideAddresses ?? [],
      behind: device.parent == .internet ? nil : network.device(device.parent).name,
      beside: network.firstGateway(of: device.id).map { network.device($0).name }, routes: routes(of: device.id),
      listening: listening ?? host?.listeningPorts.map { ListeningPort($0.transport, $0.port) } ?? [],
      settings: settings(of: device)
    )
  }

  /// The routes that a device was given; nil if there are none.
  func routes(of id: DeviceID) -> [RouteReport]? {
    let routes = network.staticRoutes(of: id).map { RouteReport(prefix: $0.prefix, via: $0.gateway) }
    return routes.isEmpty ? nil : routes
  }

  private func settings(of device: Device) -> [SettingReport] {
    device.settings(in: network).map { value in
      SettingReport(value: value, isChanged: value != value.property.standardValue(of: device, in: network))
    }
  }
}

extension Hop {
  /// One of the hop's endpoints as it is in the packet's header.
  fileprivate func end(_ endpoint: Endpoint) -> PacketEnd {
    PacketEnd(endpoint, hasPort: !icmp.isError && (fragment?.offset ?? 0) == 0)
  }
}

extension Payload {
  /// The most bytes of a packet's text that each line of a list repeats; ``text`` is whole.
  private static var longestListedText: Int { 1_024 }

  /// The packet's text, cut short if it is long: a list may repeat it thousands of times.
  var listedText: String? {
    guard let text, text.utf8.count > Self.longestListedText else { return text }
    // A character of several bytes stays whole.
    var end = text.utf8.index(text.startIndex, offsetBy: Self.longestListedText)
    while end > text.startIndex, String.Index(end, within: text) == nil { end = text.utf8.index(before: end) }
    return String(text[..<end]) + "…"
  }
}
