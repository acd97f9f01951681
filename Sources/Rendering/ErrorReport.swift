// SPDX-License-Identifier: GPL-3.0-or-later

/// An error in words, as both text and JSON give it.
public struct ErrorReport: Sendable, Hashable, Encodable {
  /// The word for scripts: `unknown-name`.
  public var kind: String
  /// One sentence for people, with a way out.
  public var message: String
  /// The nearest right thing; nil if there is none.
  public var suggestion: String?
  /// The column of the line, from 1; nil if no single place is to blame.
  public var column: Int?

  public init(kind: String, message: String, suggestion: String? = nil, column: Int? = nil) {
    self.kind = kind
    self.message = message
    self.suggestion = suggestion
    self.column = column
  }

  private enum CodingKeys: String, CodingKey { case kind, message, suggestion, column }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(message, forKey: .message)
    // The contract wants the key with null rather than left out.
    try container.encode(suggestion, forKey: .suggestion)
    try container.encodeIfPresent(column, forKey: .column)
  }
}
