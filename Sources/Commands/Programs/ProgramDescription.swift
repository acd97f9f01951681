// SPDX-License-Identifier: GPL-3.0-or-later

/// The words about one kind of program that hosts run.
public struct ProgramDescription: Sendable {
  /// The program's own name.
  public let name: String
  /// Its purpose in a line: `tells whoever asks how it sees them`.
  public let summary: String
  /// Its events, each with the keys of its data; nil if they are not known in advance. They are pairs, not a dictionary:
  /// they are looked up when a lesson is checked, and made before the first prompt.
  public let events: KeyValuePairs<String, [String]>?
  /// The events that say what the packets since the last such event have shown; a run of several is told by them.
  public let conclusions: Set<String>
  /// One of its events in a sentence; nil shows its data unchanged.
  public let words: @Sendable (EventReport) -> String?

  public init(
    _ name: String, summary: String, events: KeyValuePairs<String, [String]>? = nil, conclusions: Set<String> = [],
    words: @escaping @Sendable (EventReport) -> String? = { _ in nil }
  ) {
    self.name = name
    self.summary = summary
    self.events = events
    self.conclusions = conclusions
    self.words = words
  }
}
