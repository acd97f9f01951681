// SPDX-License-Identifier: GPL-3.0-or-later

/// The style of text for people: what the terminal can show, and how much of it fits on a line.
///
/// Rendering reads no environment and asks no terminal; the outer layer finds the facts and passes them in.
public struct TextStyle: Hashable, Sendable {
  /// Whether escape codes for colour may be sent. Colour never carries a meaning alone.
  public var usesColor: Bool
  /// The columns of a line, at least ``minimumWidth``.
  public var width: Int
  /// Whether arrows, lines and marks beyond ASCII may be sent.
  public var usesUnicode: Bool
  /// Whether what is emphasised without colour has marks around it, as in Markdown.
  public var usesMarks = true
  /// The colours, if there are any.
  public var theme = Theme.terminal

  /// Below this many columns nothing sensible can be drawn; a narrower terminal wraps.
  public static let minimumWidth = 24

  /// The style for a file or a pipe.
  public static let plain = TextStyle()

  public init(usesColor: Bool = false, width: Int = 80, usesUnicode: Bool = true) {
    self.usesColor = usesColor
    self.width = max(width, Self.minimumWidth)
    self.usesUnicode = usesUnicode
  }

  /// The same style in other columns.
  package func with(width: Int) -> TextStyle {
    var style = self
    style.width = max(width, Self.minimumWidth)
    return style
  }

  /// The style for an output, from facts about it.
  ///
  /// A file or a pipe gets Unicode without colour in 80 columns whatever the environment, so that the same script
  /// gives the same bytes everywhere.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether the output is a terminal.
  ///   - environment: The environment's variables; `NO_COLOR` (any value but the empty one) and `TERM=dumb` turn colour
  ///     off, and the locale (`LC_ALL`, `LC_CTYPE`, `LANG`, the first that is set) must name UTF-8 for more than ASCII.
  ///   - width: The terminal's columns, nil if they are not known.
  public static func detect(isTerminal: Bool, environment: [String: String], width: Int?) -> TextStyle {
    guard isTerminal else { return .plain }
    let terminal = environment["TERM"] ?? ""
    let refusesColor = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
    // language_TERRITORY.codeset@modifier
    let codeset = locale.lowercased().split { $0 == "." || $0 == "@" }
    return TextStyle(
      usesColor: !refusesColor && !terminal.isEmpty && terminal != "dumb",
      width: width.flatMap { $0 > 0 ? $0 : nil } ?? 80,
      usesUnicode: codeset.contains { $0 == "utf-8" || $0 == "utf8" })
  }
}

/// The meaning of a piece of text; its colour follows from that.
package enum TextRole: Hashable, Sendable {
  case plain
  case heading
  case emphasis
  /// A device.
  case name
  /// An address or an endpoint.
  case address
  /// A field that a device has changed.
  case changed
  /// A row that is new, a packet that arrived.
  case new
  case refreshed
  case expired
  /// A packet turned away, an error.
  case refused
  /// A packet's text.
  case payload
  /// Something to type.
  case command
  /// Something that may be overlooked.
  case faint

  /// The parameters of the terminal's "select graphic rendition" sequence, from the eight colours that every theme
  /// keeps legible; nil for none.
  var graphicRendition: String? {
    switch self {
    case .plain: nil
    case .heading, .name: "1"
    case .emphasis: "4"
    case .address: "36"
    case .changed: "1;33"
    case .new: "1;32"
    case .refreshed: "36"
    case .expired: "33"
    case .refused: "1;31"
    case .payload: "35"
    // Not blue, which is too dark to read on black in many themes and on every projector.
    case .command: "1;36"
    case .faint: "2"
    }
  }
}
