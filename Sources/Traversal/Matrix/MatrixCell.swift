// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// Two peers behind two routers, and the result of punching a hole: really tried, on a network of its own.
package struct MatrixCell: Sendable {
  package enum Result: String, Hashable, Sendable {
    /// Nothing in between translates or filters.
    case direct
    case punched
    /// One hears the other but is not heard.
    case oneWay = "one-way"
    case none

    /// Whether both hear each other.
    package var isThrough: Bool { self == .direct || self == .punched }
  }

  /// One of the two, and the fate of its packets on their way to the other.
  struct Side: Sendable {
    let name: String
    let router: String
    /// How the server saw it, and the source of its first probe.
    var seen: Endpoint?
    var probed: Endpoint?
    /// The destination of its first probe, and the source of an answer to one that its host did not take for an answer.
    var asked: Endpoint?
    var answered: Endpoint?
    /// Why and where its last probe was dropped; nil if one arrived.
    var dropped: (reason: DropReason, node: String)?
    var isHeard = false
  }

  let first: MatrixKind
  let second: MatrixKind
  let transport: TransportProtocol
  let network: Network
  let sides: [Side]
  package let result: Result

  /// Packets sent, including those to and from the server.
  var packets: Int { network.trace.packetCount }

  /// Builds the network and runs it to its end.
  package init(_ first: MatrixKind, _ second: MatrixKind, _ transport: TransportProtocol, seed: UInt64)
    throws(BuildError)
  {
    (self.first, self.second, self.transport) = (first, second, transport)
    let place = try MatrixPlace(first, second, seed: seed)
    var network = place.network
    let hosts = place.hosts
    var programs: [Int] = []
    // The hosts are new and their ports free, so nothing can be refused.
    _ = try? network.start(RendezvousServer(port: MatrixPlace.server.port), on: place.server)
    var options = PunchOptions()
    options.transport = transport
    for (host, (peer, port)) in zip(hosts, [("bob", 5_000), ("alice", 6_000)] as [(String, UInt16)]) {
      let program = PunchProgram(peer: peer, server: MatrixPlace.server, port: port, options: options)
      if let id = try? network.start(program, on: host) { programs.append(id) }
    }
    while network.step() {}
    self.network = network
    let ends = programs.compactMap { network.program($0, as: PunchProgram.self) }
    sides = zip(zip(hosts, ends), MatrixPlace.homes).map { pair, home in
      Self.side(of: pair.0, pair.1, home, in: network)
    }
    let isDirect = !first.behavior.translates && !second.behavior.translates
    result = Self.result(of: ends, isDirect: isDirect)
  }

  private static func result(of ends: [PunchProgram], isDirect: Bool) -> Result {
    var open = 0
    var heard = 0
    for end in ends {
      switch end.phase {
      case .open: open += 1
      case .oneWay: heard += 1
      case .registering, .waiting, .probing, .failed: break
      }
    }
    if open == ends.count { return isDirect ? .direct : .punched }
    return open + heard > 0 ? .oneWay : .none
  }

  /// Reads the fate of a side's probes from the trace.
  private static func side(of host: DeviceID, _ program: PunchProgram, _ home: MatrixPlace.Home, in network: Network)
    -> Side
  {
    var side = Side(name: home.host, router: home.router, seen: program.outside)
    for number in 1...max(network.trace.packetCount, 1) {
      guard let record = network.trace.packet(number), record.packet.destination != MatrixPlace.server else { continue }
      let hops = network.trace.hops(ofPacket: number)
      let source = hops.first { $0.verdict == .translated }?.newSource ?? record.packet.source
      guard record.origin == host else {
        if record.packet.tcpFlags.contains([.syn, .ack]), let last = hops.last, last.verdict == .dropped,
          last.node == host, side.answered == nil
        {
          side.answered = source
        }
        continue
      }
      if side.probed == nil { (side.probed, side.asked) = (source, record.packet.destination) }
      guard let last = hops.last else { continue }
      switch last.verdict {
      case .delivered: side.isHeard = true
      case .dropped: side.dropped = (last.reason ?? .invalid, network.device(last.node).name)
      case .sent, .forwarded, .translated: break
      }
    }
    return side
  }

  // MARK: Why

  /// The result and its cause, in a sentence or two.
  var why: String {
    switch result {
    case .direct: return said("Neither router translates or filters, so each host is where it says it is.")
    case .punched:
      let moved = sides.filter(\.hasMoved)
      guard let side = moved.first, moved.count == 1 else {
        return moved.isEmpty
          ? said(
            "Both leave from the port that the server saw, and each router lets in the one its own host has sent to.")
          : said("Both leave from ports other than those the server saw, but both filters let them in anyway.")
      }
      let other = sides.first { $0.name != side.name } ?? side
      return
        said(
          "\(side.name)'s packets leave from a port other than the one the server saw, but \(other.router)'s filter lets them in, ",
          "and \(other.name) answers to where they really come from.")
    case .oneWay, .none:
      let unheard = sides.filter { !$0.isHeard }
      return (unheard.isEmpty ? sides.compactMap(misunderstanding) : unheard.map(reason)).joined(separator: " ")
    }
  }

  /// Why a side does not take the answer to its SYN for one.
  private func misunderstanding(of side: Side) -> String? {
    guard let asked = side.asked, let answered = side.answered, asked != answered else { return nil }
    let other = sides.first { $0.name != side.name } ?? side
    return
      said(
        "\(side.name)'s SYN arrives at \(asked), but \(other.name)'s answer to it leaves from \(answered); to ",
        "\(side.name)'s TCP, that is no answer.")
  }

  /// Why a side was not heard.
  private func reason(_ side: Side) -> String {
    let other = sides.first { $0.name != side.name } ?? side
    guard let dropped = side.dropped else { return said("\(side.name) was never told where \(other.name) is.") }
    if side.hasMoved, let probed = side.probed, let seen = side.seen {
      return
        said(
          "\(side.name)'s packets come from \(probed), not from \(seen) as the server saw them; \(other.name) has only sent ",
          "there, so \(dropped.node) drops them: \(dropped.reason.rawValue).")
    }
    return said("\(side.name)'s packets are dropped by \(dropped.node): \(dropped.reason.rawValue).")
  }
}

extension MatrixCell.Side {
  /// Whether its probes leave from an endpoint other than the one the server saw.
  fileprivate var hasMoved: Bool { probed != nil && seen != nil && probed != seen }
}
