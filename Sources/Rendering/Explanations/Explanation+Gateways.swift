// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

// Texts that a router on the way has read and changed.
extension Explanation {
  /// The most changes that are quoted.
  private static let mostQuoted = 6

  mutating func addRewrites(_ why: WhyReport) {
    let changes = (why.rewrites ?? []).filter { $0.event == "rewrote" }
    guard let first = changes.first else { return }
    let router = StyledText(first.host, .name)
    happened += said(" On the way \(router) read the packet's text and changed it: ")
    for (place, change) in changes.prefix(Self.mostQuoted).enumerated() {
      guard let before = change.data["before"]?.text, let after = change.data["after"]?.text else { continue }
      happened += StyledText(place == 0 ? "" : "; ")
      happened += said("\"\(PrintableText.of(before), .payload)\" became \"\(PrintableText.of(after), .payload)\"")
    }
    happened += changes.count > Self.mostQuoted ? "; …." : "."
    guard why.hop.verdict == .delivered else { return }
    because = said(
      """
      The text named an endpoint that means something only behind \(router). A router that knows the protocol writes its own \
      endpoint instead, and lets in whoever was told it. For that it must be able to read the text: encrypted text passes \
      as it is, and so does that of protocols it does not know.
      """)
    rule = Rule(
      2663, "2.9", nil,
      said("an application level gateway lets a program whose text has addresses in it work across a NAT"))
  }
}
