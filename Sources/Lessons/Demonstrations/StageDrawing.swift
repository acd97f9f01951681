// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// The lines of a stage's screen for one terminal.
package struct StageDrawing {
  let stage: Stage
  let style: TextStyle
  let height: Int
  /// Everything that belongs to the screen, whether or not it fits.
  let content: [String]
  /// Where the newest part begins in it.
  let newest: Int

  package init(stage: Stage, style: TextStyle, height: Int) {
    self.stage = stage
    self.style = style
    self.height = max(height, 6)
    (content, newest) = Self.content(of: stage, style: style)
  }

  /// The lines available for content: all but a gap and the line at the foot.
  var room: Int { height - 2 }
  private var top: Int { stage.overlay == nil ? stage.view.top : stage.overlayTop }
  /// Whether there is more of the screen further down.
  package var hasMore: Bool { top + room < content.count }

  /// The whole screen, exactly as many lines as the terminal has.
  package var lines: [String] {
    let shown = Array(content.dropFirst(top).prefix(room))
    return shown + Array(repeating: "", count: height - 1 - shown.count) + [foot]
  }

  // MARK: The foot

  private var foot: String {
    if let complaint = stage.complaint { return line(StyledText(complaint, .refused)) }
    if !stage.typed.isEmpty { return line(said("Votes: \(stage.typed, .heading)_  Enter counts them")) }
    if hasMore { return line("\(said("more: \(content.count - top - room) lines"), .heading)  \(place, .faint)") }
    if stage.overlay != nil { return line(StyledText(said("any key goes back to the demonstration"), .faint)) }
    if stage.openVote != nil {
      return line(said("\(place, .faint)  type the votes, such as \("1:12 2:15", .command); Space goes on"))
    }
    if stage.isAtEnd { return line(said("\(place, .faint)  That was it: b goes back, q leaves.")) }
    return line(StyledText(stage.view.position == 0 ? said("Space goes on") : place + said("   ? keys"), .faint))
  }

  private var place: String {
    said("\(stage.view.position) of \(stage.beats.count)  \(stage.performance.demonstration.title)")
  }

  private func line(_ text: StyledText) -> String {
    var page = Page(style: style)
    page.add(text)
    // The foot is one line, however narrow the terminal.
    return page.text.split(separator: "\n").first.map(String.init) ?? ""
  }

  // MARK: Content

  private static func content(of stage: Stage, style: TextStyle) -> (lines: [String], newest: Int) {
    let renderer = TextRenderer(style: style)
    switch stage.overlay {
    case .keys: return (keys(style), 0)
    case .result(let result): return (split(renderer.text(for: result)), 0)
    case .nothingThere: return ([said("There is nothing to show yet.")], 0)
    case nil: break
    }
    if stage.view.position == 0 { return (firstScreen(of: stage, style: style), 0) }
    var lines: [String] = []
    var newest = 0
    for index in stage.shownBeats {
      newest = lines.count
      switch stage.beats[index] {
      case .caption(let caption): lines += split(LargeType.text(caption, style: style)) + [""]
      case .vote(let vote): lines += Self.lines(of: vote, counts: stage.counts[index], style: style) + [""]
      case .command(let statement, _):
        lines.append(renderer.text(forPrompt: prompt, command: statement.text))
        if let result = stage.performance.moments[index].result { lines += split(renderer.text(for: result)) }
      }
    }
    if let next = next(of: stage) { lines.append(renderer.text(forPrompt: prompt, command: next)) }
    return (lines, newest)
  }

  private static let prompt = "natsh> "

  /// The next command, before it runs; nil if that would give away the answer to a vote.
  private static func next(of stage: Stage) -> String? {
    guard stage.openVote == nil, !stage.isAtEnd, case .command(let statement, _) = stage.beats[stage.view.position]
    else {
      return nil
    }
    return statement.text
  }

  private static func split(_ text: String) -> [String] {
    text.isEmpty ? [] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static func firstScreen(of stage: Stage, style: TextStyle) -> [String] {
    var page = Page(style: style)
    let commands = stage.beats.count { if case .command = $0 { true } else { false } }
    let votes = stage.beats.count { if case .vote = $0 { true } else { false } }
    let parts = [Count.of(commands, "command")] + (votes > 0 ? [Count.of(votes, "vote")] : [])
    page.add(StyledText("\(Count.of(stage.beats.count, "step")): \(parts.joined(separator: ", "))", .faint))
    page.addLine(StyledText())
    return [""] + split(LargeType.text([stage.performance.demonstration.title], style: style)) + [""]
      + split(page.text) + [""] + keys(style)
  }

  private static func keys(_ style: TextStyle) -> [String] {
    var list = Page(style: style)
    for (key, meaning) in Stage.keys {
      let padding = String(repeating: " ", count: max(1, 26 - key.count))
      list.add("\(key, .command)\(padding)\(meaning)", hanging: 26)
    }
    return split(list.text)
  }

  // MARK: Votes

  private static func lines(of vote: Demonstration.Vote, counts: [Int]?, style: TextStyle) -> [String] {
    var page = Page(style: style)
    let most = max(counts?.max() ?? 0, 1)
    let widest = vote.choices.map { DisplayWidth.of($0) }.max() ?? 0
    let room = max(style.width - widest - 14, 8)
    for (index, choice) in vote.choices.enumerated() {
      page.addGap()
      var text: StyledText = "  \("\(index + 1)", .heading)  \(choice, .heading)"
      if let counts {
        let length = counts[index] * min(room, 40) / most
        let bar = String(repeating: style.usesUnicode ? "█" : "#", count: length)
        text += .spaces(max(widest - DisplayWidth.of(choice), 0) + 2) + StyledText(bar, .address)
        text += "\(bar.isEmpty ? "" : " ")\(counts[index])"
      }
      page.add(text, hanging: 5)
    }
    return split(LargeType.text([vote.question], style: style)) + [""] + split(page.text)
  }
}

extension Stage {
  /// The presenter's keys, and their effects.
  package static let keys = [
    (said("Space Enter n → ↓ PageDown"), said("go on")),
    (said("b Backspace ← ↑ PageUp"), said("go back to the earlier screen")),
    (said("Home, End"), said("the first screen, the last")), ("t", said("the tables as they are")),
    ("m", said("the map")),
    ("w", said("what if? a shell of your own; Ctrl-D comes back")),
    ("1:12 2:15 Enter", said("the counts of a vote")),
    ("?", said("these keys")),
    ("q", "leave"),
  ]
}
