// SPDX-License-Identifier: GPL-3.0-or-later

/// A command's measurements of traffic, as a lesson's conditions ask for them.
public protocol Measurement: ResultContent {
  /// The command that measured: `call` or `crowd`.
  var command: String { get }
  /// `direct`, `via` or `ice`.
  var path: String { get }
  var users: Int { get }
  /// Packets of the streams, without registrations at a server.
  var packets: Int { get }
  var lost: Int { get }
  /// Payload into the server; nil without a server.
  var serverInBitsPerSecond: Int64? { get }
  /// Payload out of the server; nil without a server.
  var serverOutBitsPerSecond: Int64? { get }
}
