// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension ForeignTable: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    for router in routers {
      if routers.count > 1 { page.addLine(StyledText("# \(router.name)", .faint)) }
      // As the tool prints it, and not wrapped: programs that read the tool's output must be able to read this.
      for line in router.lines { page.addLine(StyledText(line)) }
    }
    if routers.allSatisfy(\.lines.isEmpty) { page.add(said("There is no flow to show.")) }
    return page.text
  }
}
