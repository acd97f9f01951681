// SPDX-License-Identifier: GPL-3.0-or-later

/// The words about one kind of program that hosts run.
public struct ProgramDescription: Sendable {
  /// The program's own name.
  public let name: String
  /// Its purpose in a line: `tells whoever asks how it sees them`.
  public let summary: String
  /// Its events, each with the keys of its data; nil where they are not known beforehand.
  public let events: [String: [String]]?
  /// One of its events in a sentence; nil shows its data unchanged.
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
