// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

// Remedies in a router's NAT.
extension RemedySearch {
  private var nat: NAT? { network.router(hop.node)?.nat }
  private var isTranslated: Bool { nat?.behavior.translates == true && hop.destination.address.isIPv4 }

  mutating func forNoMapping() {
    let router = hop.node
    let port = hop.destination.port
    let known = mapping.flatMap { host($0.internal, behind: router) }
    let receiver = known?.id ?? hosts(behind: router).first { $0 != record.origin && hasFamily($0) }
    guard let receiver else {
      if transport != .icmp {
        let free = freeName
        fix(
          .forward(port: port, host: free),
          [["host \(free) behind \(node)", "forward \(node) \(transport.name) \(port) to \(free):\(port)"]])
      }
      advise(.hostInsideFirst)
      return
    }
    let inner = known?.port ?? port
    if !isInside(router) { letSendFirst(receiver, inner) }
    if transport == .icmp {
      advise(.pingRouterOnly)
    } else {
      fix(
        .forward(port: port, host: name(receiver)), waysToForward(port, of: router, to: receiver, inner), at: receiver)
    }
    look(.seeTable, "table \(node)")
  }

  private func hasFamily(_ host: DeviceID) -> Bool {
    network.addresses(of: host).contains { $0.family == hop.destination.address.family }
  }

  mutating func forFiltered() {
    guard let mapping, let inside = host(mapping.internal, behind: hop.node) else { return filters() }
    let (id, name) = (inside.id, name(inside.id))
    if isInside(hop.node) {
      // A packet that was turned round: its sender's outside endpoint counts.
      let own = nat?.mappings.last { $0.transport == transport && $0.internal == hop.source }?.external
      if let own {
        fix(.insideSends(host: name, to: PacketEnd(own)), open(id, inside.port, to: own), at: id)
      }
    } else {
      let ways = letSendFirst(id, inside.port)
      if isTranslated, nat?.behavior.mapping != .endpointIndependent {
        fixElsewhere(
          ways.map { ["set \(node) mapping endpoint-independent"] + $0 }, from: id,
          as: .mappingIsEndpointIndependent(host: name))
      }
    }
    if case .endpoints(let endpoints) = mapping.permitted, transport == .udp, hop.source == record.packet.source,
      let known = endpoints.first(where: { $0.address == hop.source.address })
    {
      fix(
        .sendFromPort(known.port), [[]], again: sendAgain(to: record.packet.destination, from: known.port), at: id)
    }
    filters(at: id)
  }

  private mutating func filters(at receiver: DeviceID? = nil) {
    let set = "set \(node) filtering"
    if nat?.behavior.filtering == .addressAndPortDependent {
      fix(.filterAddressAlone(hop.source.address), [["\(set) address-dependent"]], at: receiver)
    }
    if nat?.behavior.filtering != .endpointIndependent {
      fix(.filterNothing, [["\(set) endpoint-independent"]], at: receiver)
    }
    if found.isEmpty { look(.seeTable, "table \(node)") }
  }

  mutating func forExpired() {
    if let mapping, mapping.isStatic, let inside = host(mapping.internal, behind: hop.node) {
      fix(
        .renewLease,
        [["request \(name(inside.id)) \(transport) \(inside.port) as \(mapping.external.port) for 2h"]])
      if found.isEmpty { advise(.renewLease) }
      return look(.seeTable, "table \(node)")
    }
    if let mapping, let inside = host(mapping.internal, behind: hop.node) { letSendFirst(inside.id, inside.port) }
    if transport == .tcp, hop.tcpFlags.isDisjoint(with: .syn) { advise(.beginAgain) }
    advise(.keepAlive)
    look(.seeTable, "table \(node)")
  }

  mutating func forFirewall() {
    let own = nat?.behavior.prefixTranslation?.inward(hop.destination.address)
    if let inside = host(Endpoint(own ?? hop.destination.address, hop.destination.port), behind: hop.node) {
      fix(
        .insideSends(host: name(inside.id), to: sender), open(inside.id, inside.port, to: hop.source), at: inside.id)
    }
    fix(.firewallOff, [["set \(node) firewall off"]])
    if found.isEmpty { look(.seeTable, "table \(node)") }
  }

  mutating func forHairpinOff() {
    let on = "set \(node) hairpinning on"
    let row = nat?.mappings.first { $0.transport == transport && $0.external == hop.destination }
    let target = row.flatMap { host($0.internal, behind: hop.node) }
    if !fix(.hairpin, [[on]], at: target?.id) {
      fix(.hairpinAndFilterNothing, [[on, "set \(node) filtering endpoint-independent"]], at: target?.id)
    }
    askInside(at: target?.id)
    if let row {
      fix(
        .writeToInsideAddress(row.internal.address), [[]], again: sendAgain(to: row.internal), at: target?.id)
    } else {
      let port = hop.destination.port
      if transport != .icmp, let other = hosts(behind: hop.node).first(where: { $0 != record.origin }) {
        let forwards = forwards(port, of: hop.node, to: other, port)
        fix(.forward(port: port, host: name(other)), [[on] + forwards], at: other)
        advise(.talkInside)
      } else {
        look(.seeTable, "table \(node)")
      }
    }
  }

  /// Offers a server for names inside, if the sender learned the address by its name.
  private mutating func askInside(at target: DeviceID?) {
    let trace = network.trace
    let learned = trace.events(from: max(1, trace.eventCount - 1_000)).last {
      $0.host == record.origin && $0.name == "resolved" && $0.data["address"] == .address(hop.destination.address)
    }
    guard case .text(let asked)? = learned?.data["name"] else { return }
    let from = name(record.origin)
    for server in network.programs() where server.isRunning && server.name == Errand.namesProgram {
      guard hosts(behind: hop.node).contains(server.host),
        let address = network.addresses(of: server.host).first(where: { $0.family == hop.source.address.family })
      else { continue }
      let again = "\(asked):\(hop.destination.port)"
      let ways = transport == .tcp ? ["connect \(from) \(again)"] : ["send \(from) \(again)"]
      let set = "set \(from) resolver \(address)"
      if fix(.askInside(host: from, server: name(server.host)), [[set]], again: ways, at: target) { return }
    }
  }

  mutating func forPortsExhausted() {
    if nat?.behavior.portAssignment == .preserveOrRefuse { fix(.mayChangePort, [["set \(node) ports preserve"]]) }
    if case .blocks(let size, let range) = nat?.behavior.portAssignment {
      let larger = min(size * 2, range.count)
      fix(.largerBlocks(larger), [["set \(node) ports blocks \(larger) \(range.lowerBound) \(range.upperBound)"]])
    }
    fix(.widerPorts, [["set \(node) ports random 1024 65535"]])
    if let address = network.freeExternalAddress(for: hop.node) {
      let more = (nat?.externalAddresses.dropFirst().map(\.description) ?? []) + [address.description]
      let set = "set \(node) addresses \(more.joined(separator: " "))"
      fix(.moreAddresses, [[set], [set, "set \(node) pooling arbitrary"]])
    }
    afterExpiry()
    look(.seeTable, "table \(node)")
  }

  /// The race is run again, between two new flows of the same hosts.
  mutating func forInsertFailed() {
    fix(.sendAgain, [[]])
    guard let number = session.rival(of: hop), let rival = network.trace.packet(number) else { return }
    // Other ports, equal or different as they were, so that both flows are new.
    let shift: UInt16 = 1_000
    func anew(_ record: PacketRecord) -> String? {
      let (from, to) = (name(record.origin), record.packet.destination)
      guard network.host(record.origin) != nil else { return nil }
      switch record.packet.transport {
      case .udp: return "send \(from):\(record.packet.source.port % 60_000 + shift) \(to)"
      case .tcp: return "connect \(from):\(record.packet.source.port % 60_000 + shift) \(to)"
      case .icmp: return "ping \(from) \(to.address)"
      }
    }
    guard let first = anew(rival), let second = anew(record) else { return }
    fix(.randomPorts(node), [["set \(node) ports random 1024 65535", first]], again: [second])
    fix(.raceOff(node), [["set \(node) race off", first]], again: [second])
  }

  mutating func forTableFull() {
    let (host, all) = ("set \(node) max-mappings-per-host unlimited", "set \(node) max-mappings unlimited")
    fix(.higherLimits, [[host], [all], [host, all]])
    afterExpiry()
    look(.seeTable, "table \(node)")
  }

  /// Rows that time out make room.
  private mutating func afterExpiry() {
    let ends = nat?.mappings.compactMap(\.expiresAt).filter { $0 > network.clock } ?? []
    guard let first = ends.min() else { return }
    let rest = nat?.behavior.portRest ?? .zero
    let waits = [first, first + rest, ends.max() ?? first].map { $0 - network.clock }
    for wait in waits where wait > .zero && fix(.roomAfter(wait), [["wait \(wait)"]]) { return }
    advise(.waitForRows)
  }
}
