// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// Ctrl-C while a large capture is read.
@Suite struct CaptureInterruptTests {
  let folder = TestFolder()

  /// At least so many frames: reading them all takes far longer than a key.
  private static let frames = 1_000_000

  /// A pcap file of UDP packets from 192.168.1.10 to 88.90.100.110, all captured at once.
  private func makeCapture() {
    let head: [UInt8] =
      [0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 101]
    let packet: [UInt8] =
      [0x45, 0, 0, 29, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 168, 1, 10, 88, 90, 100, 110]
      + [0x13, 0x88, 0x0F, 0xA0, 0, 9, 0, 0, 0x78]
    let record: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 29, 0, 0, 0, 29] + packet
    // Doubled, since adding each frame by itself takes most of the test's time.
    var records = record
    while records.count < Self.frames * record.count { records += records }
    Files.write(head + records, at: "\(folder.path)/large.pcap")
  }

  @Test(arguments: ["import capture large.pcap", "replay large.pcap from dave", "replay large.pcap from dave at 0.5x"])
  func aLongReadingGivesThePromptBack(command: String) throws {
    makeCapture()
    let terminal = try PseudoTerminal(in: folder)
    try terminal.waitForPrompt()
    terminal.type("host dave\r")
    try terminal.waitForPrompt()
    terminal.type("\(command)\r")
    try terminal.wait(for: "(Ctrl-C stops)")
    terminal.type(PseudoTerminal.controlC)
    try terminal.waitForPrompt()
    terminal.type("show dave\r")
    try terminal.wait(for: "dave")
    try terminal.waitForPrompt()
    // What a stopped import has read is nothing; what a stopped replay has sent is one step back.
    terminal.type(command.hasPrefix("import") ? "map\r" : "undo; map\r")
    #expect(try !terminal.waitForPrompt().contains("pc-1"))
    terminal.type("quit\r")
    #expect(try terminal.end() == 0)
  }
}
