// SPDX-License-Identifier: GPL-3.0-or-later

/// What people are told of a kind of program that hosts run.
public struct ProgramDescription: Sendable {
  /// The program's own name.
  public let name: String
  /// What it does, in a line: `tells whoever asks how it sees them`.
  public let summary: String
  /// Its events, each with the keys of its data; nil where they are not known beforehand.
  public let events: [String: [String]]?
  /// An event of its in a sentence; nil is its data as they stand.
  public let words: @Sendable (EventReport) -> String?

  public init(
    _ name: String, summary: String, events: [String: [String]]? = nil,
    words: @escaping @Sendable (EventReport) -> String? = { _ in nil }
  ) {
    self.name = name
    self.summary = summary
    self.events = events
    self.words = words
  }
}
