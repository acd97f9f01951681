// SPDX-License-Identifier: GPL-3.0-or-later

import CCmark

extension MarkdownDocument {
  /// Something in a document that its author probably did not want there.
  struct Finding {
    enum Kind {
      /// HTML, which is not shown as HTML here.
      case html(String)
      /// A fence inside another block, where natsh does not read it.
      case nestedFence(info: String)
    }
    var kind: Kind
    /// Counted from 1.
    var line: Int
  }

  /// All HTML in the document except comments, and the fences that are not at its top level.
  static func findings(in document: OpaquePointer) -> [Finding] {
    guard let iterator = cmark_iter_new(document) else { return [] }
    defer { cmark_iter_free(iterator) }
    var found: [Finding] = []
    /// The line of the block around an inline.
    var blockLine = 1
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { break }
      guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) else { continue }
      let ownLine = Int(cmark_node_get_start_line(node))
      switch cmark_node_get_type(node) {
      case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE:
        let text = literal(node)
        guard !text.hasPrefix("<!--") else { continue }
        // A closing tag is reported with its opening one.
        if text.hasPrefix("</") { continue }
        found.append(Finding(kind: .html(text), line: ownLine > 0 ? ownLine : blockLine))
      case CMARK_NODE_CODE_BLOCK:
        if let info = fenceInside(node, of: document) {
          found.append(Finding(kind: .nestedFence(info: info), line: ownLine))
        }
      case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING: blockLine = ownLine
      default: continue
      }
    }
    return found
  }

  /// The info string of a fence inside another block, or indented so far that it is only shown.
  private static func fenceInside(_ node: OpaquePointer, of document: OpaquePointer) -> String? {
    let info = string(cmark_node_get_fence_info(node))
    guard info.isEmpty else { return cmark_node_parent(node) == document ? nil : info }
    guard let first = literal(node).split(separator: "\n").first, first.hasPrefix("```") || first.hasPrefix("~~~")
    else {
      return nil
    }
    return String(first.drop { $0 == "`" || $0 == "~" })
  }
}
