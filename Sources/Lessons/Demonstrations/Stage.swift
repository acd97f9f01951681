// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// The audience's view of a demonstration: which screen, which of its lines, and the votes. The presenter's keys move it,
/// and screens are drawn from it; it does nothing else.
package struct Stage: Sendable {
  /// The request behind a key.
  package enum Move: Hashable, Sendable {
    case forward
    case back
    case first
    case last
    case table
    case map
    case keys
    /// A character of a vote's count: a digit, a colon.
    case type(Character)
    case erase
    case enter
  }

  /// The place in the demonstration. Going back restores the earlier view.
  struct View: Hashable, Sendable {
    /// The number of beats shown; zero is the first screen.
    var position = 0
    /// The first line of the screen that is shown.
    var top = 0
    /// Whether the vote is over, so that the command after it may be seen.
    var isRevealed = false
  }

  /// Something shown in front of the screen until the next key.
  enum Overlay: Sendable {
    case keys
    case result(CommandResult)
    case nothingThere
  }

  package let performance: Performance
  var view = View()
  private var past: [View] = []
  var overlay: Overlay?
  /// The first line of the overlay that is shown.
  var overlayTop = 0
  /// Counts of votes, by the beat.
  var counts: [Int: [Int]] = [:]
  /// The part of a count typed so far.
  var typed = ""
  /// The error in it.
  var complaint: String?

  package init(_ performance: Performance) {
    self.performance = performance
  }

  var beats: [Demonstration.Beat] { performance.demonstration.beats }
  /// Whether a count is being typed, so that a space belongs to it.
  package var isTyping: Bool { !typed.isEmpty }
  package var isAtEnd: Bool { view.position == beats.count }
  /// The session at the present place in the demonstration, to try things in.
  package var session: Session { performance.session(after: view.position) }

  /// The beats that have been shown.
  package var position: Int { view.position }

  /// The vote that is open, and its beat; nil if there is none.
  package var openVote: (beat: Int, vote: Demonstration.Vote)? {
    guard view.position > 0, !view.isRevealed, case .vote(let vote) = beats[view.position - 1] else { return nil }
    return (view.position - 1, vote)
  }

  /// The beats of the screen: from the last caption or vote.
  var shownBeats: Range<Int> {
    let first = beats[..<view.position].lastIndex { if case .command = $0 { false } else { true } }
    return (first ?? 0)..<view.position
  }

  // MARK: Moving

  /// Does what a key asks for.
  ///
  /// - Parameters:
  ///   - style: how the screen is drawn.
  ///   - height: the lines of the terminal.
  package mutating func move(_ move: Move, style: TextStyle, height: Int) {
    complaint = nil
    let drawing = StageDrawing(stage: self, style: style, height: height)
    if overlay != nil, closeOverlay(move, drawing) { return }
    switch move {
    case .type(let character):
      // Room for nine choices with four digits each.
      if openVote != nil, typed.count < 80 { typed.append(character) }
    case .erase: _ = typed.popLast()
    case .enter where !typed.isEmpty: count()
    case .forward, .enter: goForward(drawing)
    case .back:
      typed = ""
      if let before = past.popLast() { view = before }
    case .first:
      typed = ""
      past = []
      view = View()
    case .last:
      while !isAtEnd || drawingNow(style, height).hasMore { goForward(drawingNow(style, height)) }
    case .keys: overlay = .keys
    case .table: show("table")
    case .map: show("map")
    }
  }

  private func drawingNow(_ style: TextStyle, _ height: Int) -> StageDrawing {
    StageDrawing(stage: self, style: style, height: height)
  }

  private mutating func goForward(_ drawing: StageDrawing) {
    typed = ""
    if drawing.hasMore {
      past.append(view)
      view.top += drawing.room
      return
    }
    guard !isAtEnd || openVote != nil else { return }
    past.append(view)
    if openVote != nil {
      view.isRevealed = true
      return
    }
    view.position += 1
    view.isRevealed = false
    view.top = 0
    // The new part is shown from its first line on, with as much above it as there is room for.
    let next = StageDrawing(stage: self, style: drawing.style, height: drawing.height)
    let overflow = next.content.count - next.room
    if overflow > 0 { view.top = min(overflow, next.newest) }
  }

  /// Whether the overlay handled the move.
  private mutating func closeOverlay(_ move: Move, _ drawing: StageDrawing) -> Bool {
    if move == .forward || move == .enter, drawing.hasMore {
      overlayTop += drawing.room
      return true
    }
    overlay = nil
    overlayTop = 0
    switch move {
    case .table, .map, .keys, .first, .last: return false
    case .forward, .back, .enter, .type, .erase: return true
    }
  }

  /// Shows something of the present network.
  private mutating func show(_ word: String) {
    var session = session
    guard let statement = try? Statement.statements(in: word).first, let result = try? session.execute(statement) else {
      overlay = .nothingThere
      return
    }
    overlay = .result(result)
  }

  // MARK: Votes

  /// Takes the counts that were typed: `1:12 2:15`, or one number per choice.
  private mutating func count() {
    defer { typed = "" }
    guard let (beat, vote) = openVote else { return }
    let words = typed.split { " ,;".contains($0) }
    var found = counts[beat] ?? Array(repeating: 0, count: vote.choices.count)
    let isPlain = words.count == vote.choices.count && words.allSatisfy { !$0.contains(":") }
    for (place, word) in words.enumerated() {
      let parts = word.split(separator: ":", omittingEmptySubsequences: false)
      let choice = isPlain ? place + 1 : parts.first.flatMap { Int($0) }
      let number = isPlain || parts.count == 2 ? parts.last.flatMap { Int($0) } : nil
      guard let choice, let number, (1...vote.choices.count).contains(choice), (0...99_999).contains(number) else {
        complaint = said(
          "'\(word)' is not a count; type 1:12 2:15 for 12 votes for the first choice and 15 for the second")
        return
      }
      found[choice - 1] = number
    }
    counts[beat] = found
  }

  /// Takes counts from elsewhere, such as a class that votes on its phones.
  package mutating func setCounts(_ numbers: [Int]) {
    guard let (beat, vote) = openVote, numbers.count == vote.choices.count else { return }
    counts[beat] = numbers
  }
}
