// SPDX-License-Identifier: GPL-3.0-or-later

import Lessons

/// A lesson's step as the page shows it.
struct LessonJSON: Encodable {
  var id: String
  var title: String
  var step: Int
  var steps: Int
  var task: String
  var done: Bool
  var prose: [ProseJSON]

  init(_ sight: LessonSight) {
    id = sight.place.lesson
    title = sight.place.title
    step = sight.place.step
    steps = sight.place.steps
    task = sight.task
    done = sight.isDone
    prose = sight.prose.map(ProseJSON.init)
  }
}

/// A question that waits for its answer.
struct QuestionJSON: Encodable {
  var text: String
  var choices: [String]

  init(_ question: LessonSight.Question) {
    text = question.text
    choices = question.choices
  }
}

/// A block of prose as data: the page turns it into elements, never into markup.
struct ProseJSON: Encodable {
  let block: Prose

  init(_ block: Prose) { self.block = block }

  private enum CodingKeys: String, CodingKey { case kind, text, start, items, blocks, lines, rows }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch block {
    case .heading(_, let text):
      try container.encode("heading", forKey: .kind)
      try container.encode(text.map(InlineJSON.init), forKey: .text)
    case .paragraph(let text):
      try container.encode("paragraph", forKey: .kind)
      try container.encode(text.map(InlineJSON.init), forKey: .text)
    case .list(let start, let items):
      try container.encode("list", forKey: .kind)
      try container.encodeIfPresent(start, forKey: .start)
      try container.encode(items.map { $0.map(ProseJSON.init) }, forKey: .items)
    case .quotation(let blocks):
      try container.encode("quotation", forKey: .kind)
      try container.encode(blocks.map(ProseJSON.init), forKey: .blocks)
    case .code(let lines):
      try container.encode("code", forKey: .kind)
      try container.encode(lines, forKey: .lines)
    case .commands(let lines):
      try container.encode("commands", forKey: .kind)
      try container.encode(lines, forKey: .lines)
    case .table(_, let rows):
      try container.encode("table", forKey: .kind)
      try container.encode(rows.map { $0.map { $0.map(InlineJSON.init) } }, forKey: .rows)
    case .rule: try container.encode("rule", forKey: .kind)
    }
  }
}

/// A piece of a paragraph: words, or a kind with pieces in it. A link is only its words: the page never leads
/// elsewhere.
struct InlineJSON: Encodable {
  let inline: Prose.Inline

  init(_ inline: Prose.Inline) { self.inline = inline }

  private enum CodingKeys: String, CodingKey { case kind, words, inner }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch inline {
    case .text(let words):
      try container.encode("text", forKey: .kind)
      try container.encode(words, forKey: .words)
    case .code(let words):
      try container.encode("code", forKey: .kind)
      try container.encode(words, forKey: .words)
    case .emphasis(let inner):
      try container.encode("emphasis", forKey: .kind)
      try container.encode(inner.map(InlineJSON.init), forKey: .inner)
    case .strong(let inner):
      try container.encode("strong", forKey: .kind)
      try container.encode(inner.map(InlineJSON.init), forKey: .inner)
    case .link(let inner, _):
      try container.encode("link", forKey: .kind)
      try container.encode(inner.map(InlineJSON.init), forKey: .inner)
    case .lineBreak: try container.encode("break", forKey: .kind)
    }
  }
}
