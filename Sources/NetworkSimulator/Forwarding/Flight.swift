// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A packet's headers: plain data, and all that most devices look at.
struct PacketHeaders: Sendable {
  var source: Endpoint
  let transport: TransportProtocol
  var timeToLive: UInt8
  let tcpFlags: TCPFlags
  let icmp: ICMPKind
  var destination: Endpoint
  /// In TCP, the maximum segment size.
  var icmpSequence: UInt16
  let dontFragment: Bool
  let sequenceNumber: UInt32
  let acknowledgementNumber: UInt32

  @inline(__always)
  init(_ packet: borrowing Packet) {
    source = packet.source
    destination = packet.destination
    transport = packet.transport
    timeToLive = packet.timeToLive
    tcpFlags = packet.tcpFlags
    icmp = packet.icmp
    icmpSequence = packet.icmpSequence
    dontFragment = packet.dontFragment
    sequenceNumber = packet.sequenceNumber
    acknowledgementNumber = packet.acknowledgementNumber
  }

  /// The packet with these headers and that payload.
  @inline(__always)
  func packet(_ payload: Payload) -> Packet {
    var packet = Packet(transport, from: source, to: destination, timeToLive: timeToLive, payload: payload)
    packet.tcpFlags = tcpFlags
    packet.icmp = icmp
    packet.icmpSequence = icmpSequence
    packet.dontFragment = dontFragment
    packet.sequenceNumber = sequenceNumber
    packet.acknowledgementNumber = acknowledgementNumber
    return packet
  }
}

/// The packet on its way, and the two devices between which it is.
struct Leg: Sendable {
  /// The packet's number.
  let number: Int
  /// The packet's length in bytes, which does not change on its way: it is needed often.
  let length: Int
  /// The device that sent it onto the link.
  let from: DeviceID
  /// The device that handles it next.
  let to: DeviceID
  /// Whether it has reached only the switch between two neighbours, and the second link is still to be crossed.
  var isAtSwitch = false
}

/// A packet on a link, or at the device that handles it: plain data; its payload may be stored apart.
struct Flight: Sendable {
  let leg: Leg
  let headers: PacketHeaders
  let contents: PayloadStore.Contents

  var number: Int { leg.number }
  var length: Int { leg.length }
  var from: DeviceID { leg.from }
  var to: DeviceID { leg.to }

  func packet(in payloads: PayloadStore) -> Packet { headers.packet(payloads[contents]) }

  /// The fragment of a packet that it carries, if it carries one.
  @inline(__always)
  func fragment(in payloads: PayloadStore) -> Fragment? {
    guard case .stored = contents, case .fragment(let fragment) = payloads[contents] else { return nil }
    return fragment
  }
}
