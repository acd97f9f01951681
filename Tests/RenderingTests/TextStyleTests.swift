// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Testing

@Suite struct TextStyleTests {
  @Test(arguments: [
    (["TERM": "xterm-256color", "LANG": "en_US.UTF-8"], true, true),
    (["TERM": "xterm", "LANG": "en_US.UTF-8", "NO_COLOR": "1"], false, true),
    (["TERM": "xterm", "LANG": "en_US.UTF-8", "NO_COLOR": ""], true, true),
    (["TERM": "dumb", "LANG": "C.utf8"], false, true),
    (["LANG": "C.UTF-8"], false, true),
    (["TERM": "xterm", "LANG": "C.UTF-8", "LC_ALL": "C"], true, false),
    (["TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"], true, true),
    (["TERM": "xterm", "LANG": "C.UTF-8", "LC_ALL": ""], true, true),
    (["TERM": "xterm"], true, false),
  ])
  func terminals(environment: [String: String], color: Bool, unicode: Bool) {
    let style = TextStyle.detect(isTerminal: true, environment: environment, width: 100)
    #expect(style == TextStyle(usesColor: color, width: 100, usesUnicode: unicode))
  }

  @Test func aFileGetsTheSameBytesEverywhere() {
    #expect(TextStyle.detect(isTerminal: false, environment: ["TERM": "xterm", "LANG": "C"], width: 200) == .plain)
  }

  @Test(arguments: [(nil, 80), (0, 80), (132, 132), (3, 24)])
  func widths(given: Int?, used: Int) {
    #expect(TextStyle.detect(isTerminal: true, environment: [:], width: given).width == used)
  }
}
