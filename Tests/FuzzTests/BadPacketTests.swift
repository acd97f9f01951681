// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Rendering
import Testing
import WireFormat

/// Packets that no device should pass on, one on each line with its fault: a NAT drops it, makes no row and answers
/// nothing. The decoder accepts them like any other, so nothing before the NAT has sorted them out.
@Suite struct BadPacketTests {
  /// A packet as `udp SOURCE > DESTINATION [flag…]`; the NAT is 49.36.10.25.
  static let packets: [(line: String, fault: PacketFault?)] = [
    ("udp 0.0.0.0:1 > 88.90.100.110:1", .source),
    ("udp 0.255.255.255:1 > 88.90.100.110:1", .source),
    ("udp 127.0.0.1:1 > 88.90.100.110:1", .source),
    ("udp 127.255.255.255:1 > 88.90.100.110:1", .source),
    ("udp 224.0.0.1:1 > 88.90.100.110:1", .source),
    ("udp 239.255.255.255:1 > 88.90.100.110:1", .source),
    ("udp 240.0.0.1:1 > 88.90.100.110:1", .source),
    ("udp 255.255.255.255:1 > 88.90.100.110:1", .source),
    ("udp 169.254.0.1:1 > 88.90.100.110:1", .source),
    ("udp [::]:1 > [2001:db8::1]:1", .source),
    ("udp [::1]:1 > [2001:db8::1]:1", .source),
    ("udp [ff02::1]:1 > [2001:db8::1]:1", .source),
    ("udp [fe80::1]:1 > [2001:db8::1]:1", .source),
    ("udp 192.168.1.10:1 > 0.0.0.0:1", .destination),
    ("udp 192.168.1.10:1 > 0.1.2.3:1", .destination),
    ("udp 192.168.1.10:1 > 127.0.0.1:1", .destination),
    ("udp 192.168.1.10:1 > 169.254.255.255:1", .destination),
    ("udp 192.168.1.10:1 > 224.0.0.251:1", .destination),
    ("udp 192.168.1.10:1 > 239.1.2.3:1", .destination),
    ("udp 192.168.1.10:1 > 240.0.0.1:1", .destination),
    ("udp 192.168.1.10:1 > 255.255.255.255:1", .destination),
    ("udp [2001:db8::1]:1 > [::]:1", .destination),
    ("udp [2001:db8::1]:1 > [::1]:1", .destination),
    ("udp [2001:db8::1]:1 > [ff0e::1]:1", .destination),
    ("udp [2001:db8::1]:1 > [fe80::1]:1", .destination),
    ("icmp 0.0.0.0:7 > 88.90.100.110:7", .source),
    ("icmp 192.168.1.10:7 > 224.0.0.1:7", .destination),
    ("tcp 127.0.0.1:1 > 88.90.100.110:80 syn", .source),
    ("tcp 192.168.1.10:1 > 255.255.255.255:80 syn", .destination),
    ("udp 192.168.1.10:0 > 88.90.100.110:1", .portZero),
    ("udp 192.168.1.10:1 > 88.90.100.110:0", .portZero),
    ("tcp 192.168.1.10:0 > 88.90.100.110:80 syn", .portZero),
    ("tcp 192.168.1.10:1 > 88.90.100.110:0 syn", .portZero),
    ("tcp 192.168.1.10:1 > 88.90.100.110:80", .tcpFlags),
    ("tcp 192.168.1.10:1 > 88.90.100.110:80 psh", .tcpFlags),
    ("tcp 192.168.1.10:1 > 88.90.100.110:80 fin", .tcpFlags),
    ("tcp 192.168.1.10:1 > 88.90.100.110:80 fin psh urg", .tcpFlags),
    ("tcp 192.168.1.10:1 > 88.90.100.110:80 syn fin", .tcpFlags),
    ("tcp 192.168.1.10:1 > 88.90.100.110:80 syn rst", .tcpFlags),
    ("tcp 192.168.1.10:1 > 88.90.100.110:80 fin rst", .tcpFlags),
    ("tcp 192.168.1.10:1 > 88.90.100.110:80 syn fin rst psh ack urg ece cwr", .tcpFlags),
    // The router's own address as source, from either side; with its own address as destination, too ("LAND").
    ("udp 49.36.10.25:1 > 88.90.100.110:1", nil),
    ("udp 49.36.10.25:62000 > 49.36.10.25:62000", nil),
    ("tcp 49.36.10.25:80 > 49.36.10.25:80 syn", nil),
    ("icmp 49.36.10.25:7 > 49.36.10.25:7", nil),
  ]

  /// Packets that are almost bad, and good.
  static let goodPackets = [
    "udp 192.168.1.10:1 > 1.0.0.0:1", "udp 192.168.1.10:1 > 126.255.255.255:1", "udp 192.168.1.10:1 > 128.0.0.1:1",
    "udp 192.168.1.10:1 > 223.255.255.255:1", "udp 192.168.1.10:1 > 169.253.255.255:1",
    "udp 192.168.1.10:1 > 169.255.0.0:1", "udp [2001:db8::1]:1 > [::2]:1", "udp [2001:db8::1]:1 > [fec0::1]:1",
    "udp [2001:db8::1]:1 > [fe7f::1]:1", "udp [2001:db8::1]:1 > [fdff::1]:1", "icmp 192.168.1.10:0 > 88.90.100.110:0",
    "tcp 192.168.1.10:1 > 88.90.100.110:80 syn", "tcp 192.168.1.10:1 > 88.90.100.110:80 syn ece cwr",
    "tcp 192.168.1.10:1 > 88.90.100.110:80 syn ack", "tcp 192.168.1.10:1 > 88.90.100.110:80 psh ack",
    "tcp 192.168.1.10:1 > 88.90.100.110:80 fin psh ack urg", "tcp 192.168.1.10:1 > 88.90.100.110:80 rst",
    "tcp 192.168.1.10:1 > 88.90.100.110:80 rst ack",
  ]

  /// Translation and firewall on; only the firewall; neither, which is a plain router that ignores ports.
  static let behaviors: [NATBehavior] = {
    var firewallOnly = NATBehavior()
    firewallOnly.translates = false
    var open = NATPreset.fullCone.behavior
    open.hairpinning = true
    open.rejection = .icmp
    return [NATBehavior(), open, firewallOnly]
  }()

  static func packet(_ line: String) throws -> Packet {
    let words = line.split(separator: " ").map(String.init)
    let transport = try #require(TransportProtocol.allCases.first { $0.name == words[0] })
    var packet = Packet(transport, from: try #require(Endpoint(words[1])), to: try #require(Endpoint(words[3])))
    if transport == .icmp { packet.icmp = .echoRequest }
    for bit in 0..<8 {
      let flag = TCPFlags(rawValue: 1 << bit)
      if words.dropFirst(4).contains(flag.names[0]) { packet.tcpFlags.insert(flag) }
    }
    return packet
  }

  private static func translate(_ packet: Packet, from side: Side, _ behavior: NATBehavior) throws -> (Translation, NAT)
  {
    var nat = NAT(behavior: behavior, externalAddresses: [try #require(IPAddress("49.36.10.25"))])
    var generator = SeededGenerator(seed: 1)
    var rewritten = packet
    let translation = nat.translate(&rewritten, from: side, at: .zero, number: 1, using: &generator)
    if case .drop = translation { #expect(rewritten == packet, "a dropped packet stays as it was") }
    return (translation, nat)
  }

  @Test(arguments: packets) func aNATDropsABadPacketAndMakesNoRow(line: String, fault: PacketFault?) throws {
    let packet = try Self.packet(line)
    #expect(packet.fault == fault)
    #expect(try Packet(decoding: packet.encoded()) == packet)
    for side in [Side.inside, .outside] {
      for behavior in Self.behaviors {
        let (translation, nat) = try Self.translate(packet, from: side, behavior)
        #expect(translation == .drop(.invalid, .none))
        #expect(nat.count == 0 && nat.heldCount == 0 && nat.nextExpiry == .never)
      }
    }
  }

  @Test(arguments: goodPackets) func aPacketThatIsAlmostBadGoesOut(line: String) throws {
    let packet = try Self.packet(line)
    #expect(packet.fault == nil)
    let (translation, nat) = try Self.translate(packet, from: .inside, NATBehavior())
    guard case .forward(.outside, _) = translation else {
      Issue.record("\(translation)")
      return
    }
    #expect(nat.count == 1)
  }

  /// A plain router, neither NAT nor firewall, looks at addresses alone (RFC 1812 §5.3.7).
  @Test(arguments: packets) func aPlainRouterDropsPacketsWithABadAddress(line: String, fault: PacketFault?) throws {
    var plain = NATBehavior()
    plain.translates = false
    plain.firewall = false
    let (translation, _) = try Self.translate(Self.packet(line), from: .inside, plain)
    let looksAtPorts = fault == .portZero || fault == .tcpFlags
    #expect(translation == (looksAtPorts ? .forward(to: .outside, .none) : .drop(.invalid, .none)))
  }

  @Test func anExistingMappingLetsNoNonsenseThrough() throws {
    var nat = NAT(behavior: NATPreset.fullCone.behavior, externalAddresses: [try #require(IPAddress("49.36.10.25"))])
    var generator = SeededGenerator(seed: 1)
    var first = try Self.packet("udp 192.168.1.10:1 > 88.90.100.110:1")
    _ = nat.translate(&first, from: .inside, at: .zero, number: 1, using: &generator)
    let before = nat.mappings
    for line in [
      "udp 192.168.1.10:1 > 224.0.0.1:1", "udp 192.168.1.10:1 > 88.90.100.110:0", "udp 192.168.1.10:1 > 127.0.0.1:1",
    ] {
      var packet = try Self.packet(line)
      #expect(nat.translate(&packet, from: .inside, at: .zero, number: 2, using: &generator) == .drop(.invalid, .none))
    }
    for source in ["0.0.0.0:1", "127.0.0.1:1", "224.0.0.1:1", "49.36.10.25:1", "88.90.100.110:0"] {
      var packet = try Self.packet("udp \(source) > \(first.source)")
      #expect(nat.translate(&packet, from: .outside, at: .zero, number: 3, using: &generator) == .drop(.invalid, .none))
    }
    #expect(nat.mappings == before)
  }

  @Test func aPacketThatNoHeaderCanHoldIsDroppedAsWell() throws {
    var mixed = try Self.packet("udp 192.168.1.10:1 > 88.90.100.110:1")
    mixed.destination = try #require(Endpoint("[2001:db8::1]:1"))
    var silent = try Self.packet("icmp 192.168.1.10:1 > 88.90.100.110:1")
    silent.icmp = .none
    var talking = try Self.packet("udp 192.168.1.10:1 > 88.90.100.110:1")
    talking.icmp = .echoRequest
    for (packet, fault) in [(mixed, PacketFault.mixedFamilies), (silent, .message), (talking, .message)] {
      #expect(packet.fault == fault)
      let (translation, nat) = try Self.translate(packet, from: .inside, NATBehavior())
      #expect(translation == .drop(.invalid, .none) && nat.count == 0)
    }
  }

  /// A TTL is the router's business and not the NAT's; bytes with TTL 0 are read, since a host must not refuse them for
  /// that (RFC 1122 §3.2.1.7).
  @Test func aTTLOf0IsRead() throws {
    var packet = try Self.packet("udp 192.168.1.10:1 > 88.90.100.110:1")
    packet.timeToLive = 0
    #expect(try Packet(decoding: packet.encoded()).timeToLive == 0)
  }
}
