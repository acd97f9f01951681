// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

/// The blocks of a pcapng file as bytes, in network order.
///
/// A block is its type, its length, its body and its length again, everything in multiples of four bytes; a reader
/// passes over blocks and options that it does not know.
package enum CaptureBlocks {
  /// The numbers of block types.
  enum Kind {
    static let section: UInt32 = 0x0A0D_0D0A
    static let interface: UInt32 = 1
    static let simplePacket: UInt32 = 3
    static let names: UInt32 = 4
    static let packet: UInt32 = 6
    /// A packet as the format's first draft had it.
    static let oldPacket: UInt32 = 2
  }

  /// The numbers of options.
  enum Option {
    static let end: UInt16 = 0
    static let comment: UInt16 = 1
    static let name: UInt16 = 2
    static let description: UInt16 = 3
    static let application: UInt16 = 4
    static let resolution: UInt16 = 9
    static let timeOffset: UInt16 = 14
  }

  static let byteOrderMagic: UInt32 = 0x1A2B_3C4D
  /// Packets that begin with an IPv4 or an IPv6 header.
  static let rawLink: UInt16 = 101
  /// Time stamps count nanoseconds.
  private static let nanoseconds: UInt8 = 9
  /// The longest text of an option: its length has 16 bits.
  private static let longestText = 65_000

  /// The beginning of a file.
  static func section(application: String) -> [UInt8] {
    var body: [UInt8] = []
    body.appendNumber(byteOrderMagic)
    body.appendNumber(UInt16(1))
    body.appendNumber(UInt16(0))
    // The section's length is not known.
    body.appendNumber(UInt64.max)
    append(Option.application, Array(application.utf8), to: &body)
    return block(Kind.section, body, endsOptions: true)
  }

  /// An interface; the first described has number 0.
  static func interface(named name: String, description: String) -> [UInt8] {
    var body: [UInt8] = []
    body.appendNumber(rawLink)
    body.appendNumber(UInt16(0))
    body.appendNumber(UInt32(0))
    append(Option.name, Array(name.utf8), to: &body)
    append(Option.description, Array(description.utf8), to: &body)
    append(Option.resolution, [nanoseconds], to: &body)
    return block(Kind.interface, body, endsOptions: true)
  }

  /// A packet on an interface, with its comments.
  static func packet(_ bytes: [UInt8], on interface: Int, at time: Instant, comments: [String]) -> [UInt8] {
    let nanoseconds = UInt64(clamping: time.microseconds).multipliedReportingOverflow(by: 1_000).partialValue
    var body: [UInt8] = []
    body.appendNumber(UInt32(truncatingIfNeeded: interface))
    body.appendNumber(UInt32(truncatingIfNeeded: nanoseconds >> 32))
    body.appendNumber(UInt32(truncatingIfNeeded: nanoseconds))
    body.appendNumber(UInt32(truncatingIfNeeded: bytes.count))
    body.appendNumber(UInt32(truncatingIfNeeded: bytes.count))
    appendPadded(bytes, to: &body)
    for comment in comments { append(Option.comment, Array(comment.utf8), to: &body) }
    return block(Kind.packet, body, endsOptions: !comments.isEmpty)
  }

  /// Addresses and their names.
  static func names(_ names: [(address: IPAddress, name: String)]) -> [UInt8] {
    var body: [UInt8] = []
    for (address, name) in names {
      var record: [UInt8] = []
      record.appendAddress(address)
      record += Array(name.utf8) + [0]
      body.appendNumber(UInt16(address.isIPv4 ? 1 : 2))
      body.appendNumber(UInt16(truncatingIfNeeded: record.count))
      appendPadded(record, to: &body)
    }
    body += [0, 0, 0, 0]
    return block(Kind.names, body, endsOptions: false)
  }

  private static func append(_ option: UInt16, _ value: [UInt8], to body: inout [UInt8]) {
    let value = Array(value.prefix(longestText))
    body.appendNumber(option)
    body.appendNumber(UInt16(truncatingIfNeeded: value.count))
    appendPadded(value, to: &body)
  }

  private static func appendPadded(_ bytes: [UInt8], to body: inout [UInt8]) {
    body += bytes
    body += repeatElement(0, count: -bytes.count & 3)
  }

  private static func block(_ kind: UInt32, _ body: [UInt8], endsOptions: Bool) -> [UInt8] {
    let body = endsOptions ? body + [0, 0, 0, 0] : body
    var block: [UInt8] = []
    block.reserveCapacity(body.count + 12)
    let length = UInt32(truncatingIfNeeded: body.count + 12)
    block.appendNumber(kind)
    block.appendNumber(length)
    block += body
    block.appendNumber(length)
    return block
  }
}
