// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension NetworkExport {
  /// Where the files are, what to type next, and what will be different there.
  func page(style: TextStyle) -> Page {
    var page = Page(style: style)
    let folder = path.utf8.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let file = Self.shellWord(folder)
    switch format {
    case .netns:
      page.add(
        said("Wrote \(path, .name): a script that builds the network from \(Count.of(nodes, "namespace")) on Linux."),
        hanging: 2)
      page.add(
        said("  \(typed: "sudo bash \(file) up"), then \(typed: "sudo bash \(file) status") and the like"), hanging: 4)
      page.add(said("  \(typed: "bash \(file) try") without root"), hanging: 4)
    case .containerlab:
      page.add(said("Wrote \(Count.of(files.count, "file")) to \(path, .name), a lab for containerlab."), hanging: 2)
      page.add(
        "  \(typed: "sudo containerlab deploy -t \(Self.shellWord(folder + "/" + (files.first?.name ?? "")))")",
        hanging: 4)
    case .kathara:
      page.add(said("Wrote \(Count.of(files.count, "file")) to \(path, .name), a lab for Kathará."), hanging: 2)
      page.add("  \(typed: "kathara lstart -d \(file)")", hanging: 4)
    case .svg, .html:
      page.add(said("Wrote \(path, .name): the map, the ladder and the tables, for a browser."), hanging: 2)
    case .markdown: page.add(said("Wrote \(path, .name): the map, the ladder and the tables as Markdown."), hanging: 2)
    case .mermaid:
      page.add(said("Wrote \(path, .name): the map and the packets on it, as a Mermaid diagram."), hanging: 2)
    case .cast:
      page.add(said("Wrote \(path, .name): a recording of the session."), hanging: 2)
      page.add("  \(typed: "asciinema play \(file)")", hanging: 4)
    }
    guard !differences.isEmpty else { return page }
    page.add(said("There, some settings work differently from here:"))
    // Routers with the same settings are mentioned once.
    var told: [String] = []
    for difference in differences {
      let key = "\(difference.setting): \(difference.text)"
      guard !told.contains(key) else { continue }
      told.append(key)
      let devices = differences.filter { $0.setting == difference.setting && $0.text == difference.text }.map(\.device)
      page.add("  \(devices.joined(separator: ", "), .name), \(difference.setting): \(difference.text)", hanging: 4)
    }
    return page
  }

  /// A path as it would be typed in a shell.
  private static func shellWord(_ path: String) -> String {
    if path.hasPrefix("-") { return shellWord("./" + path) }
    let isPlain =
      !path.isEmpty && path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-~+@".contains($0)) }
    if isPlain { return path }
    let isTame = !path.contains { "\"$`\\!".contains($0) }
    return isTame ? "\"\(path)\"" : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}
