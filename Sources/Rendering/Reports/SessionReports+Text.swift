// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension HistoryReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    if history.isEmpty { page.add(said("Nothing has been done yet, or all of it was undone.")) }
    let listed = history.suffix(page.mostListed)
    let first = (omitted ?? 0) + listed.startIndex
    let digits = String(first + listed.count).count
    if first > 0 {
      page.add(StyledText(said("\(Count.of(first, "earlier command")) not listed; save FILE writes them all"), .faint))
    }
    for (index, command) in zip(first..., listed) {
      let number = StyledText(String(index + 1), .faint).padded(to: digits + 1, .right) + "  "
      page.add(StyledText(command, .command), after: number, later: .spaces(digits + 5))
    }
    return page.text
  }
}

extension UndoReport: TextRenderable {
  /// `Undone: step, send alice bob; the clock is back at 11ms.`
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    let list = commands.map { "\(typed: $0)" }.joined(separator: ", ")
    let time = SimulatedTime.text(timeMicroseconds)
    switch direction {
    case .undone: page.add(said("Undone: \(list); the clock is back at \(time)."), hanging: 2)
    case .redone: page.add(said("Done again: \(list); the clock is at \(time)."), hanging: 2)
    }
    return page.text
  }
}

extension RepeatReport: TextRenderable {
  /// `Done 100 times.`
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(said("Done \(times == 1 ? said("once") : said("\(Count.grouped(times)) times"))."))
    return page.text
  }
}

extension VariablesReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    if variables.isEmpty { page.add(said("No name has a value: \(typed: "let NAME = VALUE") gives it one.")) }
    for variable in variables { page.add(said("$\(variable.name) is \(variable.value, .changed)"), hanging: 2) }
    return page.text
  }
}

extension VersionReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.addLine("natsh \(version)")
    return page.text
  }
}

extension OuterRequest: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    switch self {
    case .save(let path, let script):
      let lines = script.split(separator: "\n").count
      page.add(
        said(
          "Saved to \(path, .name): \(Count.of(lines, "line")). \(typed: "load \(word(path))") brings it back."),
        hanging: 2)
    case .write(let path, _): page.add(said("Written to \(path, .name)."), hanging: 2)
    case .load(let path): page.add(said("Loaded \(path, .name)."), hanging: 2)
    case .export(let export): page.add(export.page(style: style))
    case .clear, .quit: break
    }
    return page.text
  }

  /// A path as it would be typed.
  private func word(_ path: String) -> String {
    path.allSatisfy { $0.isLetter || $0.isNumber || "/._-~+@".contains($0) } ? path : PrintableText.quoted(path)
  }
}
