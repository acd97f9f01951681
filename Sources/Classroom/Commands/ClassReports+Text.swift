// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

extension ClassReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var lines = Page(style: style)
    guard let url, let code, let name else {
      lines.add(
        wasSo
          ? said("There is no class.")
          : said("The class is closed. \(Count.of(learners, "learner")) had a place in it."))
      return lines.text
    }
    if let roster {
      addRoster(roster, name, url, code, to: &lines)
    } else {
      addInvitation(name, url, code, to: &lines)
    }
    if let trouble { lines.add(said("The learners' work is not being kept on this machine's disk: \(trouble)")) }
    return lines.text
  }

  private static func spaced(_ code: String) -> String { "\(code.prefix(3)) \(code.dropFirst(3))" }

  private func addInvitation(_ name: String, _ url: String, _ code: String, to lines: inout Page) {
    lines.add(
      said(
        "The class '\(name, .name)' \(wasSo ? said("is") : said("is now")) open. Learners open this address and type this code:"
      ))
    lines.add("")
    lines.add("\(url + "learn", .address)", indent: 4)
    lines.add("\(Self.spaced(code), .heading)", indent: 4)
    lines.add("")
    if let code = QRCode("\(url)learn#\(code)") {
      code.add(to: &lines)
    }
    if learners > 0 { lines.add(said("\(Count.of(learners, "learner")) from last time will find their work again.")) }
    if let page {
      var words = said("The page for the projector is \(page, .address); it shows the code as well.") as StyledText
      if hasPrompt { words.append(said(" \(typed: "class") shows who is there.") as StyledText) }
      lines.add(words, hanging: 2)
    }
  }

  private func addRoster(
    _ roster: [RosterRow], _ name: String, _ url: String, _ code: String, to lines: inout Page
  ) {
    let here = roster.count(where: \.here)
    lines.add(
      said(
        "The class '\(name, .name)' at \(url + "learn", .address), code \(Self.spaced(code), .heading): ",
        "\(Count.of(learners, "learner")), \(here) of them here."), hanging: 2)
    guard !roster.isEmpty else { return }
    lines.add("")
    let rows = roster.map { row in
      [
        row.name, row.lesson ?? "-", Self.place(row), String(row.misses),
        row.here ? "here" : row.lastSeenSeconds.map(Self.ago) ?? said("not yet"),
      ]
    }
    let table = [["name", "lesson", "step", "misses", "seen"]] + rows
    let widths = (0..<5).map { column in table.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    for (index, row) in table.enumerated() {
      let cells = row.enumerated().map { place, words in
        StyledText(words, index == 0 ? .faint : place == 0 ? .name : .plain).padded(to: widths[place])
      }
      lines.add(cells.joined(separator: "  "), indent: 2, hanging: 4)
      guard index > 0 else { continue }
      for mistake in roster[index - 1].wrong {
        lines.add(said("step \(mistake.step): \(mistake.reply)"), indent: 6, hanging: 8)
      }
    }
  }

  private static func place(_ row: RosterRow) -> String {
    guard let step = row.step else { return "-" }
    return row.finished ? said("finished") : said("\(step) of \(row.steps ?? step)")
  }

  private static func ago(_ seconds: Int) -> String {
    seconds < 60
      ? said("\(seconds) s ago") : seconds < 7_200 ? said("\(seconds / 60) min ago") : said("\(seconds / 3_600) h ago")
  }
}

extension AskReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var lines = Page(style: style)
    lines.add(said("The class is asked: \(question, .emphasis)"))
    for (index, choice) in choices.enumerated() { lines.add("\(index + 1)  \(choice)", indent: 2, hanging: 5) }
    lines.add(said("The page counts the answers. \(typed: "class reveal") shows what is right."))
    return lines.text
  }
}

extension RevealReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var lines = Page(style: style)
    lines.add("\(poll.question, .emphasis)")
    let most = max(poll.counts.max() ?? 0, 1)
    let room = max(style.width - 24, 10)
    for (index, choice) in poll.choices.enumerated() {
      let count = poll.counts[index]
      let isRight = poll.revealed == index + 1
      lines.add("\(index + 1)  \(choice)\(isRight ? said(" (right)") : "")", indent: 2, hanging: 5)
      let bar = String(repeating: style.usesUnicode ? "█" : "#", count: count * room / most)
      lines.addLine(StyledText("     \(count) " + bar))
    }
    lines.add("\(Count.of(poll.answered, "answer")).")
    if let words = poll.thenAndNow { lines.add(StyledText(words)) }
    if let step = laterSteps.first {
      lines.add(said("Step \(step) asks it again in other words: \(typed: "class ask") there shows what has stayed."))
    }
    guard let proof else { return lines.text }
    return lines.text + "\n\n" + TextRenderer(style: style).text(for: proof)
  }
}

extension ShowReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var lines = Page(style: style)
    if let name {
      lines.add(
        said("The page shows the network of \(name, .name), with thanks. \(typed: "class show") brings yours back."))
    } else {
      lines.add(said("The page shows your own network."))
    }
    return lines.text
  }
}

extension GivenReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var lines = Page(style: style)
    let who = learners == 0 ? said("Whoever joins") : said("\(Count.of(learners, "learner")), and whoever joins later")
    lines.add(lesson.map { said("\(who): the lesson \($0, .command).") } ?? said("\(who): a copy of your network."))
    return lines.text
  }
}

extension SavedReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var lines = Page(style: style)
    lines.add(
      said("Wrote \(Count.of(max(files.count - 1, 0), "script")) and roster.csv to \(folder)")
        + (replaced > 0 ? said(", \(replaced) of them over older ones") : "")
        + ". \(typed: "natsh grade LESSON " + folder) marks them.",
      hanging: 2)
    return lines.text
  }
}
