// SPDX-License-Identifier: GPL-3.0-or-later

/// What `help TOPIC` has to say.
public enum HelpTopics {
  /// The topics of this target, in the order in which help lists them.
  public static let standard: [HelpReport.Topic] = []
}
