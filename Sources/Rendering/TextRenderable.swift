// SPDX-License-Identifier: GPL-3.0-or-later

/// A result's content that knows how to be text for people. Each target with commands words its own results.
public protocol TextRenderable: Sendable {
  /// The lines for a terminal of that style, without a newline at the end; empty if there is nothing to say.
  func text(style: TextStyle) -> String
}

/// Text to be read from its beginning: if it is longer than a terminal, it is shown a page at a time.
public protocol ReadingText: TextRenderable {}

/// A result's content whose words are part of its JSON, too. They stand here, and not with the content's other keys,
/// because only the renderers know them.
protocol WordedContent {
  associatedtype Words: Encodable
  /// The words, whose keys stand beside the content's own.
  var words: Words { get }
}
