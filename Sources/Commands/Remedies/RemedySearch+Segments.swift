// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

// Remedies for segments that are too long, for reports that do not come through, and for connections that end too slowly.
extension RemedySearch {
  /// The router before the narrow link clamps the maximum segment size, and the two ends begin a new connection.
  mutating func forLongSegment(_ options: String) {
    guard transport == .tcp, let opening = openingOfConnection else { return }
    let (opener, remote) = (opening.origin, opening.packet.destination)
    let port = opening.packet.source.port == .max ? 1_024 : opening.packet.source.port + 1
    let narrow = [hop.lostOn, hop.node].compactMap(\.self).filter { network.router($0) != nil }
    let routers = narrow + network.allDevices.map(\.id).filter { network.router($0) != nil && !narrow.contains($0) }
    for router in routers.prefix(16) where network.router(router)?.clampsSegmentSize == false {
      let way = ["set \(name(router)) mss clamp", "connect \(name(opener)):\(port) \(remote)", "run"]
      if opener == record.origin {
        let again = "send \(name(opener)):\(port) \(remote)\(options)"
        if fix(.clampSegmentSize(name(router)), [way], again: [again]) { return }
      } else {
        guard let trial = RemedyTrial(way, on: session) else { continue }
        let shown = trial.lastArrival(of: opener, at: record.origin, since: network.trace.packetCount)
        guard let shown else { continue }
        let again = "send \(name(record.origin)):\(record.packet.source.port) \(shown)\(options)"
        if fix(.clampSegmentSize(name(router)), [way], again: [again], at: opener) { return }
      }
    }
  }

  /// The SYN of the connection that the packet is part of: its sender's own, or the one that reached its sender.
  private var openingOfConnection: PacketRecord? {
    let trace = network.trace
    let (local, remote) = (record.packet.source, record.packet.destination)
    return (trace.oldestPacket..<max(record.number, trace.oldestPacket)).reversed().lazy
      .compactMap { trace.packet($0) }.first { syn in
        guard syn.packet.transport == .tcp, syn.packet.tcpFlags.contains(.syn), !syn.packet.tcpFlags.contains(.ack),
          network.host(syn.origin) != nil
        else { return false }
        if syn.origin == record.origin { return syn.packet.source == local && syn.packet.destination == remote }
        guard syn.endedAt == record.origin, let end = trace.hops(ofPacket: syn.number).last else { return false }
        return end.source == remote && end.destination == local
      }
  }

  /// A rule drops a report about another packet: without the rule the report arrives, or the packet needs none.
  mutating func forBlockedReport(about original: PacketRecord) {
    let trace = network.trace
    guard let last = trace.hops(ofPacket: original.number).last else { return }
    var other = RemedySearch(session, record: original, hop: last, mapping: nil, fault: nil)
    let again = other.sendAgain(to: original.packet.destination, options: other.typedOptions ?? "")
    fix(.filterOffForReports(node), [["filter \(node) off"]], again: again, reportTo: original.origin)
    if last.reason == .tooBig { other.forTooBig() }
    adopt(other.found)
  }

  /// The text and options with which a packet was sent, as they are typed after its destination; nil for one whose text
  /// cannot be typed.
  var typedOptions: String? {
    let packet = record.packet
    let options =
      (packet.timeToLive == 64 ? "" : " ttl \(packet.timeToLive)") + (packet.dontFragment ? " df" : "")
    guard packet.payload.length > 0, packet.transport != .icmp else { return options }
    guard let text = packet.payload.text, text.count <= 1_500,
      text.allSatisfy({ $0.isASCII && $0 != "\"" && $0 != "\\" && $0 >= " " })
    else { return nil }
    return #" "\#(text)""# + options
  }

  /// A host remembers a connection that it closed: it forgets it in time, or the new one differs.
  mutating func forTimeWait() {
    let host = name(hop.node)
    let from = name(record.origin)
    let remote = record.packet.destination
    if let length = network.host(hop.node)?.timeWait, length > .zero {
      let again = "connect \(from):\(record.packet.source.port) \(remote)"
      fix(.timeWaitIsOver(host, after: length), [["wait \(length)"]], again: [again])
    }
    fix(.anotherPort, [[]], again: ["connect \(from) \(remote)"])
    fix(
      .retransmission(from), [["set \(from) retransmission on"]],
      again: ["connect \(from):\(record.packet.source.port) \(remote)"], at: hop.node)
  }
}
