// SPDX-License-Identifier: GPL-3.0-or-later

/// Lent to a session whose learner does not know the words of RFC 4787 yet: tables then describe the router's behaviour
/// in plain sentences.
public struct PlainWords: Sendable {
  public init() {}
}
