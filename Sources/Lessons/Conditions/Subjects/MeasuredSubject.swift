// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

/// `measured`: a `call` or a `crowd` has been run.
enum MeasuredSubject: ConditionSubject {
  static let word = "measured"
  static let nature = ConditionNature.finding

  static let fields: [ConditionField<any Measurement>] = [
    .word("command", ["call", "crowd"], .own) { $0.command },
    .word("path", Array(paths.keys).sorted(), .saying { paths[$0] ?? "" }) { $0.path },
    .number("users", .atLeast("of", " users")) { Int64($0.users) },
    .number("packets", .own) { Int64($0.packets) },
    .number("lost", .saying { $0 == "0" ? " without loss" : " with \($0) packets lost" }) { Int64($0.lost) },
    .number("server_in", .after("with", " Mbit/s into the server"), in: .rate) { $0.serverInBitsPerSecond },
    .number("server_out", .after("with", " Mbit/s out of the server"), in: .rate) { $0.serverOutBitsPerSecond },
  ]

  private static let paths = [
    "direct": " the direct way", "via": " through a server", "ice": " the way that ICE has found",
  ]

  static func items(for pattern: Pattern<MeasuredSubject>, in context: ConditionContext) -> [any Measurement] {
    context.record.measurements
  }

  static func noun(_ words: PatternWords) -> String { (words.word("command") ?? "call or crowd") + words.after }
  static func event(_ words: PatternWords) -> String { "measured" }

  static func shown(_ item: any Measurement, in context: ConditionContext) -> String {
    let who = item.command == "crowd" ? "A crowd of \(Count.grouped(item.users)) users" : "The call"
    let way =
      item.path == "via" ? " through the server" : paths[item.path] ?? ""
    let lost = item.lost == 0 ? "none lost" : "\(Count.grouped(item.lost)) lost"
    let load = item.serverInBitsPerSecond.map { ", \(Megabits.text($0)) Mbit/s into the server" } ?? ""
    return "\(who) went\(way): \(Count.of(item.packets, "packet")), \(lost)\(load)"
  }

  static func instead(of pattern: Pattern<MeasuredSubject>, in context: ConditionContext) -> String? {
    Pattern<MeasuredSubject>().shown(in: context) ?? "nothing has been measured"
  }
}
