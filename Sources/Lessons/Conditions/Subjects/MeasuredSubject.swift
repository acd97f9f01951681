// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// `measured`: a `call` or a `crowd` has been run.
enum MeasuredSubject: ConditionSubject {
  static let word = "measured"
  static let nature = ConditionNature.finding

  static let fields: [ConditionField<any Measurement>] = [
    .word("command", ["call", "crowd"], .own) { $0.command },
    .word("path", Array(paths.keys).sorted(), .saying { paths[$0] ?? "" }) { $0.path },
    .number("users", .atLeast(said("of"), said(" users"))) { Int64($0.users) },
    .number("packets", .own) { Int64($0.packets) },
    .number("lost", .saying { $0 == "0" ? said(" without loss") : said(" with \($0) packets lost") }) {
      Int64($0.lost)
    },
    .number("server_in", .after(said("with"), said(" Mbit/s into the server")), in: .rate) { $0.serverInBitsPerSecond },
    .number("server_out", .after(said("with"), said(" Mbit/s out of the server")), in: .rate) {
      $0.serverOutBitsPerSecond
    },
  ]

  private static let paths = [
    "direct": said(" the direct way"), "via": said(" through a server"), "punched": said(" through a hole"),
    "relayed": said(" through a relay"),
  ]

  static func items(for pattern: Pattern<MeasuredSubject>, in context: ConditionContext) -> [any Measurement] {
    context.record.measurements
  }

  static func noun(_ words: PatternWords) -> String { (words.word("command") ?? said("call or crowd")) + words.after }
  static func event(_ words: PatternWords) -> String { said("measured") }

  static func shown(_ item: any Measurement, in context: ConditionContext) -> String {
    let who = item.command == "crowd" ? said("A crowd of \(Count.grouped(item.users)) users") : said("The call")
    let way =
      item.path == "via" ? said(" through the server") : paths[item.path] ?? ""
    let lost = item.lost == 0 ? said("none lost") : said("\(Count.grouped(item.lost)) lost")
    let load = item.serverInBitsPerSecond.map { said(", \(Megabits.text($0)) Mbit/s into the server") } ?? ""
    return said("\(who) went\(way): \(Count.of(item.packets, "packet")), \(lost)\(load)")
  }

  static func instead(of pattern: Pattern<MeasuredSubject>, in context: ConditionContext) -> String? {
    Pattern<MeasuredSubject>().shown(in: context) ?? said("nothing has been measured")
  }
}
