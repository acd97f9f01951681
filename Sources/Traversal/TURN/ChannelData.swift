// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import WireFormat

/// The messages of TURN's client and server over a channel: a number replaces the address (RFC 8656 §12.4).
public struct ChannelData: Hashable, Sendable {
  public var channel: UInt16
  public var data: [UInt8]

  /// The numbers that a channel may have (RFC 8656 §12).
  public static let numbers: ClosedRange<UInt16> = 0x4000...0x4FFF

  public init(channel: UInt16, data: [UInt8]) {
    self.channel = channel
    self.data = data
  }

  /// Reads a message from a datagram; nil if it is not one. Padding may follow the data (RFC 8656 §12.5), and reserved
  /// numbers are not channels (§12.6).
  public init?(decoding bytes: ArraySlice<UInt8>) {
    guard let (channel, data) = Self.parts(of: bytes) else { return nil }
    self.init(channel: channel, data: Array(data))
  }

  /// The number and the data of a message, where they stand; nil if it is not one.
  static func parts(of bytes: ArraySlice<UInt8>) -> (channel: UInt16, data: ArraySlice<UInt8>)? {
    guard bytes.count >= headerLength else { return nil }
    let start = bytes.startIndex
    let channel = UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1])
    let length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
    let rest = bytes[(start + headerLength)...]
    guard numbers.contains(channel), length <= rest.count, rest.count - length < 4 else { return nil }
    return (channel, rest.prefix(length))
  }

  private static let headerLength = 4

  /// The message's bytes for a datagram, without padding.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(data.count + Self.headerLength)
    bytes.appendNumber(channel)
    bytes.appendNumber(UInt16(truncatingIfNeeded: data.count))
    bytes += data.prefix(Int(UInt16.max))
    return bytes
  }

  /// The message in words.
  public var description: MessageDescription {
    MessageDescription(
      protocolName: "TURN", summary: "TURN ChannelData on 0x\(String(channel, radix: 16)), \(data.count) bytes",
      fields: [
        MessageDescription.Field("channel number", "0x" + String(channel, radix: 16)),
        MessageDescription.Field("length", "\(data.count)"),
      ])
  }
}
