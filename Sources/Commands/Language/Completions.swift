// SPDX-License-Identifier: GPL-3.0-or-later

/// The candidates for the word at the cursor.
public struct Completions: Hashable, Sendable {
  public struct Candidate: Hashable, Sendable {
    public var text: String
    /// A short description of it.
    public var note: String?
    /// Whether the word is complete with it, so that a space may follow.
    public var appendsSpace: Bool

    public init(_ text: String, note: String? = nil, appendsSpace: Bool = true) {
      self.text = text
      self.note = note
      self.appendsSpace = appendsSpace
    }
  }

  /// The UTF-8 offset of the word that a candidate replaces.
  public var start: Int
  public var candidates: [Candidate]
  /// Whether the word names a file, which only the outer layer can complete.
  public var files: Bool

  public init(start: Int, candidates: [Candidate] = [], files: Bool = false) {
    self.start = start
    self.candidates = candidates
    self.files = files
  }
}
