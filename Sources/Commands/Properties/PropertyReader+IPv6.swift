// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension PropertyReader {
  /// `off`, or `on` and perhaps a prefix of one of the lengths that RFC 6052 has.
  func embeddingPrefix() throws(SyntaxError) -> EmbeddingPrefix? {
    try checkCount(2)
    guard property.grammar.words[try indexOfWord(tokens[0])].name == "on" else {
      try checkCount(1)
      return nil
    }
    guard tokens.count > 1 else { return .wellKnown }
    let prefix = try ArgumentReader.prefix(tokens[1])
    guard let embedding = EmbeddingPrefix(prefix) else {
      throw SyntaxError(.prefixEmbedsNothing(prefix), at: tokens[1], suggestion: "\(EmbeddingPrefix.wellKnown.prefix)")
    }
    return embedding
  }

  /// `off`, or an IPv6 prefix.
  func outsidePrefix() throws(SyntaxError) -> IPPrefix? {
    let token = try only()
    if token.isKeyword("off") { return nil }
    return try ArgumentReader.prefix(token)
  }
}
