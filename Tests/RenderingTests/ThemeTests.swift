// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Rendering

/// The colours of themes are readable on their backgrounds.
struct ThemeTests {
  private static let roles: [TextRole] = [
    .plain, .heading, .emphasis, .name, .address, .changed, .new, .refreshed, .expired, .refused, .payload, .command,
    .faint,
  ]

  /// Relative luminance, WCAG 2.2.
  private func luminance(_ color: Theme.Color) -> Double {
    func part(_ value: Int) -> Double {
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055)
    }
    return 0.2126 * part(color.red) + 0.7152 * part(color.green) + 0.0722 * part(color.blue)
  }

  /// The 2.4th power, by squaring and the fifth root, so that no library is needed.
  private func power(_ base: Double) -> Double {
    // base^2.4 = (base^12)^(1/5)
    let twelfth = base * base * base * base
    let wanted = twelfth * twelfth * twelfth
    var root = base * base
    for _ in 0..<60 { root -= (root * root * root * root * root - wanted) / (5 * root * root * root * root) }
    return root
  }

  @Test(arguments: [Theme.dark, .light, .contrast]) func everyRoleContrastsWithTheBackground(theme: Theme) throws {
    let ground = luminance(try #require(theme.ground))
    for role in Self.roles {
      let color = luminance(try #require(theme.color(of: role) ?? theme.plain))
      let ratio = (max(color, ground) + 0.05) / (min(color, ground) + 0.05)
      // Enhanced contrast, 1.4.6.
      #expect(ratio >= 6.5, "\(role) \(ratio)")
    }
  }

  @Test func darkBlueIsUnreadableOnBlack() {
    for role in Self.roles {
      let codes = Theme.terminal.graphicRendition(of: role)?.split(separator: ";") ?? []
      #expect(!codes.contains("34"))
    }
  }

  @Test func coloursAreThoseOfTheTerminalsCube() {
    #expect(Theme.Color(0, 0, 0).number == 16 && Theme.Color(255, 255, 255).number == 231)
    #expect(Theme.Color(95, 135, 175).number == 67)
  }
}
