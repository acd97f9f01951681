// SPDX-License-Identifier: GPL-3.0-or-later

/// The result of trying two kinds of peers against each other.
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

/// A command's findings about pairs, as a lesson's conditions ask for them.
public protocol PairFindings: ResultContent {
  var pairs: [PairFinding] { get }
}
