// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// Results as text for people.
public struct TextRenderer: Sendable {
  public var style: TextStyle

  public init(style: TextStyle = .plain) {
    self.style = style
  }

  /// The activity, then the content, then the notices: lines without a newline at the end, empty if there is nothing to
  /// say.
  public func text(for result: CommandResult) -> String {
    var parts: [String] = []
    if let activity = result.activity {
      let saysNothing =
        activity.hops.isEmpty && activity.events.isEmpty && activity.expired.isEmpty && activity.omittedHops == 0
      // A notice says that nothing was in flight; silence says that the clock did not move.
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

  /// A command after a prompt, as it is shown before it runs.
  public func text(forPrompt prompt: String, command: String) -> String {
    var page = Page(style: style)
    page.addLine("\(prompt, .faint)\(command, .command)")
    return page.text
  }

  /// An error as people see it: `error: nobody is called 'alcie' (did you mean 'alice'?)`.
  ///
  /// - Parameters:
  ///   - place: Its place, such as `lesson.natsh:12:6`; nil at the prompt.
  ///   - wrapped: Whether it is broken between words at the style's width; else it is one line, however long.
  public func text(for error: ErrorReport, at place: String? = nil, wrapped: Bool = false) -> String {
    var page = Page(style: style)
    var text = place.map { StyledText("\($0): ") } ?? StyledText()
    text += "\("error:", .refused) " + StyledText(prose: error.message)
    if let suggestion = error.suggestion { text += said(" (did you mean '\(suggestion, .command)'?)") }
    if wrapped { page.add(text, hanging: 2) } else { page.addLine(text) }
    return page.text
  }
}
