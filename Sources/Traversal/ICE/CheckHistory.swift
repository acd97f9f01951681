// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// The connectivity checks in the trace, whoever passes them on: an end knows only what it has sent and heard, and this
/// knows where each message came to its end.
struct CheckHistory {
  /// A packet with a message of a check.
  private struct Carrier {
    var packet: Int
    var isRequest: Bool
  }

  private struct Request {
    var packet: Int
    var message: STUNMessage
    /// To whom a TURN server is to pass it on.
    var peer: Endpoint?
  }

  private let session: Session
  private var requests: [Request] = []
  private var carriers: [STUNMessage.TransactionID: [Carrier]] = [:]

  init(_ session: Session) {
    self.session = session
    let trace = session.network.trace
    for number in trace.oldestPacket..<trace.packetCount + 1 {
      guard let packet = trace.packet(number)?.packet, packet.transport == .udp, case .data(let bytes) = packet.payload,
        let (message, peer) = Self.check(in: bytes[...])
      else { continue }
      let isRequest = message.kind == .request
      carriers[message.transaction, default: []].append(Carrier(packet: number, isRequest: isRequest))
      if isRequest { requests.append(Request(packet: number, message: message, peer: peer)) }
    }
  }

  /// The Binding message in a datagram, also in one for or from a TURN server.
  private static func check(in bytes: ArraySlice<UInt8>) -> (message: STUNMessage, peer: Endpoint?)? {
    if let (_, data) = ChannelData.parts(of: bytes) { return binding(in: data).map { ($0, nil) } }
    guard let message = try? STUNMessage(decoding: bytes) else { return nil }
    if message.method == .binding { return (message, nil) }
    guard message.kind == .indication, let data = message.data else { return nil }
    return binding(in: data[...]).map { ($0, message.method == .send ? message.peerAddress : nil) }
  }

  private static func binding(in bytes: ArraySlice<UInt8>) -> STUNMessage? {
    guard let message = try? STUNMessage(decoding: bytes) else { return nil }
    return message.method == .binding ? message : nil
  }

  /// What became of the last check of a pair, as it goes on after a colon; nil if it is under way, or not known.
  func fate(of pair: ICEPair, _ agent: ICEAgent, on host: DeviceID, peer: String) -> String? {
    guard let last = lastRequest(of: pair, agent, on: host) else {
      return pair.local.type == .relayed ? refusal(of: pair, on: host) : nil
    }
    let trace = session.network.trace
    guard let end = carriers[last.message.transaction]?.last, let record = trace.packet(end.packet),
      let place = record.endedAt.map({ session.network.device($0).name })
    else { return nil }
    switch record.state {
    case .inFlight: return nil
    case .dropped(let reason):
      let hop = trace.hops(ofPacket: end.packet).last
      let why = session.words(for: reason, ofPacket: end.packet)
      guard end.isRequest else { return said("\(peer) answered, but the answer ended at \(place), \(why)") }
      return said("the check ended at \(place), \(why)") + (hop.map { strangeness(of: $0, agent, pair) } ?? "")
    case .delivered:
      guard end.isRequest else { return nil }
      if place == peer { return said("the check reached \(peer), which has not answered") }
      let isUnwanted = trace.events(from: 1).contains { $0.packet == end.packet && $0.name == "unwanted" }
      return isUnwanted
        ? said("\(place) got the check for its client, which had not asked it to let this sender in")
        : said("the check reached \(place), which is not \(peer)")
    }
  }

  private func lastRequest(of pair: ICEPair, _ agent: ICEAgent, on host: DeviceID) -> Request? {
    guard let remote = agent.remote else { return nil }
    let name = "\(remote.fragment):\(agent.local.fragment)"
    return requests.last { request in
      guard let record = session.network.trace.packet(request.packet), request.message.username == name else {
        return false
      }
      let (packet, goes) = (record.packet, pair.remote.address)
      if pair.local.type == .relayed {
        return record.origin == host
          ? request.peer == goes : packet.source == pair.local.base && packet.destination == goes
      }
      return record.origin == host && packet.source == pair.local.base && packet.destination == goes
    }
  }

  /// Nothing was sent, since the TURN server lends nothing for that destination.
  private func refusal(of pair: ICEPair, on host: DeviceID) -> String? {
    let refused = session.network.trace.events(from: 1).last {
      $0.host == host && $0.name == "refused" && $0.data["peer"] == .address(pair.remote.address.address)
    }
    guard let refused, let code = refused.data["code"]?.text, let reason = refused.data["reason"]?.text else {
      return nil
    }
    return said("nothing was sent: the TURN server refuses to relay to that address, \(code) (\(reason))")
  }

  /// A symmetric NAT's part in it: the packet came from an endpoint that is no candidate.
  private func strangeness(of hop: Hop, _ agent: ICEAgent, _ pair: ICEPair) -> String {
    let known = agent.locals.map(\.address) + [pair.local.base]
    guard hop.source.address != pair.local.base.address, !known.contains(hop.source),
      [.filtered, .noMapping, .firewall].contains(hop.reason)
    else { return "" }
    return " " + said("It came from \(hop.source), and the other end was told of no such candidate.")
  }
}
