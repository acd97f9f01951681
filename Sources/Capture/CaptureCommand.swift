// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Rendering
import Wording

/// `capture FILE [DEVICE…]`, `capture off`, `capture`
struct CaptureCommand: Command {
  let request: CaptureRequest

  init(_ arguments: Arguments) throws(SyntaxError) {
    if arguments.has("off") {
      request = .close
    } else if let path = arguments.optionalText("FILE") {
      let devices = arguments.devices("DEVICE").map(\.value.name)
      request = .open(path: path.value, devices: devices.isEmpty ? nil : devices)
    } else {
      request = .ask
    }
  }

  static let declaration = CommandDeclaration(
    Self.self, "capture", strangers: ["record", "pcap", "tcpdump", "sniff", "wireshark", "tshark"], group: .session,
    effect: .outer,
    forms: [
      [.keyword("off")], [.required("FILE", .file), .optional("DEVICE", .device(.all), atMost: Self.mostDevices)], [],
    ],
    summary: said("writes the packets to a file for Wireshark while they move"),
    details: [
      said(
        "From now on, every packet that has crossed a link is in FILE (pcapng), with the addresses that it had there and what ",
        "became of it as a comment: before a router with its inside addresses, behind it with its outside ones. Every link ",
        "is an interface with its device's name. With DEVICE, only the links that end at those devices."),
      said(
        "`capture off` ends it, `capture` says whether there is one. `undo` takes nothing out of the file: the comment on the ",
        "next packet tells that the clock went back. `crowd` is too large to be captured."),
    ],
    examples: ["scene two-homes", "capture two-homes.pcapng", "send alice bob hello", "run", "capture off"],
    seeAlso: ["replay", "import", "trace", "captures"])

  static let mostDevices = 64

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome { CommandOutcome(request) }
}

/// The request of `capture` to the program, which has the file.
package enum CaptureRequest: ResultContent {
  /// Begin a file with the links of those devices; nil means all.
  case open(path: String, devices: [String]?)
  case close
  case ask

  package func encode(to encoder: any Encoder) throws {}
}

/// The capture's present state: `{"capture": {"file": "x.pcapng", "open": true, "packets": 12, "missed": 0}}`.
package struct CaptureReport: ResultContent {
  /// Nil if there is none.
  package var file: String?
  package var isOpen: Bool
  package var packets: Int
  /// Packets that the file does not have.
  package var missed: Int
  /// Whether an older capture of that name is gone.
  package var replaced: Bool
  /// Whether the command has begun or ended it.
  package var isNews: Bool

  package init(file: String?, isOpen: Bool, packets: Int, missed: Int, replaced: Bool = false, isNews: Bool) {
    self.file = file
    self.isOpen = isOpen
    self.packets = packets
    self.missed = missed
    self.replaced = replaced
    self.isNews = isNews
  }

  private enum CodingKeys: String, CodingKey { case capture }
  private enum CaptureKeys: String, CodingKey { case file, open, packets, missed, replaced }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var capture = container.nestedContainer(keyedBy: CaptureKeys.self, forKey: .capture)
    try capture.encode(file, forKey: .file)
    try capture.encode(isOpen, forKey: .open)
    try capture.encode(packets, forKey: .packets)
    try capture.encode(missed, forKey: .missed)
    try capture.encode(replaced, forKey: .replaced)
  }
}

extension CaptureReport: TextRenderable {
  package func text(style: TextStyle) -> String {
    var page = Page(style: style)
    let count = Count.of(packets, "packet")
    guard let file else {
      page.add(said("There is no capture; \(typed: "capture FILE") begins one."))
      return page.text
    }
    switch (isOpen, isNews) {
    case (true, true):
      page.add(
        said("What crosses the links from now on is captured in '\(file)'; \(typed: "capture off") ends it."),
        hanging: 2)
    case (true, false):
      page.add(said("The capture '\(file)' has \(count) so far; \(typed: "capture off") ends it."), hanging: 2)
    case (false, _): page.add(said("The capture '\(file)' is complete: \(count)."), hanging: 2)
    }
    if replaced { page.add(said("The capture that had this name before is gone."), hanging: 2) }
    if missed > 0 { page.add(said("\(Count.of(missed, "packet")) could not be written."), hanging: 2) }
    return page.text
  }
}

extension Vocabulary {
  /// The part of captures.
  public static let capture = Vocabulary(
    [CaptureCommand.declaration, ReplayCommand.declaration, ImportCommand.declaration], topics: [CaptureTopic.topic])
}
