// SPDX-License-Identifier: GPL-3.0-or-later

/// A piece of a video stream: whose it is, its place in the stream, and when it was sent, as RTP's header tells the
/// receiver (RFC 3550 §5.1).
public struct MediaPayload: Hashable, Sendable {
  public var stream: UInt32
  /// Counted from 0.
  public var sequence: UInt32
  public var sentAt: Instant
  /// Bytes, RTP's header among them.
  public var length: UInt16

  public init(stream: UInt32, sequence: UInt32, sentAt: Instant, length: UInt16) {
    self.stream = stream
    self.sequence = sequence
    self.sentAt = sentAt
    self.length = length
  }
}
