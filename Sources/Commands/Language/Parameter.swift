// SPDX-License-Identifier: GPL-3.0-or-later

/// One place in a command's form.
public struct Parameter: Hashable, Sendable {
  public enum Shape: Hashable, Sendable {
    /// A word that has to come at this place.
    case required(ArgumentKind)
    /// A word that may come at this place and is recognised by its looks; at most so many of them.
    case optional(ArgumentKind, atMost: Int)
    /// A fixed word that has to come at this place.
    case keyword
    /// A keyword and the word after it, anywhere among the other optional parts; at most so many of them.
    case clause(ArgumentKind, placeholder: String, atMost: Int)
    /// One of these words, anywhere among the other optional parts.
    case choice([String])
    /// One word or more, to the end.
    case rest(ArgumentKind)
  }

  /// The name under which ``Arguments`` finds its value: a placeholder such as `FROM`, a clause's keyword, a choice's
  /// name.
  public let label: String
  public let shape: Shape

  /// A word that has to come here: `FROM`.
  public static func required(_ label: String, _ kind: ArgumentKind) -> Parameter {
    Parameter(label: label, shape: .required(kind))
  }

  /// A word that may come here: `[ADDRESS]`.
  public static func optional(_ label: String, _ kind: ArgumentKind, atMost: Int = 1) -> Parameter {
    Parameter(label: label, shape: .optional(kind, atMost: atMost))
  }

  /// A fixed word that has to come here: `to`.
  public static func keyword(_ word: String) -> Parameter {
    Parameter(label: word, shape: .keyword)
  }

  /// A keyword with a word after it, in any place: `[lan PREFIX]`. Its label is the keyword.
  public static func clause(
    _ keyword: String, _ placeholder: String, _ kind: ArgumentKind, atMost: Int = 1
  ) -> Parameter {
    Parameter(label: keyword, shape: .clause(kind, placeholder: placeholder, atMost: atMost))
  }

  /// One of some words, in any place: `[udp|tcp|icmp]`.
  public static func choice(_ label: String, _ words: [String]) -> Parameter {
    Parameter(label: label, shape: .choice(words))
  }

  /// All that follows: `VALUE…`.
  public static func rest(_ label: String, _ kind: ArgumentKind) -> Parameter {
    Parameter(label: label, shape: .rest(kind))
  }

  /// As a usage line shows it.
  public var usage: String {
    switch shape {
    case .required: label
    case .optional: "[\(label)]"
    case .keyword: label
    case .clause(_, let placeholder, _): "[\(label) \(placeholder)]"
    case .choice(let words): "[\(words.joined(separator: "|"))]"
    case .rest: "\(label)…"
    }
  }

  /// Whether the part floats: it is known by its keyword, wherever it stands.
  var isFloating: Bool {
    switch shape {
    case .clause, .choice: true
    case .required, .optional, .keyword, .rest: false
    }
  }

  /// The keywords it is known by.
  var keywords: [String] {
    switch shape {
    case .clause, .keyword: [label]
    case .choice(let words): words
    case .required, .optional, .rest: []
    }
  }
}
