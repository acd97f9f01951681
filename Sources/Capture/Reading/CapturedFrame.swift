// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat
import Wording

/// One packet of a capture file, with what the link wrapped it in.
package struct CapturedFrame: Hashable, Sendable {
  /// Counted from 1.
  package var number: Int
  /// Where its record begins in the file.
  package var offset: Int
  /// Nanoseconds since whatever the file counts from.
  package var time: Int64
  /// How its link wraps packets.
  package var link: Int
  package var bytes: ArraySlice<UInt8>
  /// Whether the capture has only its beginning.
  package var isCutShort: Bool

  /// Why natsh has no use for a frame.
  package enum Uselessness: Hashable, Sendable, Error {
    case otherLink(Int)
    case notIP
    case cutShort
    case fragment
    case otherProtocol
    case malformed
  }

  /// The packet in it.
  ///
  /// Checksums are not checked: a machine whose network card computes them captures them before they are.
  package func packet() throws(Uselessness) -> Packet {
    guard let type = LinkType(rawValue: link) else { throw .otherLink(link) }
    guard let packet = type.packet(in: bytes) else { throw .notIP }
    guard !isCutShort else { throw .cutShort }
    do throws(WireError) {
      return try Packet(decoding: packet, accepting: [.wrongChecksums, .padding, .nonsenseQuotes])
    } catch {
      switch error.problem {
      case .fragment: throw .fragment
      case .unsupported where [.protocol, .nextHeader, .type, .code].contains(error.field.name): throw .otherProtocol
      default: throw .malformed
      }
    }
  }
}

extension CapturedFrame.Uselessness {
  /// The word for it in JSON.
  package var word: String {
    switch self {
    case .otherLink: "other-link"
    case .notIP: "not-ip"
    case .cutShort: "cut-short"
    case .fragment: "fragment"
    case .otherProtocol: "other-protocol"
    case .malformed: "malformed"
    }
  }

  /// What such frames are, after their number.
  package var words: String {
    switch self {
    case .otherLink(let type): said("on a link of the type '\(LinkType.name(type))'")
    case .notIP: said("not IP")
    case .cutShort: said("cut short when it was captured")
    case .fragment: said("a piece of a packet")
    case .otherProtocol: said("neither UDP nor TCP, nor ICMP that natsh knows")
    case .malformed: "malformed"
    }
  }
}
