// SPDX-License-Identifier: GPL-3.0-or-later

/// Text with its meanings, independent of the terminal: `"\(name, .name) is gone"`.
///
/// Control characters never get in: they are shown as `\x1b` and the like, so no packet's text can send an escape code.
/// A no-break space keeps two words together and is printed as a space.
package struct StyledText: Hashable, Sendable {
  package struct Span: Hashable, Sendable {
    package var text: String
    package var role: TextRole
  }

  package private(set) var spans: [Span] = []

  package init() {}

  /// A sentence in which text to be typed is between backquotes, as in Markdown.
  package init(prose: String, _ role: TextRole = .plain) {
    for (index, part) in prose.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
      append(index % 2 == 0 ? StyledText(part, role) : "\(typed: part)")
    }
  }

  package init(_ text: some StringProtocol, _ role: TextRole = .plain) {
    append(text, role)
  }

  /// A value's text, such as an address.
  package init(_ value: some CustomStringConvertible, _ role: TextRole) {
    append(value.description, role)
  }

  package mutating func append(_ text: some StringProtocol, _ role: TextRole = .plain) {
    guard !text.isEmpty else { return }
    append(Span(text: PrintableText.of(text), role: role))
  }

  package mutating func append(_ other: StyledText) {
    for span in other.spans { append(span) }
  }

  private mutating func append(_ span: Span) {
    if let last = spans.indices.last, spans[last].role == span.role {
      spans[last].text += span.text
    } else {
      spans.append(span)
    }
  }

  package var isEmpty: Bool { spans.isEmpty }
  /// The text without its meanings.
  package var plain: String { spans.map(\.text).joined() }
  /// Its width in columns.
  package var width: Int { spans.reduce(0) { $0 + DisplayWidth.of($1.text) } }

  package static func + (left: StyledText, right: StyledText) -> StyledText {
    var sum = left
    sum.append(right)
    return sum
  }

  package static func += (left: inout StyledText, right: StyledText) { left.append(right) }

  /// That many spaces.
  package static func spaces(_ count: Int) -> StyledText {
    StyledText(String(repeating: " ", count: max(count, 0)))
  }

  /// The same with every span's text changed and its role kept.
  func mapText(_ transform: (String) -> String) -> StyledText {
    var result = StyledText()
    for span in spans { result.append(Span(text: transform(span.text), role: span.role)) }
    return result
  }
}

extension StyledText: ExpressibleByStringInterpolation {
  package struct StringInterpolation: StringInterpolationProtocol {
    var text = StyledText()

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { text.append(literal) }

    package mutating func appendInterpolation(_ value: some CustomStringConvertible, _ role: TextRole = .plain) {
      text.append(value.description, role)
    }

    package mutating func appendInterpolation(_ other: StyledText) { text.append(other) }

    /// Something to type, in the middle of a sentence: in quotes, because colour may be off.
    package mutating func appendInterpolation(typed command: some StringProtocol) {
      text.append("'")
      // A short command stays on one line.
      text.append(command.count > 32 ? String(command) : String(command).replacing(" ", with: "\u{A0}"), .command)
      text.append("'")
    }
  }

  package init(stringLiteral value: String) { self.init(value) }
  package init(stringInterpolation: StringInterpolation) { self = stringInterpolation.text }
}

extension Sequence where Element == StyledText {
  /// The texts one after another with `separator` between them.
  package func joined(separator: StyledText) -> StyledText {
    var result = StyledText()
    for (index, text) in enumerated() {
      if index > 0 { result += separator }
      result += text
    }
    return result
  }
}
