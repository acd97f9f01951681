// SPDX-License-Identifier: GPL-3.0-or-later

/// Lent to a session whose learner does not know the words of RFC 4787 yet: tables then say in plain sentences what the
/// router does.
public struct PlainWords: Sendable {
  public init() {}
}
