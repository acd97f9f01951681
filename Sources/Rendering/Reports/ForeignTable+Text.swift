// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension ForeignTable: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    for router in routers {
      if routers.count > 1 { page.addLine(StyledText("# \(router.name)", .faint)) }
      // As the tool prints it, and not folded: what reads that must read this.
      for line in router.lines { page.addLine(StyledText(line)) }
    }
    if routers.allSatisfy(\.lines.isEmpty) { page.add("There is no flow to show.") }
    return page.text
  }
}
