// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension ChangeReport: TextRenderable {
  /// What was done, in a line.
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(words, hanging: 2)
    return page.text
  }

  private var words: StyledText {
    let name = StyledText(device?.name ?? subject ?? "it", .name)
    let subject = subject ?? ""
    let value = value ?? ""
    switch change {
    case .created: return (device?.sentence ?? name + " is there") + "."
    case .removed: return "\(name) is gone."
    case .set:
      var text: StyledText = "\(name): \(subject) is \(value, .changed)"
      if let previous { text += previous == value ? ", as before" : ", was \(previous)" }
      return text + "."
    case .listening:
      guard device?.settings.contains(where: { $0.property == "ports" && $0.value == "open" }) == true else {
        return "\(name) listens on \(subject)."
      }
      return
        "\(name) listens on \(subject), but all its ports are open anyway; \(typed: "set \(device?.name ?? "") ports bound") closes the others."
    case .forwarding:
      let outside = device?.addresses.first.map { StyledText(" at ") + StyledText($0, .address) } ?? ""
      return "\(name) forwards \(subject)\(outside) to \(value, .address), whoever sends it."
    case .unforwarded: return "\(name) no longer forwards \(subject)."
    case .reset: return "Everything is gone; the clock is back at 0ms."
    case .sceneLoaded:
      return "This is the scene \(subject, .name)\(value.isEmpty ? "" : ": \(value)"). \(typed: "map") draws it."
    case .seeded: return "The seed of everything random is \(value.isEmpty ? subject : value)."
    }
  }
}

extension ScenesReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.addHeading("Scenes")
    var list = DefinitionList()
    for scene in scenes { list.add(StyledText(scene.name, .name), StyledText(scene.summary)) }
    list.add(to: &page)
    if let first = scenes.first {
      page.add("\(typed: "scene \(first.name)")\(" loads one in place of what is there.", .faint)", indent: 2)
    }
    return page.text
  }
}
