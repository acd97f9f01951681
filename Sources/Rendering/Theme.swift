// SPDX-License-Identifier: GPL-3.0-or-later

/// The colours for the meanings of text.
///
/// A terminal's own eight colours are its owner's choice, and a projector washes some of them out: dark blue on black
/// is illegible from the second row on. So a presenter may choose known colours, with their own background.
public enum Theme: String, CaseIterable, Hashable, Sendable {
  /// The terminal's own colours on its own background.
  case terminal
  case dark
  case light
  /// White on black, with nothing expressed by colour.
  case contrast

  /// A colour by its parts, 0 to 255.
  package struct Color: Hashable, Sendable {
    package var red: Int
    package var green: Int
    package var blue: Int

    package init(_ red: Int, _ green: Int, _ blue: Int) {
      self.red = red
      self.green = green
      self.blue = blue
    }

    /// Its number in the 256 colours of terminals: the cube with six steps per part.
    var number: Int {
      func step(_ part: Int) -> Int { part < 48 ? 0 : part < 115 ? 1 : (part - 35) / 40 }
      return 16 + 36 * step(red) + 6 * step(green) + step(blue)
    }
  }

  /// The background; nil if that is the terminal's business.
  package var ground: Color? {
    switch self {
    case .terminal: nil
    case .dark, .contrast: Color(0, 0, 0)
    case .light: Color(255, 255, 255)
    }
  }

  /// The colour of plain text; nil if that is the terminal's business.
  package var plain: Color? {
    switch self {
    case .terminal: nil
    case .dark, .contrast: Color(255, 255, 255)
    case .light: Color(0, 0, 0)
    }
  }

  /// The colour of a role; nil for that of plain text.
  package func color(of role: TextRole) -> Color? {
    switch (self, role) {
    case (.terminal, _), (.contrast, _), (_, .plain), (_, .heading), (_, .emphasis), (_, .name): nil
    case (.dark, .address), (.dark, .refreshed): Color(95, 215, 255)
    case (.dark, .changed): Color(255, 255, 95)
    case (.dark, .new): Color(135, 255, 135)
    case (.dark, .expired): Color(255, 215, 135)
    case (.dark, .refused): Color(255, 175, 175)
    case (.dark, .payload): Color(255, 175, 255)
    case (.dark, .command): Color(135, 215, 255)
    case (.dark, .faint): Color(215, 215, 215)
    case (.light, .address), (.light, .refreshed): Color(0, 95, 135)
    case (.light, .changed): Color(95, 0, 135)
    case (.light, .new): Color(0, 95, 0)
    case (.light, .expired): Color(95, 95, 0)
    case (.light, .refused): Color(135, 0, 0)
    case (.light, .payload): Color(95, 0, 95)
    case (.light, .command): Color(0, 0, 135)
    case (.light, .faint): Color(0, 0, 0)
    }
  }

  /// The parameters of the terminal's "select graphic rendition" sequence; nil for none.
  package func graphicRendition(of role: TextRole) -> String? {
    switch self {
    case .terminal: return role.graphicRendition
    case .contrast:
      switch role {
      case .refused: return "1;7"
      case .changed, .new, .command: return "1;4"
      case .emphasis: return "4"
      case .heading, .name, .address, .payload, .expired, .refreshed: return "1"
      case .plain, .faint: return nil
      }
    case .dark, .light:
      let weight =
        switch role {
        case .heading, .name, .changed, .new, .refused, .command: "1"
        case .emphasis: "4"
        case .plain, .address, .refreshed, .expired, .payload, .faint: ""
        }
      let parts = [weight, color(of: role).map { "38;5;\($0.number)" } ?? ""].filter { !$0.isEmpty }
      return parts.isEmpty ? nil : parts.joined(separator: ";")
    }
  }

  /// The whole sequence that sets plain text and its background, and cancels everything else.
  package var base: String {
    guard let plain, let ground else { return "\u{1B}[0m" }
    return "\u{1B}[0;38;5;\(plain.number);48;5;\(ground.number)m"
  }
}
