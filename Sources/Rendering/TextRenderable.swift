// SPDX-License-Identifier: GPL-3.0-or-later

/// A result's content that knows how to be text for people. Each target with commands words its own results.
public protocol TextRenderable: Sendable {
  /// The lines for a terminal of that style, without a newline at the end; empty if there is nothing to say.
  func text(style: TextStyle) -> String
}

/// Text to be read from its beginning: if it is longer than a terminal, it is shown a page at a time.
public protocol ReadingText: TextRenderable {}
