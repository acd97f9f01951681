// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

extension DevicesReport: TextRenderable {
  public func text(style: TextStyle) -> String {
    var page = Page(style: style)
    switch self {
    case .one(let device):
      page.add(device.sentence + ".", hanging: 2)
      if !device.listening.isEmpty {
        page.add(
          said("listens on \(device.listening.map(\.description).joined(separator: ", "))"), indent: 2, hanging: 4)
      }
      for route in device.routes ?? [] {
        page.add(
          said("packets for \(route.prefix, .address) go by way of \(route.via, .address)"), indent: 2, hanging: 4)
      }
      addSettings(of: device, to: &page)
    case .all(let devices):
      if devices.isEmpty {
        page.add(
          said(
            """
            There is nothing yet. \(typed: "scene two-homes") loads a ready-made network; \
            \(typed: "host alice") begins one of your own.
            """))
      } else {
        addList(devices.prefix(page.mostListed), to: &page)
        let more = devices.count - page.mostListed
        if more > 0 {
          page.add(
            said("and \(Count.of(more, "more device")): \(typed: "show NAME") shows any of them."))
        }
      }
    }
    return page.text
  }

  private func addSettings(of device: DeviceReport, to page: inout Page) {
    guard !device.settings.isEmpty else { return }
    page.addGap()
    var table = TextTable([.init(said("  property")), .init(said("value")), .init("")])
    for setting in device.settings {
      table.addRow([
        "\(setting.isChanged ? "* " : "  ")\(setting.name, setting.isChanged ? .changed : .plain)",
        StyledText(setting.value, setting.isChanged ? .changed : .plain), "",
      ])
    }
    if table.fits(page, indent: 0) {
      table.add(to: &page)
    } else {
      for setting in device.settings {
        page.add(
          "\(setting.isChanged ? "* " : "  ")\(setting.name, setting.isChanged ? .changed : .plain): \(setting.value)",
          hanging: 4)
      }
    }
    if device.settings.contains(where: \.isChanged) {
      page.add(
        "\(said("* changed from what it was at first;"), .faint) \(typed: "set \(device.name) PROPERTY VALUE")",
        hanging: 2)
    }
  }

  private func addList(_ devices: ArraySlice<DeviceReport>, to page: inout Page) {
    var table = TextTable([
      .init(said("device")), .init(said("is a")), .init(said("address")), .init(said("inside")), .init(said("behind")),
      .init(said("set")),
    ])
    for device in devices {
      let changed = device.settings.filter(\.isChanged).map { StyledText("\($0.name) \($0.value)", .changed) }
      table.addRow(lines: [
        [StyledText(device.name, .name)], [StyledText(device.kind.rawValue)],
        device.addresses.map { StyledText($0, .address) }, device.lan.map { StyledText($0, .address) },
        [StyledText(device.behind ?? "", .name)], changed,
      ])
    }
    if table.fits(page) {
      table.add(to: &page)
    } else {
      for device in devices {
        page.add(device.sentence, hanging: 2)
        for setting in device.settings where setting.isChanged {
          page.add(StyledText("\(setting.name) \(setting.value)", .changed), indent: 2, hanging: 4)
        }
      }
    }
  }
}

extension DeviceReport {
  /// `alice is at 192.168.1.10 behind home-a`, without a full stop.
  var sentence: StyledText {
    var text: StyledText = said("\(name, .name) is ")
    if kind == .router { text += said("a router ") }
    if !addresses.isEmpty {
      text += said("at ") + addresses.map { StyledText($0, .address) }.joined(separator: said(" and "))
    }
    if let behind { text += said(" behind \(behind, .name)") } else { text += said(", on the internet") }
    if let beside { text += said(", a second gateway beside \(beside, .name)") }
    if !lan.isEmpty {
      text += said(", with ") + lan.map { StyledText($0, .address) }.joined(separator: said(" and ")) + said(" inside")
      if !lanAddresses.isEmpty {
        text += said(", where it is ") + lanAddresses.map { StyledText($0, .address) }.joined(separator: said(" and "))
      }
    }
    return text
  }
}

extension SettingReport {
  /// The property's name.
  fileprivate var name: String { property.name }
}
