// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Wording

/// What is wrong with a capture file, and where.
package struct CaptureFault: Error, Hashable, Sendable {
  package enum Problem: Hashable, Sendable {
    case empty
    /// It begins like neither format.
    case notACapture
    /// It is a compressed file, which another program must unpack first.
    case compressed(with: String)
    case version(major: Int)
    /// It ends before the thing that begins there does.
    case truncated(String, needed: Int, available: Int)
    /// A length that no block or packet has.
    case absurdLength(String, Int)
    /// A block's lengths before and after it are different.
    case lengthsDisagree(Int, Int)
    case byteOrder
    /// A packet of an interface that the file has not described.
    case unknownInterface(Int)
    case linkType(Int)
    /// The file could not be read any further.
    case unreadable(String)
  }

  package var problem: Problem
  /// The byte of the file, counted from 0.
  package var offset: Int

  /// The kind's name in JSON.
  package var word: String {
    switch problem {
    case .empty, .notACapture, .compressed: "not-a-capture"
    case .version: "capture-version"
    case .truncated: "capture-truncated"
    case .absurdLength, .lengthsDisagree, .byteOrder, .unknownInterface: "capture-damaged"
    case .linkType: "capture-link"
    case .unreadable: "cannot-read"
    }
  }

  /// The fault with its place.
  package var message: String {
    switch problem {
    case .empty: said("it is empty")
    case .notACapture: said("it is not a capture: it begins like neither pcap nor pcapng")
    case .compressed(let program): said("it is compressed; unpack it with \(program) first")
    case .version(let major): said("at byte \(place): version \(major) of the format, which nothing writes")
    case .truncated(let what, let needed, let available):
      said(
        "at byte \(place): \(what) has \(Count.of(needed, "byte")), and the file ends after \(Count.grouped(available))"
      )
    case .absurdLength(let what, let length):
      said("at byte \(place): \(what) cannot have a length of \(Count.grouped(length))")
    case .lengthsDisagree(let before, let after):
      said(
        "at byte \(place): a block has a length of \(Count.grouped(before)) at its beginning and of \(Count.grouped(after)) at its end"
      )
    case .byteOrder: said("at byte \(place): a section that does not say its byte order")
    case .unknownInterface(let number):
      said("at byte \(place): a packet of interface \(number), which is not described")
    case .linkType(let type):
      said(
        "at byte \(place): its links are of the type '\(LinkType.name(type))', in which natsh cannot find packets; it reads "
      )
        + LinkType.names.listed(.and)
    case .unreadable(let reason): said("at byte \(place): \(reason)")
    }
  }

  private var place: String { Count.grouped(offset) }
}
