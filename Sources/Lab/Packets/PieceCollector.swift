// SPDX-License-Identifier: GPL-3.0-or-later

import WireFormat

/// Puts the pieces that a kernel has made of a packet together again, byte by byte: the simulator cuts the packet anew
/// at the same places.
struct PieceCollector {
  private struct Key: Hashable {
    /// The addresses, as they stand in the header.
    var addresses: [UInt8]
    var transport: UInt8
    var identification: UInt32
  }

  private struct Collection {
    var pieces: [(offset: Int, isLast: Bool, bytes: ArraySlice<UInt8>)] = []
    /// The first piece's header, and how long that piece was.
    var head: (header: [UInt8], length: Int)?
  }

  /// A packet, and the length to which it was cut.
  struct Whole {
    var bytes: [UInt8]
    var limit: Int
  }

  static let capacity = 64
  private static let mostPieces = 8_192

  private var collections: [Key: Collection] = [:]
  private var order: [Key] = []

  /// Takes a piece in; returns the whole packet once nothing is missing.
  mutating func add(_ bytes: [UInt8], _ header: RawHeader, _ piece: RawHeader.Piece) -> Whole? {
    let key = Key(
      addresses: Array(header.version == 4 ? bytes[12..<20] : bytes[8..<40]), transport: header.transport,
      identification: piece.identification)
    if collections[key] == nil {
      if order.count >= Self.capacity { collections[order.removeFirst()] = nil }
      order.append(key)
    }
    var collection = collections[key] ?? Collection()
    guard collection.pieces.count < Self.mostPieces else { return nil }
    collection.pieces.append((piece.offset, piece.isLast, bytes[header.transportStart...]))
    if piece.offset == 0 {
      // Without the fragment header, the next header is the transport's.
      var head = Array(bytes[..<(header.version == 4 ? header.transportStart : 40)])
      if header.version == 6 { head[6] = header.transport }
      collection.head = (head, bytes.count)
    }
    collections[key] = collection
    guard let whole = Self.whole(of: collection, version: header.version) else { return nil }
    collections[key] = nil
    order.removeAll { $0 == key }
    return whole
  }

  private static func whole(of collection: Collection, version: Int) -> Whole? {
    guard let head = collection.head, collection.pieces.contains(where: \.isLast) else { return nil }
    var bytes = head.header
    let start = bytes.count
    for piece in collection.pieces.sorted(by: { $0.offset < $1.offset }) {
      let end = bytes.count - start
      guard piece.offset <= end else { return nil }
      bytes += piece.bytes.dropFirst(end - piece.offset)
    }
    let length = version == 4 ? bytes.count : bytes.count - 40
    guard length <= 65_535 else { return nil }
    if version == 4 {
      bytes.replace(at: 2, with: UInt16(length))
      bytes.replace(at: 6, with: 0)
      bytes.sumIPv4Header(length: start)
    } else {
      bytes.replace(at: 4, with: UInt16(length))
    }
    return Whole(bytes: bytes, limit: head.length)
  }
}
