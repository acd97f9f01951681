// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension ChangeReport: TextRenderable {
  /// The change, in a line.
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.add(words, hanging: 2)
    return page.text
  }

  private var words: StyledText {
    let name = StyledText(device?.name ?? said("it"), .name)
    switch change {
    case .created: return (device?.sentence ?? name + said(" is there")) + "."
    case .removed(let name): return said("\(name, .name) is gone.")
    case .set(let value, let previous):
      let before: StyledText = previous == value ? said(", as before") : said(", was \(previous)")
      return said("\(name): \(value.property.name) is \(value, .changed)\(before).")
    case .listening(let transports, let port):
      let what = "\(ChangeReport.words(for: transports)) \(port)"
      guard let device, device.settings.contains(where: { $0.value == Properties.hostPorts(.open) }) else {
        return said("\(name) listens on \(what).")
      }
      return said(
        """
        \(name) listens on \(what), but all its ports are open anyway; \(typed: "set \(device.name) ports bound") closes \
        the others.
        """)
    case .forwarding(let port, let inside):
      let outside = device?.addresses.first.map { StyledText(said(" at ")) + StyledText($0, .address) } ?? ""
      let last = port.last > port.port ? "-\(inside.port + (port.last - port.port))" : ""
      return said("\(name) forwards \(port)\(outside) to \(inside, .address)\(last, .address), whoever sends it.")
    case .forwardingAll(let inside):
      return said("\(name) forwards to \(inside, .address) whatever comes from outside and is nobody else's.")
    case .unforwardedAll: return said("\(name) no longer forwards what is nobody's.")
    case .forwardingAddress(let outside, let inside):
      return said(
        """
        \(outside, .address) is \(inside, .address)'s alone: \(name) rewrites that address both ways, and leaves ports as \
        they are.
        """)
    case .unforwardedAddress(let outside): return said("\(outside, .address) is \(name)'s own again.")
    case .unforwarded(let port): return said("\(name) no longer forwards \(port).")
    case .routed(let prefix, let gateway):
      return said("\(name) sends packets for \(prefix, .address) by way of \(gateway, .address).")
    case .unrouted(let prefix): return said("\(name) sends packets for \(prefix, .address) its usual way again.")
    case .reset: return said("Everything is gone; the clock is back at 0ms.")
    case .sceneLoaded(let name, let summary):
      return said("This is the scene \(name, .name)\(summary.isEmpty ? "" : ": \(summary)"). \(typed: "map") draws it.")
    case .seeded(let seed): return said("The seed for all random choices is \(seed).")
    }
  }
}

extension FilterReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    let name = StyledText(router, .name)
    if rules.isEmpty { page.add(said("\(name) drops nothing by rule."), hanging: 2) }
    let kinds = rules.map { $0.transport.name + ($0.port.map { said(" to port \($0)") } ?? "") }
    if !kinds.isEmpty { page.add(said("\(name) drops these packets: \(kinds.listed(.and))."), hanging: 2) }
    return page.text
  }
}

extension ScenesReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    page.addHeading(said("Scenes"))
    var list = DefinitionList()
    for scene in scenes { list.add(StyledText(scene.name, .name), StyledText(scene.summary)) }
    list.add(to: &page)
    if let first = scenes.first {
      page.add(
        "\(typed: "scene \(first.name)")\(said(" loads one in place of the present network."), .faint)", indent: 2)
    }
    return page.text
  }
}
