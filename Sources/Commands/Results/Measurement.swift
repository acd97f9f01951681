// SPDX-License-Identifier: GPL-3.0-or-later

/// What a command measured of traffic, as a lesson's conditions ask for it.
public protocol Measurement: ResultContent {
  /// The command that measured: `call` or `crowd`.
  var command: String { get }
  /// `direct`, `via`, or where ICE or a hole was used `punched` or `relayed`.
  var path: String { get }
  var users: Int { get }
  /// Packets of the streams, registrations with a server not among them.
  var packets: Int { get }
  var lost: Int { get }
  /// Payload into the server; nil where there was none.
  var serverInBitsPerSecond: Int64? { get }
  /// Payload out of the server; nil where there was none.
  var serverOutBitsPerSecond: Int64? { get }
}
