// SPDX-License-Identifier: GPL-3.0-or-later

import CNamespaces
import WireFormat

/// What stands before each packet that a TUN device gives or takes: the work on it that a kernel leaves to its device, as
/// it leaves it to a network card (struct virtio_net_hdr, Virtual I/O Device 1.2 §5.1.6).
struct OffloadHeader: Hashable {
  static let length = Int(NAMESPACES_OFFLOAD_LENGTH)

  /// Whether the checksum of what begins at `checksumStart` is still to be computed.
  var needsChecksum = false
  var checksumStart = 0
  var checksumOffset = 0
  /// The data of each TCP segment or UDP datagram into which the packet is still to be cut; 0 if it is one.
  var segmentLength = 0
  /// What it is cut into: ``RawHeader/tcp`` or ``RawHeader/udp``.
  var transport = RawHeader.tcp
  /// The bytes of the packet's headers; of no meaning if it is one segment.
  var headLength = 0

  private enum Flag {
    static let needsChecksum: UInt8 = 1
  }

  private enum Kind {
    static let tcpOverIPv4: UInt8 = 1
    static let tcpOverIPv6: UInt8 = 4
    /// Of either version of IP.
    static let udp: UInt8 = 5
    /// Beside a kind: its segments have ECN's CWR.
    static let ecn: UInt8 = 0x80
  }

  init() {}

  /// Reads the header at the beginning of `bytes`, which have it.
  init(_ bytes: UnsafeRawBufferPointer) {
    func word(_ place: Int) -> Int { Int(bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self)) }
    needsChecksum = bytes[0] & Flag.needsChecksum != 0
    let kind = bytes[1] & ~Kind.ecn
    if kind == Kind.tcpOverIPv4 || kind == Kind.tcpOverIPv6 || kind == Kind.udp { segmentLength = word(4) }
    if kind == Kind.udp { transport = RawHeader.udp }
    headLength = word(2)
    (checksumStart, checksumOffset) = (word(6), word(8))
  }

  /// Writes the header to the beginning of `bytes`, before a packet of that version of IP.
  func write(to bytes: UnsafeMutableRawBufferPointer, version: Int) {
    func put(_ value: Int, _ place: Int) {
      bytes.storeBytes(of: UInt16(truncatingIfNeeded: value), toByteOffset: place, as: UInt16.self)
    }
    bytes[0] = needsChecksum ? Flag.needsChecksum : 0
    bytes[1] =
      segmentLength == 0
      ? 0 : transport == RawHeader.udp ? Kind.udp : version == 4 ? Kind.tcpOverIPv4 : Kind.tcpOverIPv6
    put(segmentLength == 0 ? 0 : headLength, 2)
    put(segmentLength, 4)
    put(needsChecksum ? checksumStart : 0, 6)
    put(needsChecksum ? checksumOffset : 0, 8)
  }

  /// Hands each packet that is meant by `bytes` to `take`: the packet itself, or the segments into which its kernel would
  /// have cut it for any other device.
  ///
  /// - Parameter take: a packet's bytes, and whether its checksum is in them.
  func forEachPacket(in bytes: UnsafeRawBufferPointer, _ take: ([UInt8], Bool) -> Void) {
    guard segmentLength > 0, let head = headers(of: bytes), bytes.count > head + segmentLength else {
      return take(Array(bytes), !needsChecksum)
    }
    let isIPv4 = bytes[0] >> 4 == 4
    var from = head
    while from < bytes.count {
      let end = min(from + segmentLength, bytes.count)
      let length = head + end - from
      let index = (from - head) / segmentLength
      var segment: [UInt8] = []
      segment.reserveCapacity(length)
      segment.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<head]))
      segment.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[from..<end]))
      number(&segment, index, isIPv4: isIPv4, isLast: end == bytes.count)
      take(segment, false)
      from = end
    }
  }

  /// The length of a bundle's headers; nil if they are not whole.
  private func headers(of bytes: UnsafeRawBufferPointer) -> Int? {
    let least = transport == RawHeader.udp ? 8 : 20
    guard bytes.count > checksumStart + least else { return nil }
    let length = transport == RawHeader.udp ? least : Int(bytes[checksumStart + 12] >> 4) * 4
    return length >= least ? checksumStart + length : nil
  }

  /// Puts into a segment's bytes what differs from the first one's.
  private func number(_ segment: inout [UInt8], _ index: Int, isIPv4: Bool, isLast: Bool) {
    if isIPv4 {
      segment.replace(at: 2, with: UInt16(truncatingIfNeeded: segment.count))
      segment.replace(at: 4, with: segment.word(at: 4) &+ UInt16(truncatingIfNeeded: index))
    } else {
      segment.replace(at: 4, with: UInt16(truncatingIfNeeded: segment.count - 40))
    }
    if transport == RawHeader.udp {
      return segment.replace(at: checksumStart + 4, with: UInt16(truncatingIfNeeded: segment.count - checksumStart))
    }
    let sequence = segment.long(at: checksumStart + 4) &+ UInt32(truncatingIfNeeded: index * segmentLength)
    segment.replace(at: checksumStart + 4, with: UInt16(truncatingIfNeeded: sequence >> 16))
    segment.replace(at: checksumStart + 6, with: UInt16(truncatingIfNeeded: sequence))
    if index > 0 { segment[checksumStart + 13] &= ~RawHeader.congestionWindowReduced }
    if !isLast { segment[checksumStart + 13] &= ~(RawHeader.finish | RawHeader.push) }
  }
}
