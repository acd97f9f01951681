// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The pieces of packets that hosts are putting together again.
struct Reassemblies: Sendable {
  struct Key: Hashable, Sendable {
    var device: DeviceID
    var source: IPAddress
    var destination: IPAddress
    var transport: TransportProtocol
    var identification: UInt32
  }

  static let capacity = 1_024

  private var parts: [Key: Reassembly] = [:]
  /// In the order of their first piece, which is the order they are given up.
  private var order: ContiguousArray<Key> = []

  /// Takes a piece in; returns the whole packet once nothing is missing.
  mutating func add(_ piece: Packet, _ identification: UInt32, at device: DeviceID, now: Instant) -> Packet? {
    while let first = order.first, order.count >= Self.capacity || parts[first].map({ $0.givenUpAt <= now }) ?? true {
      parts[first] = nil
      order.removeFirst()
    }
    let key = Key(
      device: device, source: piece.source.address, destination: piece.destination.address,
      transport: piece.transport, identification: identification)
    if parts[key] == nil {
      parts[key] = Reassembly(at: now)
      order.append(key)
    }
    guard let whole = parts[key]?.add(piece) else { return nil }
    parts[key] = nil
    order.removeAll { $0 == key }
    return whole
  }
}

/// The longest packet that reaches an address, with an expiry: the path may have become wider since.
struct PathMTU: Hashable, Sendable {
  var length: Int
  var until: Instant
}

/// Packets that are too long for a link (RFC 791 §3.2, RFC 1191, RFC 8200 §5, RFC 4787 §10 and §11).
extension Network {
  /// The longest packet that can be put on the way to `next`. IPv6 requires 1,280 bytes of every link (RFC 8200 §5).
  func mtu(of packet: PacketHeaders, from sender: DeviceID, to next: NextHop) -> Int {
    var mtu =
      switch next {
      case .itself: Int.max
      case .up: details[sender.index].limits.mtu
      case .down(let child): linkMTU(of: child, from: sender)
      case .neighbor(let other): min(details[sender.index].limits.mtu, linkMTU(of: other, from: sender))
      case .across(let other): sharedWith[sender] == other ? .max : linkMTU(of: other, from: sender)
      }
    if !packet.source.address.isIPv4 { mtu = max(mtu, Packet.leastIPv6MTU) }
    if case .host(let slot) = nodes[sender.index].role, let known = hosts[slot].pathMTU[packet.destination.address],
      known.until > clock
    {
      mtu = min(mtu, known.length)
    }
    return mtu
  }

  /// The longest packet that the link to `receiver` carries: the receiver's own, unless it ends at a switch port.
  func linkMTU(of receiver: DeviceID, from sender: DeviceID) -> Int {
    !sharedWith.isEmpty && reachesSwitchPort(of: receiver, from: sender) ? .max : details[receiver.index].limits.mtu
  }

  /// Puts a packet in pieces on the link to `next`; a piece that its link does not take is recorded as lost.
  ///
  /// - Parameter most: how long a piece may be, whatever the link takes.
  /// - Returns: `tooBig` if the packet must not be cut: it says so, or it is an IPv6 one and this is not its host, nor
  ///   the router that made it one.
  mutating func putFragments(
    of packet: Packet, _ flight: Flight, to next: NextHop, within most: Int = .max
  ) -> DropReason? {
    let sender = flight.to
    let wasCuttable = flight.headers.source.address.isIPv4 && !flight.headers.dontFragment
    let mayCut = packet.source.address.isIPv4 ? !packet.dontFragment : nodes[sender.index].isHost || wasCuttable
    guard mayCut else { return .tooBig }
    let limit = min(mtu(of: PacketHeaders(packet), from: sender, to: next), most)
    for piece in packet.fragments(within: limit, identification: UInt32(truncatingIfNeeded: flight.number)) {
      guard piece.length <= limit else { return .tooBig }
      let flight = carrying(piece, number: flight.number, flight)
      defer { payloads.release(flight.contents) }
      if let lost = put(flight.headers, flight.contents, flight, to: next) {
        record(.dropped, lost, of: flight, lostOn: firstLink(to: next, from: sender))
      }
    }
    return nil
  }

  /// Reports the MTU of the next link to the sender of a packet that must not be cut (RFC 4787 REQ-13, RFC 4443 §3.2).
  mutating func reportTooBig(_ flight: Flight, _ packet: PacketHeaders, to next: NextHop) {
    var mtu = mtu(of: packet, from: flight.to, to: next)
    let isFromIPv4 = flight.headers.source.address.isIPv4
    if packet.source.address.isIPv4 != isFromIPv4 {
      // The sender's packets are of the other family (RFC 7915 §4, §5).
      mtu = isFromIPv4 ? mtu - Packet.familyDifference : max(mtu + Packet.familyDifference, Packet.leastIPv6MTU)
    }
    switch nodes[flight.to.index].role {
    case .host: return
    case .router(let slot):
      report(.fragmentationNeeded, about: flight, slot, to: side(of: flight), mtu: mtu)
    case .internet:
      let isIPv4 = packet.source.address.isIPv4
      guard
        var error = Self.error(
          .fragmentationNeeded, about: flight.packet(in: payloads),
          from: isIPv4 ? Self.internetAddress : Self.internetAddressIPv6),
        let device = publicDevice(error.destination.address)
      else { return }
      error.icmpSequence = UInt16(clamping: mtu)
      dispatch(error, from: .internet, to: .down(device), about: flight.number)
    }
  }

  /// How long a host trusts a reported path MTU (RFC 1191 §6.3).
  public static let pathMTULifetime = Interval.minutes(10)

  /// A host remembers the length of packets that reach `quoted`'s receiver.
  mutating func learnMTU(_ mtu: UInt16, of quoted: QuotedPacket, atHost slot: Int) {
    guard mtu >= 68 else { return }
    hosts[slot].pathMTU[quoted.destination.address] = PathMTU(length: Int(mtu), until: clock + Self.pathMTULifetime)
  }

  /// A flight in another's place, with a piece of its packet, or the whole made from pieces. Its payload must be
  /// released.
  private mutating func carrying(_ packet: Packet, number: Int, _ flight: Flight) -> Flight {
    let leg = Leg(number: number, length: packet.length, from: flight.from, to: flight.to)
    return Flight(leg: leg, headers: PacketHeaders(packet), contents: payloads.put(packet.payload))
  }

  /// The whole packet that a device receives: the one that arrived, or the one that its last missing piece has
  /// completed. Its payload must be released.
  mutating func reassembled(_ flight: Flight) -> Flight? {
    guard hasSizeLimits, let fragment = flight.fragment(in: payloads) else {
      payloads.retain(flight.contents)
      return flight
    }
    record(.delivered, of: flight)
    let piece = flight.packet(in: payloads)
    guard let whole = reassemblies.add(piece, fragment.identification, at: flight.to, now: clock) else { return nil }
    return carrying(whole, number: flight.number, flight)
  }

  /// Takes a piece of a packet, its TTL counted down already, through a router's NAT.
  mutating func receiveFragment(_ flight: Flight, _ packet: Packet, _ slot: Int, from side: Side) {
    let results = routers[slot].translateFragment(packet, from: side, at: clock, number: flight.number)
    if routers[slot].nat.nextExpiry < routers[slot].alarm { setAlarm(slot) }
    for result in results {
      var arrived = result.arrived
      arrived.timeToLive &+= 1
      let piece = carrying(arrived, number: result.number, flight)
      defer { payloads.release(piece.contents) }
      follow(result.translation, of: result.packet, piece, slot, from: side)
    }
  }
}
