// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering

/// Shapes and words of an SVG drawing, in the order in which they are drawn over each other.
struct SVGCanvas {
  private var elements: [String] = []
  private(set) var width = 0
  private(set) var height = 0

  private mutating func reach(_ x: Int, _ y: Int) {
    width = max(width, x)
    height = max(height, y)
  }

  mutating func box(x: Int, y: Int, width: Int, height: Int, _ kind: String) {
    elements.append(#"<rect class="\#(kind)" x="\#(x)" y="\#(y)" width="\#(width)" height="\#(height)" rx="8"/>"#)
    reach(x + width, y + height)
  }

  mutating func line(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, _ kind: String) {
    elements.append(#"<line class="\#(kind)" x1="\#(x1)" y1="\#(y1)" x2="\#(x2)" y2="\#(y2)"/>"#)
    reach(max(x1, x2), max(y1, y2))
  }

  /// A line with a head at its end.
  mutating func arrow(_ x1: Int, _ x2: Int, y: Int, _ kind: String) {
    line(x1, y, x2, y, kind)
    let back = x2 > x1 ? -9 : 9
    elements.append(#"<path class="head \#(kind)" d="M\#(x2) \#(y)l\#(back) -5v10z"/>"#)
  }

  enum Anchor: String {
    case start, middle, end
  }

  mutating func text(_ text: String, x: Int, y: Int, _ kind: String, _ anchor: Anchor = .start) {
    elements.append(
      #"<text class="\#(kind)" x="\#(x)" y="\#(y)" text-anchor="\#(anchor.rawValue)">\#(Markup.escaped(text))</text>"#)
    let length = Self.width(of: text)
    reach(anchor == .start ? x + length : anchor == .middle ? x + length / 2 : x, y + 4)
  }

  /// The rough width of a text: nobody knows the reader's fonts.
  static func width(of text: String) -> Int { DisplayWidth.of(PrintableText.of(text)) * 8 + 4 }

  static let style = """
    text{font:14px system-ui,sans-serif;fill:#111}.title{font-weight:700;font-size:18px}.name{font-weight:700}\
    .address{font-family:ui-monospace,monospace;font-size:13px;fill:#005f87}.faint{fill:#444;font-size:13px}\
    .refused{fill:#870000;font-weight:700}.flight{fill:#005f00;font-weight:700}.head-cell{fill:#444;font-size:13px}\
    .cell{font-family:ui-monospace,monospace;font-size:13px}rect{fill:#fff;stroke:#333;stroke-width:1.5}\
    .router{fill:#e8f1fa}.internet{fill:#f2f2f2}.link{stroke:#333;stroke-width:1.5}.life{stroke:#aaa;stroke-dasharray:3 4}\
    .wire{stroke:#333;stroke-width:1.5}.wire-refused{stroke:#870000;stroke-width:1.5}.head{fill:#333;stroke:none}\
    .head.wire-refused{fill:#870000}
    """

  /// The drawing as a document, or as an element of one.
  ///
  /// - Parameter title: the description for screen readers.
  func text(title: String) -> String {
    let (width, height) = (self.width + 16, self.height + 16)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
      role="img" aria-label="\(Markup.escaped(title))">
      <title>\(Markup.escaped(title))</title>
      <style>\(Self.style)</style>
      \(elements.joined(separator: "\n"))
      </svg>

      """
  }
}
