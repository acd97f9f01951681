// SPDX-License-Identifier: GPL-3.0-or-later

/// A packet on its way to a kernel, with the TCP segments or the UDP datagrams of its flow that follow it directly: one
/// write instead of many, and for the kernel one packet, as a network card's driver bundles them on receipt.
struct SegmentBundle {
  /// The most bytes of an IP packet.
  private static let most = 65_535
  /// The most datagrams of a bundle: as many as Linux lets a program send at once (UDP_MAX_SEGMENTS of older versions).
  private static let mostDatagrams = 64

  /// Whether the kernel takes bundles of datagrams: Linux does since 6.2.
  private let takesDatagrams: Bool
  private let space: Space
  /// The bytes in it, ``OffloadHeader`` included; 0 for none.
  private var count = 0
  /// The headers of the first segment; empty if nothing can be added.
  private var head: [UInt8] = []
  private var header = OffloadHeader()
  private var version = 4
  /// The data of each segment but the last.
  private var segmentLength = 0
  private var segments = 0
  private var nextSequence: UInt32 = 0

  /// Memory that belongs to the bundle.
  private final class Space {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: OffloadHeader.length + SegmentBundle.most, alignment: 8)
    deinit { bytes.deallocate() }
  }

  init(takesDatagrams: Bool) {
    self.takesDatagrams = takesDatagrams
    space = Space()
  }

  /// Takes a packet in.
  ///
  /// - Returns: false if what is there has to go first.
  mutating func add(_ packet: ArrivedPacket) -> Bool {
    guard packet.count <= Self.most else { return count == 0 }
    if count == 0 {
      begin(packet)
      return true
    }
    guard !head.isEmpty, mayFollow(packet) else { return false }
    append(packet.payload)
    segments += 1
    // A shorter one is the last, and so is one that the application wants to be seen.
    var isLast = packet.payload.count < segmentLength
    if header.transport == RawHeader.tcp {
      nextSequence &+= UInt32(packet.payload.count)
      let flags = header.checksumStart + 13
      space.bytes[OffloadHeader.length + flags] = packet.head[flags]
      if packet.head[flags] & RawHeader.push != 0 { isLast = true }
    } else if segments == Self.mostDatagrams {
      isLast = true
    }
    if isLast { head = [] }
    return true
  }

  /// Hands out everything, and has nothing then.
  mutating func empty(_ body: (UnsafeRawBufferPointer) -> Void) {
    guard count > 0 else { return }
    finish()
    body(UnsafeRawBufferPointer(rebasing: space.bytes[..<count]))
    count = 0
    head = []
  }

  private mutating func begin(_ packet: ArrivedPacket) {
    header = OffloadHeader()
    head = []
    segments = 1
    version = packet.head.first.map { Int($0 >> 4) } ?? 4
    count = OffloadHeader.length
    append(packet.head)
    append(packet.payload)
    if !packet.isSummed, let place = packet.pseudoHeaderSum() {
      header.needsChecksum = true
      (header.checksumStart, header.checksumOffset) = (place.start, place.offset)
      space.bytes.storeBytes(
        of: place.sum.bigEndian, toByteOffset: OffloadHeader.length + place.start + place.offset, as: UInt16.self)
      if let transport = leader(packet, at: place.start) {
        head = packet.head
        header.transport = transport
        header.headLength = head.count
        segmentLength = packet.payload.count
        if transport == RawHeader.tcp { nextSequence = head.long(at: place.start + 4) &+ UInt32(segmentLength) }
      }
    }
  }

  /// The transport of those that may follow a packet; nil if none may. It is a datagram, or a segment with data and no
  /// more than an acknowledgement besides.
  private func leader(_ packet: ArrivedPacket, at start: Int) -> UInt8? {
    guard let raw = RawHeader(packet.head), raw.transportStart == start, raw.piece == nil,
      raw.version == 6 || start == 20, !packet.payload.isEmpty
    else { return nil }
    switch raw.transport {
    case RawHeader.tcp:
      guard packet.head.count >= start + 20, packet.head[start + 13] == RawHeader.acknowledgement else { return nil }
    case RawHeader.udp: guard takesDatagrams, packet.head.count == start + 8 else { return nil }
    default: return nil
    }
    return raw.transport
  }

  private func mayFollow(_ packet: ArrivedPacket) -> Bool {
    let start = header.checksumStart
    guard !packet.isSummed, packet.head.count == head.count, !packet.payload.isEmpty,
      packet.payload.count <= segmentLength, count + packet.payload.count <= OffloadHeader.length + Self.most
    else { return false }
    let isTCP = header.transport == RawHeader.tcp
    if isTCP {
      guard packet.head.long(at: start + 4) == nextSequence,
        packet.head[start + 13] & ~RawHeader.push == RawHeader.acknowledgement
      else { return false }
    }
    // Lengths, identifications, sums, TCP's sequence number and that one flag may differ, and nothing else.
    for place in 0..<head.count where packet.head[place] != head[place] {
      switch place {
      case 2..<6 where version == 4: break
      case 10..<12 where version == 4: break
      case 4..<6 where version == 6: break
      case start + 4..<start + 8: break
      case start + 13 where isTCP: break
      case start + 16..<start + 18 where isTCP: break
      default: return false
      }
    }
    return true
  }

  private mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: space.bytes[count...]).copyMemory(from: $0) }
    count += bytes.count
  }

  /// Makes the headers say what the whole has become.
  private mutating func finish() {
    if segments > 1 {
      header.segmentLength = segmentLength
      let length = count - OffloadHeader.length
      var whole = ArrivedPacket(
        head: Array(space.bytes[OffloadHeader.length..<OffloadHeader.length + header.headLength]), isSummed: false)
      whole.lengthen(to: length, version: version)
      whole.head.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: space.bytes[OffloadHeader.length...]).copyMemory(from: $0)
      }
    }
    header.write(to: space.bytes, version: version)
  }
}
