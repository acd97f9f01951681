// SPDX-License-Identifier: GPL-3.0-or-later

/// The texts of `help TOPIC`. Paragraphs are plain text; text in backquotes is typed as it is.
public enum HelpTopics {
  /// The topics of this target, in the order in which help lists them.
  public static let standard: [HelpReport.Topic] = [
    start, nat, privateAddresses, mapping, filtering, ports, refusals, hairpinning, cones, presets, ipv6, endpoints,
    time, scripts, atHome,
  ]

  static func topic(_ name: String, _ title: String, _ paragraphs: String...) -> HelpReport.Topic {
    HelpReport.Topic(name: name, title: title, paragraphs: paragraphs)
  }
}
