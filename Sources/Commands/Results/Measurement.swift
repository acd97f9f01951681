// SPDX-License-Identifier: GPL-3.0-or-later

/// The content of a command that measures traffic: what a lesson's `measured` condition looks at.
public protocol Measurement: ResultContent {
  /// `call` or `crowd`.
  var command: String { get }
  /// `direct` or `via`.
  var path: String { get }
  var users: Int { get }
  var packets: Int { get }
  var lost: Int { get }
  /// What the server took in and gave out, in bits a second; nil where there is none.
  var serverInBitsPerSecond: Int64? { get }
  var serverOutBitsPerSecond: Int64? { get }
}
