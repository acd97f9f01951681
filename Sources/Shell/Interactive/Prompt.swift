// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Rendering

/// The prompt: the time in the network, and how many packets are on their way.
///
///     natsh>
///     natsh 21ms ●1>
package struct Prompt {
  var clock: Instant
  var packetsInFlight: Int
  /// The lesson and the step.
  var note: String?
  var style: TextStyle

  /// Without colour, as its characters appear on the terminal.
  package var plain: String {
    var text = "natsh"
    if let note { text += " \(note)" }
    if clock != .zero { text += " \(clockText)" }
    if packetsInFlight > 0 { text += " " + flights }
    return text + "> "
  }

  /// Its width in columns.
  var width: Int { plain.count }

  /// For Readline, which needs text without width to be enclosed in \001 and \002.
  var text: String {
    guard style.usesColor else { return plain }
    func styled(_ text: String, _ codes: String) -> String {
      "\u{01}\u{1B}[\(codes)m\u{02}\(text)\u{01}\u{1B}[m\u{02}"
    }
    var text = styled("natsh", "1")
    if let note { text += " " + styled(note, "35") }
    if clock != .zero { text += " " + styled(clockText, "36") }
    if packetsInFlight > 0 { text += " " + styled(flights, "33") }
    return text + "> "
  }

  private var flights: String { (style.usesUnicode ? "●" : "*") + String(packetsInFlight) }

  /// The clock, shortened: beyond a minute nobody counts microseconds in a prompt.
  private var clockText: String {
    let microseconds = clock.microseconds
    if microseconds < 1_000 { return "\(microseconds)us" }
    if microseconds < 1_000_000 { return Self.decimal(microseconds, in: 1_000) + "ms" }
    if microseconds < 60_000_000 { return Self.decimal(microseconds, in: 1_000_000) + "s" }
    return Interval(microseconds: microseconds / 1_000_000 * 1_000_000).description
  }

  /// `microseconds` in a larger unit with up to three decimals: `20.25`.
  private static func decimal(_ microseconds: Int64, in unit: Int64) -> String {
    let thousandths = microseconds / (unit / 1_000)
    var digits = String(1_000 + thousandths % 1_000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return String(thousandths / 1_000) + (digits.isEmpty ? "" : "." + digits)
  }
}

extension Prompt {
  /// The prompt of a session at a terminal of that style.
  package init(of session: Session, style: TextStyle = .plain) {
    self.init(
      clock: session.clock, packetsInFlight: session.packetsInFlight, note: session.companion?.promptNote,
      style: style)
  }
}
