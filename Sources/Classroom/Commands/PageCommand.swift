// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Shell
import Wording

/// `page [PORT]`, `page off`
struct PageCommand: Command {
  /// Nil means the usual one.
  let port: Located<UInt16>?
  let closes: Bool

  init(_ arguments: Arguments) throws(SyntaxError) {
    closes = arguments.has("off")
    port = arguments.optionalPort("PORT")
  }

  static let declaration = CommandDeclaration(
    Self.self, "page", strangers: ["browser", "projector", "web", "serve-page", "show-page"], group: .session,
    effect: .outer, forms: [[.keyword("off")], [.optional("PORT", .port)]],
    summary: said("serves this session as a page for a browser, which follows it live"),
    details: [
      said(
        "The page is a picture of the network for a projector: packets move along the links as you step, addresses change ",
        "before everybody's eyes, rows appear in the tables and time out. Open the address that is printed in a browser ",
        "on this machine; no other machine can reach it."),
      said("`page off` ends it. Its port is 8420 unless you give another."),
    ],
    examples: ["scene one-home", "page 8437", "page off"], seeAlso: ["class", "map", "ladder"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(closes ? PageRequest.close : .open(port: port.map { Int($0.value) }))
  }
}

extension Vocabulary {
  /// The part of the page and the class.
  public static let classroom = Vocabulary([PageCommand.declaration, ClassCommand.declaration])
}

/// The page's present state: `{"page": {"url": "http://127.0.0.1:8420/", "open": true}}`.
struct PageReport: ResultContent {
  /// Nil if there is none.
  var url: String?
  /// Whether it was in that state before.
  var wasSo: Bool

  private enum CodingKeys: String, CodingKey { case page }
  private enum PageKeys: String, CodingKey { case url, open }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var page = container.nestedContainer(keyedBy: PageKeys.self, forKey: .page)
    try page.encode(url, forKey: .url)
    try page.encode(url != nil, forKey: .open)
  }
}

extension PageReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var lines = Page(style: style)
    if let url {
      lines.add(
        said(
          "The page \(wasSo ? said("is") : said("is now")) at \(url, .address): open it in a browser here. \(typed: "page off") ends it."
        ),
        hanging: 2)
    } else {
      lines.add(wasSo ? said("There is no page.") : said("The page is closed."))
    }
    return lines.text
  }
}
