// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `matrix`: two kinds of routers have been tried against each other. Which of the two is called `a` does not matter.
enum MatrixSubject: ConditionSubject {
  struct Item: Sendable {
    var kinds: [String]
    var result: String
  }

  static let word = "matrix"
  static let nature = ConditionNature.finding

  static let fields: [ConditionField<Item>] = [
    .text("a", .after(said("of"))) { item, _ in item.kinds[0] },
    .text("b", .after(said("and"))) { item, _ in item.kinds[1] },
    .word("result", ["direct", "punched", "one-way", "none"], .after(said("with the result"))) { $0.result },
  ]

  static func items(for pattern: Pattern<MatrixSubject>, in context: ConditionContext) -> [Item] {
    // Either way round, whichever way the pattern has it; a pair of one kind is there once.
    context.record.pairs.flatMap { pair in
      let ways = pair.a == pair.b ? [[pair.a, pair.b]] : [[pair.a, pair.b], [pair.b, pair.a]]
      let wanted = [pattern.word("a"), pattern.word("b")]
      let way = ways.first { way in zip(way, wanted).allSatisfy { $1 == nil || $0 == $1 } } ?? ways[0]
      return [Item(kinds: way, result: pair.result)]
    }
  }

  static func noun(_ words: PatternWords) -> String { said("pair") + words.after }
  static func event(_ words: PatternWords) -> String { said("tried with `matrix`") }

  static func shown(_ item: Item, in context: ConditionContext) -> String {
    said("\(item.kinds[0]) and \(item.kinds[1]): \(item.result)")
  }

  static func instead(of pattern: Pattern<MatrixSubject>, in context: ConditionContext) -> String? {
    let tried = Pattern<MatrixSubject>(fields: pattern.fields.filter { $0.key != "result" }).items(in: context)
    return tried.isEmpty
      ? said("that pair has not been tried")
      : tried.suffix(3).map { shown($0, in: context) }.joined(separator: said(", and "))
  }
}
