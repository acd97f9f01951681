// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// The commands that made the network what it is, and the way back.
///
/// A kept network is cheap, but the next change pays for what it shares with it, so not every state is kept. A
/// checkpoint is made once the work since the last one, which `undo` would have to repeat, outweighs the network's
/// size: a small network is kept after every command, a large one as often as its size allows, and either way undo
/// costs a constant share of the work done. The rest is replayed, which determinism makes exact. Of a replay, the states
/// that halve what remains of it are kept too, so going back one step at a time replays each command only as often as
/// the replay's length can be halved.
///
/// A copy shares its contents with the original, so whoever may have to restore a past can simply keep one.
struct Past: Sendable {
  /// One step of `undo`: a command, or all those of a loaded script.
  struct Entry: Sendable {
    var commands: [any Command]
    var lines: [String]
  }

  private struct Checkpoint: Sendable {
    /// The entries that led to it.
    var entries: Int
    var network: Network
    /// The network's weight when it was last computed.
    var weight: Int
  }

  /// Where an open group began, and the undone commands to restore if it comes to nothing.
  private struct Group: Sendable {
    var entries: Int
    var asides: Int
    var undone: PagedArray<Entry>
    var workBefore: Int
    var workSince = 0
  }

  private static let mostCheckpoints = 64

  private(set) var entries = PagedArray<Entry>()
  /// The undone entries, the next to be redone last.
  private var undone = PagedArray<Entry>()
  /// In order; the first is the state behind which nothing goes.
  private var checkpoints: [Checkpoint]
  private var workSinceCheckpoint = 0
  /// The network's weight when it was last computed, which costs time in proportion to its routers.
  private var lastWeight = 0
  private var group: Group?

  /// The lines that led to the state behind which nothing goes.
  private let chaptersBefore: PagedArray<String>
  /// Whether the state behind which nothing goes is a chapter's.
  let isChapter: Bool
  /// The seed of the network on which the very first line ran.
  let baseSeed: UInt64
  private var asides = Asides()

  init(base: Network) {
    chaptersBefore = PagedArray()
    isChapter = false
    baseSeed = base.seed
    checkpoints = [Checkpoint(entries: 0, network: base, weight: 0)]
  }

  /// A new chapter, to which the lines of `earlier` and then `lines` lead.
  init(chapter base: Network, after earlier: Past, lines: [String]) {
    var before = earlier.chaptersBefore
    for line in earlier.lines(from: 0) + lines { before.append(line) }
    chaptersBefore = before
    isChapter = true
    baseSeed = earlier.baseSeed
    checkpoints = [Checkpoint(entries: 0, network: base, weight: 0)]
  }

  /// The commands that still count, a line each.
  var lines: [String] { chaptersBefore + lines(from: 0) }
  /// An open group cannot go behind its start.
  var undoable: Int { entries.count - (group?.entries ?? 0) }
  var redoable: Int { undone.count }
  /// Whether commands are being put together into one entry.
  var isGrouping: Bool { group != nil }

  /// The lines of the entries from `start` on, with the asides from number `firstAside` on among them.
  private func lines(from start: Int, firstAside: Int = 0) -> [String] {
    var lines: [String] = []
    var next = start
    func addEntries(before end: Int) {
      while next < end {
        lines += entries[next].lines
        next += 1
      }
    }
    for aside in asides.placed(from: firstAside) where aside.entries >= start {
      addEntries(before: aside.entries)
      lines.append(aside.line)
    }
    addEntries(before: entries.count)
    return lines
  }

  /// Remembers a line that is saved but is not a step of `undo`.
  mutating func recordAside(_ line: String) {
    asides.append(line, after: entries.count)
  }

  /// Remembers that `command` has turned the network into `result`, in `work` hops.
  mutating func record(_ command: any Command, line: String, result: Network, work: Int) {
    if !undone.isEmpty { asides.settle() }
    undone = PagedArray()
    append(Entry(commands: [command], lines: [line]), result: result, work: work)
  }

  /// Remembers that the last `count` undone entries have been redone.
  mutating func noteRedone(_ count: Int) {
    asides.goForward(from: entries.count - count, to: entries.count)
  }

  /// Remembers that the entry `place` of a replay has been carried out again.
  mutating func append(_ entry: Entry, result: Network, work: Int, at place: ReplayPlace) {
    append(entry, result: result, work: work)
    if place.halvesTheRest, checkpoints[checkpoints.count - 1].entries < entries.count { keep(result) }
  }

  private mutating func append(_ entry: Entry, result: Network, work: Int) {
    entries.append(entry)
    workSinceCheckpoint += work + 1
    group?.workSince += work + 1
    guard workSinceCheckpoint * 16 >= lastWeight else { return }
    lastWeight = result.weight
    if workSinceCheckpoint * 16 >= lastWeight { keep(result) }
  }

  private mutating func keep(_ network: Network) {
    checkpoints.append(Checkpoint(entries: entries.count, network: network, weight: lastWeight))
    workSinceCheckpoint = 0
    guard checkpoints.count > Self.mostCheckpoints else { return }
    // Thin out the older half; the first stays.
    let older = checkpoints[1..<Self.mostCheckpoints / 2].enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    checkpoints.replaceSubrange(1..<Self.mostCheckpoints / 2, with: older)
  }

  /// Opens a group: the following commands become one entry.
  mutating func beginGroup() {
    guard group == nil else { return }
    group = Group(
      entries: entries.count, asides: asides.count, undone: undone, workBefore: workSinceCheckpoint)
  }

  mutating func endGroup(result: Network) {
    guard let group else { return }
    self.group = nil
    let commands = entries[group.entries...].flatMap(\.commands)
    // A group that came to nothing has changed nothing, and leaves `redo` as it was.
    undone = commands.isEmpty ? group.undone : PagedArray()
    guard !commands.isEmpty else { return }
    let entry = Entry(commands: commands, lines: lines(from: group.entries, firstAside: group.asides))
    while entries.count > group.entries { _ = entries.popLast() }
    asides.removeLast(asides.count - group.asides)
    // Nothing goes back into the group any more.
    checkpoints.removeAll { $0.entries > group.entries }
    workSinceCheckpoint = group.workBefore
    append(entry, result: result, work: group.workSince)
  }

  /// Goes `count` entries back, as far as the last state before them that was kept; there must be as many.
  ///
  /// - Parameter keepingLines: whether the undone lines, and the `undo`, stay among the saved ones.
  /// - Returns: the undone lines, the oldest first; the state that was kept; and the entries that lead from there to
  ///   the goal.
  mutating func goBack(_ count: Int, keepingLines: Bool) -> (lines: [String], from: Network, replay: [Entry]) {
    let target = entries.count - count
    if keepingLines {
      let commands = entries[target...].reduce(0) { $0 + $1.commands.count }
      let kept = lines(from: target) + ["undo \(commands)"]
      asides.removeAll(from: target)
      for line in kept { asides.append(line, after: target) }
    } else {
      asides.goBack(to: target)
    }
    var taken: [String] = []
    for index in target..<entries.count { taken += entries[index].lines }
    while entries.count > target, let entry = entries.popLast() { undone.append(entry) }
    checkpoints.removeAll { $0.entries > target }
    let start = checkpoints[checkpoints.count - 1]
    let replay = Array(entries[start.entries...])
    while entries.count > start.entries { _ = entries.popLast() }
    workSinceCheckpoint = 0
    lastWeight = start.weight
    return (taken, start.network, replay)
  }

  /// Where an entry stands in a replay.
  struct ReplayPlace {
    /// The number of entries that are replayed.
    var count: Int
    /// How many of them are to follow.
    var remaining: Int

    /// Whether a half of all is to follow, or a half of that, and so on down to the last one.
    var halvesTheRest: Bool {
      remaining > 0 && remaining < count
        && count >> (remaining.leadingZeroBitCount - count.leadingZeroBitCount) == remaining
    }
  }

  /// Takes out the entry undone last, to be redone; nil if there is none.
  mutating func takeUndone() -> Entry? { undone.popLast() }
}
