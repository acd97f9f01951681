// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// A piece of a video stream: an RTP packet (RFC 3550 §5.1) whose media are zeros.
///
/// Its clock ticks a million times a second, which a dynamic payload type may choose, so that a delay can be measured
/// to the microsecond.
public struct RTPPacket: Hashable, Sendable {
  /// Bytes of the fixed header.
  public static let headerLength = PaddedBytes.headCapacity
  /// Version 2, no padding, extension or contributors; the first dynamic payload type (RFC 3551 §6).
  private static let start: UInt64 = 0x8060

  /// The sender's number for its stream (SSRC).
  public var stream: UInt32
  public var sequence: UInt16
  /// Microseconds, modulo 2^32.
  public var timestamp: UInt32
  /// Bytes, including the header.
  public var length: UInt16

  public init(stream: UInt32, sequence: Int, sentAt: Instant, length: Int) {
    self.stream = stream
    self.sequence = UInt16(truncatingIfNeeded: sequence)
    timestamp = UInt32(truncatingIfNeeded: sentAt.microseconds)
    self.length = UInt16(clamping: length)
  }

  /// Reads a payload; nil for one that is not such a packet.
  public init?(_ payload: Payload) {
    guard case .padded(let padded) = payload, padded.head.0 >> 48 == Self.start else { return nil }
    stream = padded.head.1
    sequence = UInt16(truncatingIfNeeded: padded.head.0 >> 32)
    timestamp = UInt32(truncatingIfNeeded: padded.head.0)
    length = padded.length
  }

  public var payload: Payload {
    .padded(PaddedBytes(Self.start << 48 | UInt64(sequence) << 32 | UInt64(timestamp), stream, length: length))
  }

  /// How long it has been on its way at `now`, if that is less than an hour.
  public func delay(at now: Instant) -> Interval {
    Interval(microseconds: Int64(UInt32(truncatingIfNeeded: now.microseconds) &- timestamp))
  }
}

extension RTPPacket {
  /// Shows RTP and RTCP to people.
  static let reader = MessageReader { payload, packet in
    guard packet.transport == .udp else { return nil }
    if let piece = RTPPacket(payload) {
      return MessageDescription(
        protocolName: "RTP", summary: "RTP \(piece.sequence)",
        fields: [
          .init("sequence number", "\(piece.sequence)"), .init("timestamp", "\(piece.timestamp)"),
          .init("SSRC", String(piece.stream, radix: 16)), .init("media", "\(Int(piece.length) - headerLength) bytes"),
        ])
    }
    return RTCPIntroduction(payload).map {
      MessageDescription(
        protocolName: "RTCP", summary: "RTCP, I am \($0.name)",
        fields: [.init("SSRC", String($0.stream, radix: 16)), .init("CNAME", $0.name)])
    }
  }
}

/// The control packet by which users of a relay make themselves known: an empty receiver report and a source
/// description with a canonical name (RFC 3550 §6.4.2, §6.5.1), on the port of the stream itself (RFC 5761).
public struct RTCPIntroduction: Hashable, Sendable {
  public var stream: UInt32
  /// The sender's name.
  public var name: String

  public init(stream: UInt32, name: String) {
    self.stream = stream
    self.name = name
  }

  /// Reads a payload; nil for one that is not such a packet.
  public init?(_ payload: Payload) {
    guard case .data(let bytes) = payload, bytes.count >= 20, bytes[0] == 0x80, bytes[1] == 201, bytes[8] == 0x81,
      bytes[9] == 202, bytes[16] == 1, bytes.count >= 18 + Int(bytes[17])
    else { return nil }
    stream = bytes[12..<16].reduce(0) { $0 << 8 | UInt32($1) }
    guard let name = String(validating: bytes[18..<18 + Int(bytes[17])], as: UTF8.self) else { return nil }
    self.name = name
  }

  public var payload: Payload {
    let text = Array(name.utf8.prefix(255))
    // An empty report: version 2, length in words less one.
    var bytes: [UInt8] = [0x80, 201, 0, 1] + Self.bytes(stream)
    var chunk: [UInt8] = Self.bytes(stream) + [1, UInt8(text.count)] + text + [0]
    while chunk.count % 4 != 0 { chunk.append(0) }
    let words = UInt16(truncatingIfNeeded: chunk.count / 4)
    bytes += [0x81, 202, UInt8(words >> 8), UInt8(truncatingIfNeeded: words)] + chunk
    return .data(bytes)
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
  }
}
