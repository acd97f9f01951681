// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// A router that treats packets for nobody inside as its own, `rejects as-host`.
@Suite("A router's own stack")
struct OwnStackTests {
  private static let home: IPAddress = "49.36.10.25"

  private func homes() throws -> TwoHomes {
    var homes = try TwoHomes()
    homes.network.apply(.linux, to: homes.homeA)
    return homes
  }

  /// Sends from bob, or from alice, to the router's outside address; returns how that ended and what came back.
  private func ask(
    _ homes: inout TwoHomes, from host: DeviceID, _ transport: TransportProtocol, timeToLive: UInt8 = 64,
    payload: Payload = .empty
  ) throws -> (end: String, answers: [PacketRecord]) {
    let number = try homes.network.send(
      from: host, port: 9, to: Endpoint(Self.home, 80), transport, payload: payload, timeToLive: timeToLive)
    homes.network.run()
    return (homes.network.end(of: number), homes.network.answers(to: number))
  }

  @Test func fromOutside() throws {
    var homes = try homes()
    let datagram = try ask(&homes, from: homes.bob, .udp)
    #expect(datagram.end == "no-mapping at home-a" && datagram.answers.map(\.packet.icmp) == [.portUnreachable])
    #expect(datagram.answers.map(\.packet.source.address) == [Self.home])
    let request = try ask(&homes, from: homes.bob, .tcp)
    #expect(request.end == "no-mapping at home-a" && request.answers.map(\.packet.tcpFlags) == [[.rst, .ack]])
    let ping = try ask(&homes, from: homes.bob, .icmp)
    #expect(ping.end == "delivered at home-a" && ping.answers.map(\.packet.icmp) == [.echoReply])
    #expect(homes.network.takeUnanswered().isEmpty)
  }

  @Test func fromInside() throws {
    var homes = try homes()
    let datagram = try ask(&homes, from: homes.alice, .udp)
    #expect(datagram.end == "hairpin-off at home-a" && datagram.answers.map(\.packet.icmp) == [.portUnreachable])
    // It answers from the address that was asked.
    #expect(datagram.answers.map(\.packet.source.address) == [Self.home])
    let request = try ask(&homes, from: homes.alice, .tcp)
    #expect(request.end == "hairpin-off at home-a" && request.answers.map(\.packet.tcpFlags) == [[.rst, .ack]])
  }

  /// A packet for the router itself need not go further: its TTL is enough.
  @Test func itsTimeToLiveIsEnough() throws {
    var homes = try homes()
    let datagram = try ask(&homes, from: homes.alice, .udp, timeToLive: 1)
    #expect(datagram.end == "hairpin-off at home-a" && datagram.answers.map(\.packet.icmp) == [.portUnreachable])
  }

  @Test(arguments: TransportProtocol.allCases) func piecesArePutTogetherFirst(transport: TransportProtocol) throws {
    var homes = try homes()
    homes.network.setMTU(of: homes.bob, 100)
    let payload = Payload.data(Array(repeating: 65, count: 300))
    let asked = try ask(&homes, from: homes.bob, transport, payload: payload)
    #expect(asked.answers.count == 1)
    if transport == .icmp { #expect(asked.answers.first?.packet.payload == payload) }
  }

  @Test func errorsAreNotAnswered() throws {
    var homes = try homes()
    let first = try ask(&homes, from: homes.bob, .udp)
    let error = try #require(first.answers.first)
    #expect(homes.network.answers(to: error.number).isEmpty)
  }

  /// Without a rule against it, a packet that belongs to no connection leaves with its inside address.
  @Test func untrackedPacketsAreNotTranslated() throws {
    var homes = try homes()
    let number = try homes.network.send(from: homes.alice, port: 9, to: "88.90.100.110:80", .tcp)
    homes.network.run()
    #expect(homes.network.end(of: number).hasPrefix("delivered"))
    var packet = Packet(.tcp, from: "192.168.1.10:10", to: "88.90.100.110:80")
    packet.tcpFlags = [.fin, .ack]
    let stray = homes.network.emit(packet, from: homes.alice)
    homes.network.run()
    let hops = homes.network.trace.hops(ofPacket: stray)
    #expect(hops.contains { $0.verdict == .forwarded && homes.network.device($0.node).name == "home-a" })
    #expect(hops.allSatisfy { $0.source.address == "192.168.1.10" })
  }
}
