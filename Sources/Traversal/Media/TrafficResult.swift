// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// The result of a call or a crowd.
public struct TrafficResult: Sendable {
  /// The streams' plan in the end: a run that was stopped ends with a shorter plan than it began with.
  public var plan: StreamPlan
  /// Streams that were started; a user who never heard of the call sends none.
  public var streams = 0
  /// Packets of the streams sent and received.
  public var sent = 0
  public var received = 0
  /// From the sender to the receiver, including the server's part of the way.
  public var delays = DelayCounter()
  /// The server's load; nil if there was none.
  public var server: ServerLoad?
  /// The fates of packets that did not arrive, as far as the network was traced, in the order they first happened.
  public var losses: [Loss] = []
  /// Whether the run was stopped before its time.
  public var wasStopped = false

  public var lost: Int { sent - received }

  /// Adds what one end has sent and heard.
  mutating func add(_ stream: MediaStream) {
    if stream.startedAt != nil { streams += 1 }
    sent += stream.sent
    received += stream.received
    delays.add(stream.delays)
  }

  /// Adds what another call of the same plan has measured.
  mutating func add(_ other: TrafficResult) {
    streams += other.streams
    sent += other.sent
    received += other.received
    delays.add(other.delays)
    if let load = other.server { server?.add(load) }
    wasStopped = wasStopped || other.wasStopped
  }

  /// Packets that met the same end.
  public struct Loss: Hashable, Sendable {
    public enum End: Hashable, Sendable {
      /// A device dropped them.
      case dropped(DropReason)
      /// A host got them that is not a party to the call.
      case strayed
    }
    public var node: DeviceID
    public var end: End
    public var packets: Int
  }
}

/// The fates of packets that did not arrive, in the order they first happened.
struct TrafficLosses: Sendable {
  private(set) var all: [TrafficResult.Loss] = []

  mutating func count(_ end: TrafficResult.Loss.End, at node: DeviceID) {
    if let index = all.firstIndex(where: { $0.node == node && $0.end == end }) {
      all[index].packets += 1
    } else {
      all.append(TrafficResult.Loss(node: node, end: end, packets: 1))
    }
  }
}

/// The payload that crossed a server's link.
public struct ServerLoad: Hashable, Sendable {
  /// One way over the link.
  struct Meter: Hashable, Sendable {
    var bits: Int64 = 0
    var first: Instant?
    var last = Instant.zero

    mutating func count(_ bytes: Int, at now: Instant) {
      bits += Int64(bytes) * 8
      if first == nil { first = now }
      last = now
    }

    /// Subtracts bits that were counted but did not cross after all.
    mutating func uncount(_ bits: Int64) { self.bits -= bits }

    /// Leaves what was counted since `earlier`.
    mutating func take(off earlier: Meter) {
      bits -= earlier.bits
      first = nil
    }

    /// Over the time to which the streams' rate applies, or from the first packet to the last if a queue held them up.
    func bitsPerSecond(over length: Interval) -> Int64 {
      let span = max(length.microseconds, first.map { (last - $0).microseconds } ?? 0)
      guard span > 0 else { return 0 }
      return Int64((Int128(bits) * 1_000_000 + Int128(span / 2)) / Int128(span))
    }
  }

  var incoming = Meter()
  var outgoing = Meter()
  var length = Interval.zero

  /// The load since `earlier`, for streams of this length.
  func since(_ earlier: ServerLoad, length: Interval) -> ServerLoad {
    var load = self
    load.length = length
    load.incoming.take(off: earlier.incoming)
    load.outgoing.take(off: earlier.outgoing)
    return load
  }

  /// Adds what has crossed another link meanwhile.
  mutating func add(_ other: ServerLoad) {
    incoming.bits += other.incoming.bits
    outgoing.bits += other.outgoing.bits
  }

  public var inBitsPerSecond: Int64 { incoming.bitsPerSecond(over: length) }
  public var outBitsPerSecond: Int64 { outgoing.bitsPerSecond(over: length) }
}
