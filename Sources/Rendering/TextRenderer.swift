// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Results as text for people.
public struct TextRenderer: Sendable {
  public var style: TextStyle

  public init(style: TextStyle = .plain) {
    self.style = style
  }

  /// What happened, then what was asked for, then what is worth knowing: lines without a newline at the end, empty
  /// where there is nothing to say.
  public func text(for result: CommandResult) -> String {
    var parts: [String] = []
    if let activity = result.activity {
      let saysNothing =
        activity.hops.isEmpty && activity.events.isEmpty && activity.expired.isEmpty && activity.omittedHops == 0
      // That nothing was in flight is said by a notice, and that the clock stands by its silence.
      if !saysNothing || result.content is NoContent && !result.notices.contains(.nothingInFlight) {
        parts.append(activity.text(style: style))
      }
    }
    if let content = result.content as? any TextRenderable {
      parts.append(content.text(style: style))
    }
    for notice in result.notices { parts.append(notice.text(style: style)) }
    for remark in result.remarks {
      if let remark = remark as? any TextRenderable { parts.append(remark.text(style: style)) }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// A command behind a prompt, as it is shown before it runs.
  public func text(forPrompt prompt: String, command: String) -> String {
    var page = Page(style: style)
    page.addLine("\(prompt, .faint)\(command, .command)")
    return page.text
  }

  /// An error as people get it: `error: nobody is called 'alcie' (did you mean 'alice'?)`.
  ///
  /// - Parameters:
  ///   - place: Where it is, as `lesson.natsh:12:6`; nil at the prompt.
  ///   - wrapped: Whether it is broken between words at the style's width; else it is one line, however long.
  public func text(for error: ErrorReport, at place: String? = nil, wrapped: Bool = false) -> String {
    var page = Page(style: style)
    var text = place.map { StyledText("\($0): ") } ?? StyledText()
    text += "\("error:", .refused) " + StyledText(prose: error.message)
    if let suggestion = error.suggestion { text += " (did you mean '\(suggestion, .command)'?)" }
    if wrapped { page.add(text, hanging: 2) } else { page.addLine(text) }
    return page.text
  }
}
