// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// An answer that took another way than its question.
struct Detour {
  /// The packet that was answered.
  let question: PacketRecord
  /// The routers on the question's way, and on the answer's.
  let there: [DeviceID]
  let back: [DeviceID]

  /// The first router on the answer's way that never saw the question.
  var stranger: DeviceID? { back.first { !there.contains($0) } }
}

extension Session {
  /// The detour of packet `record`, whose hops are `hops`; nil if it answers nothing, or came back as it should.
  func detour(of record: PacketRecord, _ hops: [Hop]) -> Detour? {
    guard case .dropped(let reason) = record.state, [.invalid, .firewall, .noMapping, .filtered].contains(reason),
      let question = questionAnswered(by: record)
    else { return nil }
    let detour = Detour(
      question: question, there: routers(on: network.trace.hops(ofPacket: question.number)), back: routers(on: hops))
    return detour.stranger == nil || detour.there.isEmpty ? nil : detour
  }

  func report(_ detour: Detour) -> DetourReport {
    DetourReport(
      question: detour.question.number, there: detour.there.map { network.device($0).name },
      back: detour.back.map { network.device($0).name },
      stranger: detour.stranger.map { network.device($0).name } ?? "")
  }

  private func routers(on hops: [Hop]) -> [DeviceID] { hops.map(\.node).filter { network.router($0) != nil } }

  /// The packet that `record` answers, or the last one before it of the same conversation that came the other way.
  private func questionAnswered(by record: PacketRecord) -> PacketRecord? {
    guard network.host(record.origin) != nil, !record.packet.icmp.isError else { return nil }
    let trace = network.trace
    if let about = record.about { return trace.packet(about).flatMap { isQuestion($0, of: record) ? $0 : nil } }
    let first = max(trace.oldestPacket, record.number - 1_024)
    guard first < record.number else { return nil }
    return (first..<record.number).reversed().lazy.compactMap { trace.packet($0) }.first { isQuestion($0, of: record) }
  }

  /// Whether `other` arrived where `record` was sent, between the same two endpoints.
  private func isQuestion(_ other: PacketRecord, of record: PacketRecord) -> Bool {
    guard other.state == .delivered, other.endedAt == record.origin, network.host(other.origin) != nil,
      other.packet.transport == record.packet.transport,
      let end = network.trace.hops(ofPacket: other.number).last
    else { return false }
    return end.source == record.packet.destination && end.destination == record.packet.source
  }
}

// Remedies for answers that take another way.
extension RemedySearch {
  mutating func forDetour(_ detour: Detour) {
    let question = detour.question
    for device in [record.origin, question.origin] + detour.back + detour.there {
      for route in network.staticRoutes(of: device) {
        ask(
          .unroute(name(device), route.prefix), detour, ["unroute \(name(device)) \(route.prefix)"],
          question.packet)
      }
    }
    // Or the question takes the answer's way: to the outside endpoint of the router that answers pass.
    guard let stranger = detour.stranger, transport != .icmp,
      let outside = network.addresses(of: stranger).first(where: \.isIPv4),
      network.router(question.origin) == nil, !network.devices(inside: stranger).contains(question.origin)
    else { return }
    let port = question.packet.destination.port
    var moved = question.packet
    moved.destination = Endpoint(outside, port)
    let inside = "\(name(record.origin)):\(record.packet.source.port)"
    let forward = "forward \(name(stranger)) \(transport.name) \(port) to \(inside)"
    ask(
      .forwardAndWriteThere(host: name(record.origin), router: name(stranger), port: port), detour, [forward], moved)
  }

  /// Offers `way` if the question, asked again after it, is answered where it was asked.
  private mutating func ask(_ idea: Remedy.Idea, _ detour: Detour, _ way: [String], _ packet: Packet) {
    let asker = name(detour.question.origin)
    switch transport {
    case .tcp: fix(idea, [way], again: ["connect \(asker) \(packet.destination)"], at: detour.question.origin)
    case .icmp: fix(idea, [way], again: ["ping \(asker) \(packet.destination.address)"], at: detour.question.origin)
    case .udp:
      let send = "send \(asker):\(packet.source.port) \(packet.destination)"
      fix(idea, [way + [send, "run"]], again: ["reply"], at: detour.question.origin)
    }
  }
}
