// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// The curriculum as pages to be read and printed, one per lesson and one that lists them.
///
/// A page is self-contained: it loads nothing, and its questions are answered by clicking, without a script. A chosen
/// choice shows its reply.
package struct LessonPages {
  private let lessons: [Lesson]
  /// Whether solutions and hints are included, folded; else they are left out.
  private let hasSolutions: Bool

  package init(_ lessons: [Lesson], hasSolutions: Bool) {
    self.lessons = lessons
    self.hasSolutions = hasSolutions
  }

  /// The list first, then the lessons in their order.
  package var files: [NetworkExport.File] {
    [NetworkExport.File(name: "index.html", text: list)]
      + lessons.map { NetworkExport.File(name: "\($0.id).html", text: page($0)) }
  }

  private static let style =
    """
    body{max-width:46rem}article{margin-bottom:2rem}h2{margin-top:2.4rem;border-top:1px solid #999;padding-top:1rem}
    code{font-family:ui-monospace,monospace;background:#f2f2f2;padding:0 .2em}pre{background:#f2f2f2;padding:.6rem}
    pre code{padding:0}pre.commands{border-left:4px solid #005f87}blockquote{border-left:4px solid #ccc;margin:0;padding-left:1rem}
    fieldset{border:1px solid #999;padding:.6rem 1rem}legend{font-weight:700}label{display:block;padding:.35rem 0}
    .reply{display:none;margin:.2rem 0 .6rem 1.7rem}input:checked+label+.reply{display:block}
    .question{display:grid;grid-template-columns:auto 1fr;column-gap:.5rem}.question .reply{grid-column:1/3}
    .question input{width:1.2rem;height:1.2rem;align-self:center}.facts{color:#444}
    @media print{.reply,nav{display:none}h2{break-after:avoid}pre,fieldset{break-inside:avoid}}
    """

  // MARK: The list

  private var list: String {
    let rows = lessons.enumerated().map { index, lesson in
      let minutes = lesson.minutes.map { said(", about \($0) minutes") } ?? ""
      let objectives = lesson.objectives.map { "<li>\(Markup.escaped($0))</li>" }.joined(separator: "\n")
      return """
        <article><h2>\(index + 1). <a href="\(lesson.id).html">\(Markup.escaped(lesson.title))</a></h2>
        <p class="facts"><code>lesson \(lesson.id)</code>\(minutes)</p>
        <ul>
        \(objectives)
        </ul></article>
        """
    }
    let body = "<h1>\(said("Lessons"))</h1>\n" + rows.joined(separator: "\n")
    return HTMLDocument.text(
      title: said("Lessons"), style: Self.style, language: Phrasebook.chosen?.language ?? "en", body: body)
  }

  // MARK: A lesson

  private func page(_ lesson: Lesson) -> String {
    var parts = [
      "<nav><a href=\"index.html\">\(said("All lessons"))</a></nav>", "<h1>\(Markup.escaped(lesson.title))</h1>",
      facts(lesson),
    ]
    if !lesson.objectives.isEmpty {
      parts.append("<ul>" + lesson.objectives.map { "<li>\(Markup.escaped($0))</li>" }.joined() + "</ul>")
    }
    parts.append(ProseMarkup.html(lesson.introduction))
    for (index, step) in lesson.steps.enumerated() { parts.append(section(step, number: index + 1)) }
    if let next = LessonLibrary(folder: nil, lessons: lessons).next(after: lesson.id) {
      let link = "<a href=\"\(next.id).html\">\(Markup.escaped(next.title))</a>"
      parts.append("<nav><p>\(said("Next: \(link)"))</p></nav>")
    }
    return HTMLDocument.text(
      title: lesson.title, style: Self.style, language: lesson.language ?? "en", body: parts.joined(separator: "\n"))
  }

  private func facts(_ lesson: Lesson) -> String {
    let facts = [said("In natsh: <code>lesson \(lesson.id)</code>")] + lesson.facts.map(Markup.escaped)
    return "<p class=\"facts\">\(facts.joined(separator: "; "))</p>"
  }

  private func section(_ step: Lesson.Step, number: Int) -> String {
    var parts = ["<section>", "<h2>\(number). \(Markup.escaped(step.title))</h2>", ProseMarkup.html(step.prose)]
    if let question = step.prediction { parts.append(self.question(question, step: number)) }
    if hasSolutions {
      for (index, hint) in step.hints.enumerated() {
        parts.append(folded(said("Hint \(index + 1)"), ProseMarkup.html(Prose.read(hint.value))))
      }
      if !step.solution.isEmpty { parts.append(folded(said("Solution"), ProseMarkup.code(step.solution.map(\.value)))) }
    }
    parts.append("</section>")
    return parts.joined(separator: "\n")
  }

  private func folded(_ title: String, _ body: String) -> String {
    "<details><summary>\(title)</summary>\n\(body)\n</details>"
  }

  /// The choices, each with the reply shown once it is chosen.
  private func question(_ question: Lesson.Prediction, step: Int) -> String {
    let because = ProseMarkup.html(Prose.read(question.because))
    let rows = question.choices.enumerated().map { index, choice in
      let id = "q\(step)-\(index + 1)"
      let isRight = index + 1 == question.answer
      // Without the solutions, the reply to a wrong choice must not give away the right one.
      let reply =
        isRight
        ? "<p>✓ \(said("Yes."))</p>\n\(because)"
        : "<p>✗ \(said("No. Think again, or try it out in natsh."))</p>\n"
          + (choice.because.map { ProseMarkup.html(Prose.read($0)) } ?? "")
      return """
        <input type="radio" name="q\(step)" id="\(id)"><label for="\(id)">\(Markup.escaped(choice.text))</label>
        <div class="reply">\(reply)</div>
        """
    }
    return """
      <fieldset><legend>\(Markup.escaped(question.question))</legend>
      <div class="question">
      \(rows.joined(separator: "\n"))
      </div></fieldset>
      """
  }
}
