// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension Notice: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(words, after: "! ", later: "  ")
    return page.text
  }

  private var words: StyledText {
    switch self {
    case .unanswered(let host, let what, let packet):
      let question = what == .connect ? "SYN" : "ping"
      return
        said(
          "\(host, .name)'s \(question) was never answered: nothing came back. \(typed: "why \(packet)") shows where it ended."
        )
    case .privateAddressesUnreachable(let router, let prefix, let filters):
      return said(
        """
        \(router, .name) \(filters ? said("does not translate") : said("neither translates nor filters")), and \(prefix, .address) is private: the internet has no route \
        to it, so nobody outside can reach a host inside, not even to answer it (RFC 1918 §3).
        """)
    case .nothingInFlight:
      return said("Nothing is in flight: \(typed: "send") puts a packet on the wire.")
    case .interrupted(let inFlight):
      return
        said("Stopped, with \(Count.of(inFlight, "packet")) still in flight: \(typed: "run") goes on from here.")
    case .tableEmptied(let router, let rows):
      return said("\(router, .name)'s table was emptied: \(Count.of(rows, "row is", "rows are")) gone.")
    case .replaced(let path): return said("\(path, .name) existed before; its contents have been replaced.")
    case .blockNearlyFull(let router, let host, let used, let size):
      return used >= size
        ? said(
          """
          \(host, .address) uses all of the \(size) outside ports that \(router, .name) has for it: its new flows are refused. \
          \(typed: "table \(router)") shows them.
          """)
        : said(
          """
          \(host, .address) uses \(used) of the \(size) outside ports that \(router, .name) has for it; after the last one, its \
          new flows are refused. \(typed: "table \(router)") shows them.
          """)
    case .leftOut(let kind, let count):
      return said("The list is cut: there are \(Count.grouped(count)) more \(kind.rawValue).")
    }
  }

  /// The word for it in JSON.
  var kind: String {
    switch self {
    case .unanswered: "unanswered"
    case .privateAddressesUnreachable: "private-addresses-unreachable"
    case .nothingInFlight: "nothing-in-flight"
    case .interrupted: "interrupted"
    case .tableEmptied: "table-emptied"
    case .replaced: "replaced"
    case .blockNearlyFull: "block-nearly-full"
    case .leftOut: "left-out"
    }
  }
}
