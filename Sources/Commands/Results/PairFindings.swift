// SPDX-License-Identifier: GPL-3.0-or-later

/// What became of two kinds of peers that were tried against each other.
public struct PairFinding: Hashable, Sendable {
  public var a: String
  public var b: String
  /// In one word: `punched`.
  public var result: String

  public init(a: String, b: String, result: String) {
    self.a = a
    self.b = b
    self.result = result
  }
}

/// What a command found out about pairs, as a lesson's conditions ask for it.
public protocol PairFindings: ResultContent {
  var pairs: [PairFinding] { get }
}
