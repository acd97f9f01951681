// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// The homes of many users: kinds of routers, and how common each is.
struct Population: Hashable, Sendable {
  struct Share: Hashable, Sendable {
    var kind: MatrixKind
    /// Its part among all weights.
    var weight: Int
  }

  var shares: [Share]

  /// Of ten homes, seven have a router that runs Linux, two have one that maps anew for each destination, and one is
  /// behind its provider's NAT as well as its own.
  static let standard = Population(shares: [
    Share(kind: .preset(.linux), weight: 70), Share(kind: .preset(.symmetric), weight: 20),
    Share(kind: .preset(.cgnat), weight: 10),
  ])

  private static let mostWeight = 1_000_000

  private init(shares: [Share]) { self.shares = shares }

  /// Reads `linux:70,symmetric:20,cgnat:10`.
  ///
  /// - Throws: the fault, at the part that cannot be read.
  init(_ text: Located<String>, usage: String) throws(SyntaxError) {
    shares = []
    var column = text.columns.lowerBound
    for part in text.value.split(separator: ",", omittingEmptySubsequences: false) {
      defer { column += part.count + 1 }
      let words = part.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      let name = words.first ?? ""
      guard let kind = MatrixKind.named(name) else {
        let names = (MatrixKind.presets + MatrixKind.behaviors).map(\.name)
        throw SyntaxError(
          .unexpectedWord(String(part), usage: usage), column: column, length: max(part.count, 1),
          suggestion: Nearest.candidate(to: name, among: names) ?? "linux:70,symmetric:20,cgnat:10")
      }
      guard words.count == 2, let weight = Int(words[1]), (1...Self.mostWeight).contains(weight) else {
        throw SyntaxError(
          .unexpectedWord(String(part), usage: usage), column: column, length: part.count, suggestion: "\(name):10")
      }
      guard !shares.contains(where: { $0.kind == kind }) else {
        throw SyntaxError(.duplicateClause(name), column: column, length: part.count)
      }
      shares.append(Share(kind: kind, weight: weight))
    }
  }

  var text: String { shares.map { "\($0.kind.name):\($0.weight)" }.joined(separator: ",") }

  /// The kind of one home.
  func draw(using generator: inout SeededGenerator) -> MatrixKind {
    var left = Int(generator.below(UInt64(shares.reduce(0) { $0 + $1.weight })))
    for share in shares {
      left -= share.weight
      if left < 0 { return share.kind }
    }
    return shares[shares.count - 1].kind
  }
}
