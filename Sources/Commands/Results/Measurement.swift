// SPDX-License-Identifier: GPL-3.0-or-later

/// What a command measured of traffic, as a lesson's conditions ask for it.
public protocol Measurement: ResultContent {
  /// The command that measured: `call` or `crowd`.
  var command: String { get }
  var traffic: TrafficReport { get }
}

extension Measurement {
  /// `direct` or `via`.
  public var path: String { traffic.path }
  public var users: Int { traffic.users }
  /// Packets of the streams, registrations with a server not among them.
  public var packets: Int { traffic.packets }
  public var lost: Int { traffic.lost }
  /// Payload into the server; nil where there was none.
  public var serverInBitsPerSecond: Int64? { traffic.server?.inBitsPerSecond }
  /// Payload out of the server; nil where there was none.
  public var serverOutBitsPerSecond: Int64? { traffic.server?.outBitsPerSecond }
}
