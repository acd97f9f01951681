// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// The commands that made the network what it is, and the way back.
///
/// A kept network is cheap, but the next change pays for what it shares with it, so not every state is kept. A
/// checkpoint is made once the work since the last one, which `undo` would have to do again, outweighs the network's
/// size: a small network is kept after every command, a large one as often as its size allows, and either way undo
/// costs a constant share of what was done. The rest is replayed, which determinism makes exact.
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
  }

  private static let mostCheckpoints = 64

  private(set) var entries: [Entry] = []
  /// What was undone, the next to be redone last.
  private var undone: [Entry] = []
  /// In order; the first is the state that nothing goes behind.
  private var checkpoints: [Checkpoint]
  private var workSinceCheckpoint = 0
  /// What the network weighed when that was last asked, which costs the number of its routers.
  private var lastWeight = 0
  /// Where the group that is open began.
  private var groupStart: Int?
  /// What could be redone then.
  private var undoneBeforeGroup: [Entry] = []

  /// The lines that led to the state that nothing goes behind.
  private let chaptersBefore: [String]
  /// Whether the state that nothing goes behind is a chapter's.
  let isChapter: Bool
  /// Lines that are saved but not undone, each with the entries that it came after.
  private var asides: [(entries: Int, line: String)] = []

  init(base: Network, chaptersBefore: [String]? = nil) {
    self.chaptersBefore = chaptersBefore ?? []
    isChapter = chaptersBefore != nil
    checkpoints = [Checkpoint(entries: 0, network: base)]
  }

  /// The commands that stand, a line each.
  var lines: [String] { chaptersBefore + lines(from: 0) }
  /// A group that is open cannot go behind its start.
  var undoable: Int { entries.count - (groupStart ?? 0) }
  /// The network that the first command found.
  var baseSeed: UInt64 { checkpoints[0].network.seed }
  var redoable: Int { undone.count }

  /// The lines of the entries from `start` on, with the asides among them.
  private func lines(from start: Int) -> [String] {
    guard !asides.isEmpty else { return entries[start...].flatMap(\.lines) }
    var lines: [String] = []
    for index in start...entries.count {
      lines += asides.filter { $0.entries == index }.map(\.line)
      if index < entries.count { lines += entries[index].lines }
    }
    return lines
  }

  /// Remembers a line that belongs to what is saved and is no step of `undo`.
  mutating func recordAside(_ line: String) {
    asides.append((entries.count, line))
  }

  /// Remembers that `command` has made the network what `result` is, by `work` hops.
  mutating func record(_ command: any Command, line: String, result: Network, work: Int) {
    undone = []
    append(Entry(commands: [command], lines: [line]), result: result, work: work)
  }

  private mutating func append(_ entry: Entry, result: Network, work: Int) {
    entries.append(entry)
    workSinceCheckpoint += work + 1
    guard groupStart == nil, workSinceCheckpoint * 16 >= lastWeight else { return }
    lastWeight = result.weight
    if workSinceCheckpoint * 16 >= lastWeight { keep(result) }
  }

  private mutating func keep(_ network: Network) {
    checkpoints.append(Checkpoint(entries: entries.count, network: network))
    workSinceCheckpoint = 0
    guard checkpoints.count > Self.mostCheckpoints else { return }
    // Thin out the older half; the first stays.
    let older = checkpoints[1..<Self.mostCheckpoints / 2].enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    checkpoints.replaceSubrange(1..<Self.mostCheckpoints / 2, with: older)
  }

  /// Opens a group: what follows becomes one entry.
  mutating func beginGroup() {
    guard groupStart == nil else { return }
    groupStart = entries.count
    undoneBeforeGroup = undone
  }

  mutating func endGroup(result: Network) {
    guard let start = groupStart else { return }
    groupStart = nil
    let entry = Entry(commands: entries[start...].flatMap(\.commands), lines: lines(from: start))
    // A group that came to nothing has changed nothing, and takes nothing from `redo` either.
    undone = entry.commands.isEmpty ? undoneBeforeGroup : []
    undoneBeforeGroup = []
    guard !entry.commands.isEmpty else { return }
    entries.removeSubrange(start...)
    asides.removeAll { $0.entries >= start }
    append(entry, result: result, work: 0)
  }

  /// Goes `count` entries back; there must be as many.
  ///
  /// - Returns: what was taken back, the oldest first, and the checkpoint and commands that give the network before it.
  mutating func goBack(_ count: Int) -> (undone: [Entry], from: Network, replay: [any Command]) {
    let target = entries.count - count
    let taken = Array(entries[target...])
    entries.removeSubrange(target...)
    for index in asides.indices { asides[index].entries = min(asides[index].entries, target) }
    undone.append(contentsOf: taken.reversed())
    checkpoints.removeAll { $0.entries > target }
    let start = checkpoints[checkpoints.count - 1]
    let replay = entries[start.entries...].flatMap(\.commands)
    workSinceCheckpoint = replay.count
    lastWeight = 0
    return (taken, start.network, replay)
  }

  /// Takes out what was undone last, to be done again; there must be something.
  mutating func takeUndone() -> Entry { undone.removeLast() }

  /// Remembers that `entry` has been done again.
  mutating func redo(_ entry: Entry, result: Network, work: Int) {
    append(entry, result: result, work: work)
  }
}
