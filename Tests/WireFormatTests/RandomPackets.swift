// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Packets of every kind that has bytes, from a seed.
struct RandomPackets {
  var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  mutating func next() -> Packet {
    let family: AddressFamily = isChosen(3) ? .ipv6 : .ipv4
    var packet = header(family)
    switch packet.transport {
    case .udp: packet.payload = payload()
    case .tcp: packet.payload = payload()
    case .icmp where !packet.icmp.isError: packet.payload = payload()
    case .icmp:
      var quoted = header(family)
      while quoted.icmp.isError { quoted = header(family) }
      quoted.payload = .filler(Int(generator.below(2_000)))
      packet.payload = .quote(QuotedPacket(of: quoted))
    }
    return packet
  }

  private mutating func header(_ family: AddressFamily) -> Packet {
    let transport = TransportProtocol.allCases[Int(generator.below(3))]
    var packet = Packet(
      transport, from: endpoint(family), to: endpoint(family), timeToLive: UInt8(generator.below(256)))
    switch transport {
    case .udp: break
    case .tcp:
      packet.tcpFlags = TCPFlags(rawValue: UInt8(generator.below(256)))
      packet.sequenceNumber = UInt32(truncatingIfNeeded: generator.next())
      packet.acknowledgementNumber = UInt32(truncatingIfNeeded: generator.next())
      if packet.tcpFlags.contains(.syn), isChosen(2) {
        packet.maximumSegmentSize = UInt16(1 + generator.below(65_535))
      }
    case .icmp:
      let kinds = ICMPKind.allCases.dropFirst()
      packet.icmp = kinds[kinds.startIndex + Int(generator.below(UInt64(kinds.count)))]
      if packet.icmp.isError {
        packet.source.port = 0
        packet.destination.port = 0
        if packet.icmp == .fragmentationNeeded { packet.icmpSequence = 1_280 + UInt16(generator.below(9_000)) }
      } else {
        packet.destination.port = packet.source.port
        packet.icmpSequence = UInt16(truncatingIfNeeded: generator.next())
      }
    }
    return packet
  }

  private mutating func payload() -> Payload {
    switch generator.below(4) {
    case 0: return .empty
    case 1: return .filler(1 + Int(generator.below(1_500)))
    case 2:
      return .padded(
        PaddedBytes(
          generator.next() | 1, UInt32(truncatingIfNeeded: generator.next()),
          length: UInt16(13 + generator.below(1_400))))
    default:
      return .data((0...generator.below(60)).map { _ in 32 + UInt8(generator.below(95)) })
    }
  }

  private mutating func endpoint(_ family: AddressFamily) -> Endpoint {
    let port = UInt16(truncatingIfNeeded: generator.next())
    let low = generator.next()
    guard family == .ipv6, let address = IPAddress(ipv6High: generator.next() | 1 << 61, low: low) else {
      return Endpoint(IPAddress(ipv4: UInt32(truncatingIfNeeded: low)), port)
    }
    return Endpoint(address, port)
  }

  private mutating func isChosen(_ one: UInt64) -> Bool { generator.below(one) == 0 }
}
