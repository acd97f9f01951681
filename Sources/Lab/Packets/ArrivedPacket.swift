// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

/// The bytes that a kernel is given of a packet that has reached its host.
struct ArrivedPacket {
  /// The headers, or the whole packet.
  var head: [UInt8]
  var payload: [UInt8] = []
  /// Whether the transport's checksum is in the header. Otherwise the kernel takes it for right, as from a network card
  /// that has checked it: no wire of natsh's changes a bit.
  var isSummed = true

  var count: Int { head.count + payload.count }

  /// The place of the transport's checksum, and the sum of the pseudo-header, which a kernel expects there of packets that
  /// have no checksum yet.
  ///
  /// - Parameter length: of the whole packet, if it is more than what is here.
  func pseudoHeaderSum(length: Int? = nil) -> (start: Int, offset: Int, sum: UInt16)? {
    guard let header = RawHeader(head), let offset = header.checksumOffset,
      head.count >= header.transportStart + offset + 2
    else { return nil }
    var sum = InternetChecksum()
    sum.addPseudoHeader(in: head, header, length: (length ?? count) - header.transportStart)
    return (header.transportStart, offset, ~sum.value)
  }

  /// Makes the headers those of a packet of so many bytes without a checksum.
  mutating func lengthen(to length: Int, version: Int) {
    if version == 4 {
      head.replace(at: 2, with: UInt16(truncatingIfNeeded: length))
      head.sumIPv4Header()
    } else {
      head.replace(at: 4, with: UInt16(truncatingIfNeeded: length - 40))
    }
    if let header = RawHeader(head), header.transport == RawHeader.udp, head.count >= header.transportStart + 6 {
      head.replace(at: header.transportStart + 4, with: UInt16(truncatingIfNeeded: length - header.transportStart))
    }
    if let place = pseudoHeaderSum(length: length) { head.replace(at: place.start + place.offset, with: place.sum) }
  }

  /// All of its bytes with their checksum.
  var summedBytes: [UInt8] {
    var bytes = head + payload
    guard !isSummed, let header = RawHeader(bytes), let offset = header.checksumOffset else { return bytes }
    let place = header.transportStart + offset
    bytes.replace(at: place, with: 0)
    var sum = InternetChecksum()
    sum.addPseudoHeader(in: bytes, header, length: bytes.count - header.transportStart)
    sum.add(bytes[header.transportStart...])
    // A UDP checksum of 0 would mean that there is none (RFC 768).
    bytes.replace(at: place, with: header.transport == RawHeader.udp && sum.value == 0 ? .max : sum.value)
    return bytes
  }
}

extension InternetChecksum {
  /// Adds the pseudo-header of a packet whose addresses are in its bytes.
  fileprivate mutating func addPseudoHeader(in bytes: [UInt8], _ header: RawHeader, length: Int) {
    add(header.version == 4 ? bytes[12..<20] : bytes[8..<40])
    add(UInt64(header.transport))
    add(UInt64(length))
  }
}

extension Packet {
  /// What a kernel is given of the packet; nil if no header can express it.
  ///
  /// - Parameter carried: the packet as another kernel wrote it; nil if a device of the simulation made it.
  func arrived(carriedAs carried: CarriedPacket?) -> ArrivedPacket? {
    if let arrived = carried?.arrived(as: self) { return arrived }
    guard let fragment else { return (try? encoded()).map { ArrivedPacket(head: $0) } }
    // The whole has the endpoints that it was sent with; of the pieces, only the first one has ports to compare.
    var whole = fragment.whole
    whole.source = Endpoint(source.address, fragment.offset == 0 ? source.port : whole.source.port)
    whole.destination = Endpoint(destination.address, fragment.offset == 0 ? destination.port : whole.destination.port)
    whole.timeToLive = timeToLive
    return (try? whole.encoded()).map { ArrivedPacket(head: $0.piece(fragment)) }
  }
}
