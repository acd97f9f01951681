// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// Why a file of rules was not read at all.
package enum RulesetFault: Error, Hashable, Sendable {
  case empty
  /// Bytes.
  case tooLong(Int)
  /// No kind was given, and the text does not show one.
  case unknownKind
  case binary(line: Int)
  case foreign(line: Int, text: String, kind: RulesetKind, looksLike: RulesetKind?)
  /// The file ends before something does that began at that line.
  case truncated(line: Int, what: String)
  /// The line is of the right kind, but broken.
  case broken(line: Int, text: String, why: String)
  /// Nothing in it is about a router.
  case nothingInIt(RulesetKind)

  /// The longest file that is read, in bytes.
  package static let mostBytes = 4_194_304

  /// The fault in words.
  package var message: String {
    switch self {
    case .empty: said("it is empty")
    case .tooLong(let bytes):
      said("it has \(bytes) bytes, and \(Self.mostBytes) are read at most; are these a router's rules?")
    case .unknownKind:
      said("it does not show whose rules these are; say `import iptables`, `nft`, `pf` or `ios` before the file")
    case .binary(let line): said("line \(line) is not text; a capture is read by `import capture`")
    case .foreign(let line, let text, let kind, let other):
      said("line \(line), '\(Self.short(text))', is not a line of \(kind.words)")
        + (other.map { said("; it looks like \($0.words): `import \($0.rawValue)`") } ?? "")
    case .truncated(let line, let what): said("it ends too early: line \(line) begins \(what) that does not end")
    case .broken(let line, let text, let why): said("line \(line), '\(Self.short(text))': \(why)")
    case .nothingInIt(let kind): said("nothing in \(kind.words) says how a router translates or filters")
    }
  }

  /// At most a line of text, fit to be shown.
  static func short(_ text: some StringProtocol) -> String {
    let shown = text.prefix(60)
    return shown.count < text.count ? shown + "…" : String(shown)
  }
}
