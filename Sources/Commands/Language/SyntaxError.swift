// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A fault in a line, and its place. The renderer words it.
public struct SyntaxError: Error, Hashable, Sendable {
  public var kind: Kind
  /// The first faulty character, counted from 1 in Characters of the line.
  public var column: Int
  /// The number of faulty Characters; at least 1.
  public var length: Int
  /// A possible replacement: the nearest name, the prefix with its host bits cleared.
  public var suggestion: String?

  public init(_ kind: Kind, column: Int, length: Int = 1, suggestion: String? = nil) {
    self.kind = kind
    self.column = column
    self.length = max(length, 1)
    self.suggestion = suggestion
  }

  /// An error about a whole word.
  public init(_ kind: Kind, at token: Token, suggestion: String? = nil) {
    self.init(kind, column: token.columns.lowerBound, length: token.columns.count, suggestion: suggestion)
  }

  /// The kinds of error, each with what its wording needs.
  public enum Kind: Hashable, Sendable {
    // The line.
    /// The bytes are not UTF-8; only a reader of bytes can tell.
    case invalidUTF8
    case controlCharacter(Unicode.Scalar)
    case lineTooLong(bytes: Int)
    case unclosedQuote
    case badEscape(Character)
    /// A typographic quotation mark, as word processors make them.
    case typographicQuote(Character)
    case quoteInsideWord
    case wordAfterQuote
    case textTooLong(bytes: Int, limit: Int)

    // The command's shape.
    case unknownCommand(String)
    /// `label` is the missing word's placeholder; `after` the keyword that it belongs to.
    case missingArgument(label: String, after: String?, usage: String)
    case missingKeyword(String, usage: String)
    case unexpectedWord(String, usage: String)
    /// Several bare words where one text is meant.
    case textNeedsQuotes
    case duplicateClause(String)
    /// Two addresses or prefixes of one family, where one of each may be given.
    case duplicateFamily(AddressFamily)
    /// Two choices that exclude each other.
    case conflict(String, String)

    // Names.
    case badName(String)
    case nameTooLong(count: Int, limit: Int)
    case nameTaken(String)
    case unknownName(String, wanted: DeviceKinds, exist: Bool)
    case wrongDeviceKind(String, is: DeviceKind, wanted: DeviceKinds)
    case unknownScene(String)
    case unknownPreset(String)
    case unknownSubject(String)
    case unknownProperty(String, of: DeviceKind)
    /// A property that only devices of the other kind have.
    case propertyOfOtherKind(String, device: String)

    // Values.
    case badAddress(String)
    case badEndpoint(String)
    case badPrefix(String)
    /// No IPv4 address has a place under it (RFC 6052 §2.2).
    case prefixEmbedsNothing(IPPrefix)
    case prefixTooLong(length: String, limit: Int)
    case hostBitsSet(String)
    case badPort(String)
    case portOutOfRange(String, ClosedRange<Int>)
    case badNumber(String)
    case numberOutOfRange(String, ClosedRange<Int>)
    case badSeed(String)
    case badDuration(String)
    case durationTooLong(String)
    case durationNotPositive(String)
    case badRate(String)
    case badLoss(String)
    case unknownValue(String, of: String, allowed: [String])
    case rangeReversed(first: String, last: String)
    case tooManyPorts(Int, most: Int)
    case duplicateAddress(String)
    /// A protocol other than UDP, TCP and ICMP, or one of those misspelt, where a text may stand.
    case unknownProtocol(String)
  }
}

extension SyntaxError.Kind {
  /// The kind's name in JSON: stable, and part of the contract.
  public var word: String {
    switch self {
    case .invalidUTF8: "invalid-utf8"
    case .controlCharacter: "control-character"
    case .lineTooLong: "line-too-long"
    case .unclosedQuote: "unclosed-quote"
    case .badEscape: "bad-escape"
    case .typographicQuote: "typographic-quote"
    case .quoteInsideWord: "quote-inside-word"
    case .wordAfterQuote: "word-after-quote"
    case .textTooLong: "text-too-long"
    case .unknownCommand: "unknown-command"
    case .missingArgument: "missing-argument"
    case .missingKeyword: "missing-keyword"
    case .unexpectedWord: "unexpected-word"
    case .textNeedsQuotes: "text-needs-quotes"
    case .duplicateClause: "duplicate-clause"
    case .duplicateFamily: "duplicate-family"
    case .conflict: "conflict"
    case .badName: "bad-name"
    case .nameTooLong: "name-too-long"
    case .nameTaken: "name-taken"
    case .unknownName: "unknown-name"
    case .wrongDeviceKind: "wrong-device-kind"
    case .unknownScene: "unknown-scene"
    case .unknownPreset: "unknown-preset"
    case .unknownSubject: "unknown-subject"
    case .unknownProperty: "unknown-property"
    case .propertyOfOtherKind: "property-of-other-kind"
    case .badAddress: "bad-address"
    case .badEndpoint: "bad-endpoint"
    case .badPrefix: "bad-prefix"
    case .prefixEmbedsNothing: "prefix-embeds-nothing"
    case .prefixTooLong: "prefix-too-long"
    case .hostBitsSet: "host-bits-set"
    case .badPort: "bad-port"
    case .portOutOfRange: "port-out-of-range"
    case .badNumber: "bad-number"
    case .numberOutOfRange: "number-out-of-range"
    case .badSeed: "bad-seed"
    case .badDuration: "bad-duration"
    case .durationTooLong: "duration-too-long"
    case .durationNotPositive: "duration-not-positive"
    case .badRate: "bad-rate"
    case .badLoss: "bad-loss"
    case .unknownValue: "unknown-value"
    case .rangeReversed: "range-reversed"
    case .tooManyPorts: "too-many-ports"
    case .duplicateAddress: "duplicate-address"
    case .unknownProtocol: "unknown-protocol"
    }
  }
}
