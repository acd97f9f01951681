// SPDX-License-Identifier: GPL-3.0-or-later

import CCmark

/// A Markdown text's blocks, as far as lessons distinguish them.
struct MarkdownDocument {
  /// A block at the top level of the document.
  struct Block {
    enum Content {
      case heading(level: Int, [Prose.Inline])
      case fenced(info: String, text: String)
      case prose(Prose)
    }
    var content: Content
    /// Counted from 1.
    var line: Int
    var lastLine: Int
  }

  /// Blocks within blocks beyond this depth are left out.
  private static let deepest = 16

  private(set) var blocks: [Block] = []
  /// Things that a lesson should not have, in the order of lines.
  private(set) var findings: [Finding] = []

  /// Reads CommonMark.
  init(_ text: String) {
    var text = text
    let document = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT) }
    }
    guard let document else { return }
    defer { cmark_node_free(document) }
    findings = Self.findings(in: document)
    for node in Self.children(of: document) {
      guard let content = Self.content(of: node) else { continue }
      blocks.append(
        Block(
          content: content, line: Int(cmark_node_get_start_line(node)), lastLine: Int(cmark_node_get_end_line(node))))
    }
  }

  private static func content(of node: OpaquePointer) -> Block.Content? {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_HEADING: return .heading(level: Int(cmark_node_get_heading_level(node)), inlines(of: node))
    case CMARK_NODE_CODE_BLOCK: return .fenced(info: string(cmark_node_get_fence_info(node)), text: literal(node))
    default: return prose(of: node, depth: 0).map { .prose($0) }
    }
  }

  private static func children(of node: OpaquePointer) -> some Sequence<OpaquePointer> {
    sequence(first: cmark_node_first_child(node), next: { $0.map { cmark_node_next($0) } ?? nil })
      .lazy.prefix { $0 != nil }.compactMap { $0 }
  }

  static func string(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }

  static func literal(_ node: OpaquePointer) -> String { string(cmark_node_get_literal(node)) }

  private static func prose(of node: OpaquePointer, depth: Int) -> Prose? {
    guard depth < deepest else { return nil }
    func blocks(in node: OpaquePointer) -> [Prose] {
      children(of: node).compactMap { prose(of: $0, depth: depth + 1) }
    }
    switch cmark_node_get_type(node) {
    case CMARK_NODE_HEADING: return .heading(level: Int(cmark_node_get_heading_level(node)), inlines(of: node))
    case CMARK_NODE_PARAGRAPH:
      let inlines = inlines(of: node)
      return PipeTable.read(inlines) ?? .paragraph(inlines)
    case CMARK_NODE_BLOCK_QUOTE: return .quotation(blocks(in: node))
    case CMARK_NODE_LIST:
      let isNumbered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
      return .list(
        start: isNumbered ? Int(cmark_node_get_list_start(node)) : nil,
        items: children(of: node).map { blocks(in: $0) })
    case CMARK_NODE_CODE_BLOCK: return .code(literal(node).codeLines)
    case CMARK_NODE_THEMATIC_BREAK: return .rule
    case CMARK_NODE_HTML_BLOCK:
      let text = literal(node)
      // Pages do not show comments either.
      return text.hasPrefix("<!--") ? nil : .code(text.codeLines)
    default: return nil
    }
  }

  private static func inlines(of node: OpaquePointer, depth: Int = 0) -> [Prose.Inline] {
    guard depth < deepest else { return [] }
    var result: [Prose.Inline] = []
    // Text comes in many small pieces.
    var text = ""
    func addText() {
      if !text.isEmpty { result.append(.text(text)) }
      text = ""
    }
    for child in children(of: node) {
      switch cmark_node_get_type(child) {
      case CMARK_NODE_TEXT, CMARK_NODE_SOFTBREAK, CMARK_NODE_HTML_INLINE: break
      default: addText()
      }
      switch cmark_node_get_type(child) {
      case CMARK_NODE_TEXT: text += literal(child)
      // Kept distinct from a space, so that a table's rows can be recognised; elsewhere it is one.
      case CMARK_NODE_SOFTBREAK: text += "\n"
      case CMARK_NODE_LINEBREAK: result.append(.lineBreak)
      case CMARK_NODE_CODE: result.append(.code(literal(child)))
      case CMARK_NODE_HTML_INLINE:
        let tag = literal(child)
        if !tag.hasPrefix("<!--") { text += tag }
      case CMARK_NODE_EMPH: result.append(.emphasis(inlines(of: child, depth: depth + 1)))
      case CMARK_NODE_STRONG: result.append(.strong(inlines(of: child, depth: depth + 1)))
      case CMARK_NODE_LINK:
        result.append(
          .link(inlines(of: child, depth: depth + 1), destination: string(cmark_node_get_url(child))))
      case CMARK_NODE_IMAGE: result += inlines(of: child, depth: depth + 1)
      default: break
      }
    }
    addText()
    return result
  }
}

extension String {
  /// A code block's lines.
  var codeLines: [String] {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

extension Prose {
  /// A short Markdown text's blocks: a hint, a reply.
  static func read(_ markdown: String) -> [Prose] {
    MarkdownDocument(markdown).blocks.map { block in
      switch block.content {
      case .heading(let level, let inlines): .heading(level: level, inlines)
      case .fenced(_, let text): .code(text.codeLines)
      case .prose(let prose): prose
      }
    }
  }
}
