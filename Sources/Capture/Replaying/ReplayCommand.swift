// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `replay FILE from HOST [at SPEED] [of ADDRESS] [first N] [then N] [sum SUM]`
struct ReplayCommand: Command {
  let path: Located<String>
  let host: Located<NamedDevice>
  /// Millionths of the capture's own pace.
  let speed: Int64
  let sender: IPAddress?
  let limit: Int?
  /// What of the wait for the next packet is done, in events.
  let eventsAfter: Int?
  let sum: Located<String>?

  init(_ arguments: Arguments) throws(SyntaxError) {
    path = try arguments.text("FILE")
    host = try arguments.device("HOST")
    sender = arguments.addresses("of").first?.value
    limit = arguments.optionalCount("first")?.value
    eventsAfter = arguments.optionalCount("then")?.value
    sum = arguments.optionalText("sum")
    guard let typed = arguments.optionalText("at") else {
      speed = Replay.ownPace
      return
    }
    guard let read = Self.speed(typed.value) else {
      throw SyntaxError(
        .unexpectedWord(typed.value, usage: arguments.usage), column: typed.columns.lowerBound,
        length: typed.columns.count)
    }
    speed = read
  }

  /// Reads `2x`, `0.5x`: from a millionth to a million times.
  static func speed(_ text: String) -> Int64? {
    guard text.lowercased().hasSuffix("x"), let speed = DecimalNumber(text.dropLast())?.scaled(by: Replay.ownPace),
      speed > 0, speed <= Replay.ownPace * 1_000_000
    else { return nil }
    return speed
  }

  static let declaration = CommandDeclaration(
    Self.self, "replay", strangers: ["tcpreplay", "playback", "resend"], group: .traffic, effect: .changes,
    forms: [
      [
        .required("FILE", .file), .keyword("from"), .required("HOST", .device(.hosts)), .clause("at", "SPEED", .text),
        .clause("of", "ADDRESS", .address), .clause("first", "N", .count(1...Int(Int32.max))),
        .clause("then", "N", .count(1...1_000_000_000_000)),
        .clause("sum", "SUM", .text),
      ]
    ],
    summary: said("sends the packets of a capture from a host"),
    details: [
      said(
        "FILE is what `capture`, Wireshark, tshark, tcpdump or the like have written (pcap or pcapng). HOST sends the UDP, TCP and ",
        "ICMP packets in it from its own address, with their ports, contents and destinations, when they are due: at the ",
        "capture's pace, or at SPEED, `2x` or `0.5x`. What is not sent is counted, with the reason."),
      said(
        "`of ADDRESS` sends only what that address sent, one end of a conversation; `first N` stops after N packets of the file. ",
        "The whole replay is one step of `undo`. `save` writes the command with a `sum` of the file's packets, and the saved ",
        "session is not rebuilt with a file that has changed since; of a replay that was stopped, also how many steps it went ",
        "on `then`."),
    ],
    examples: [
      "scene one-home", "capture calls.pcapng alice", "send alice bob", "run", "capture off",
      "replay calls.pcapng from bob at 2x",
    ],
    seeAlso: ["capture", "import", "send"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let id: DeviceID = try session.identify(host)
    var reader = try session.openCapture(path)
    let (mark, start) = (session.network.trace.mark, session.clock)
    var replay = Replay(host: id, speed: speed, sender: sender, limit: limit ?? .max, eventsAfter: eventsAfter ?? 0)
    try session.allOrNothing { session throws(CommandError) in
      try replay.run(&reader, in: &session)
      // Where nothing has been sent, the file is as bad as at its head.
      if let damage = replay.damage, replay.sent == 0 {
        throw CommandError(.other(CaptureRefusal.bad(path.value, damage)), at: path.columns)
      }
      if let sum, sum.value.lowercased() != replay.digest.text {
        throw CommandError(.other(CaptureRefusal.changed(path.value)), at: sum.columns)
      }
      if replay.wasStopped, replay.sent == 0 { throw CommandError(.interrupted) }
    }
    let report = ReplayReport(file: path.value, host: host.value.name, replay)
    var outcome = session.finishMoving(from: mark, report)
    // Even where nothing could be sent, the time may have passed.
    if replay.sent == 0, session.network.trace.hopCount == mark.hops, session.clock == start {
      outcome.changedNothing = true
    }
    let line = line(after: replay)
    outcome.equivalent = try? session.parseAll(line).first
    outcome.equivalentLine = outcome.equivalent == nil ? nil : line
    return outcome
  }

  /// The command that does the same again, and nothing else.
  private func line(after replay: Replay) -> String {
    let quoted = path.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    var line = "replay \"\(quoted)\" from \(host.value.name)"
    if speed != Replay.ownPace { line += " at \(Self.text(speed))" }
    if let sender { line += " of \(sender)" }
    if replay.wasStopped || replay.damage != nil || limit != nil { line += " first \(max(replay.read, 1))" }
    let events = replay.wasStopped ? replay.eventsBeforeStop : replay.damage == nil ? eventsAfter ?? 0 : 0
    if events > 0 { line += " then \(events)" }
    return line + " sum \(replay.digest.text)"
  }

  private static func text(_ speed: Int64) -> String {
    let (whole, rest) = speed.quotientAndRemainder(dividingBy: Replay.ownPace)
    guard rest > 0 else { return "\(whole)x" }
    var digits = String(Replay.ownPace + rest).dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return "\(whole).\(digits)x"
  }
}

extension Session {
  /// Opens a file.
  func openFile(_ path: Located<String>) throws(CommandError) -> CaptureFiles.Source {
    guard let files = self[CaptureFiles.self] else {
      throw CommandError(.other(CaptureRefusal.noFiles), at: path.columns)
    }
    do throws(CaptureFiles.Failure) {
      return try files.open(path.value)
    } catch {
      throw CommandError(.other(CaptureRefusal.unreadable(path.value, error.reason)), at: path.columns)
    }
  }

  /// Opens a capture, and reads its head.
  func openCapture(_ path: Located<String>) throws(CommandError) -> CaptureReader {
    let source = try openFile(path)
    do throws(CaptureFault) {
      return try CaptureReader(source)
    } catch {
      throw CommandError(.other(CaptureRefusal.bad(path.value, error)), at: path.columns)
    }
  }
}

/// Why nothing was made of a capture.
enum CaptureRefusal: CommandFault {
  /// The session has no files: a learner's in a class.
  case noFiles
  case unreadable(String, String)
  case bad(String, CaptureFault)
  /// It is not the file that it was when the session was saved.
  case changed(String)
  case nothingInIt(String)

  var word: String {
    switch self {
    case .noFiles: "no-files"
    case .unreadable: "cannot-read"
    case .bad(_, let fault): fault.word
    case .changed: "capture-changed"
    case .nothingInIt: "nothing-in-capture"
    }
  }

  var message: String {
    switch self {
    case .noFiles: said("there are no files here: captures are for a shell of your own")
    case .unreadable(let path, let reason): said("cannot read '\(path)': \(reason)")
    case .bad(let path, let fault): said("cannot read '\(path)': \(fault.message)")
    case .changed(let path):
      said("the packets in '\(path)' are not those that were replayed; leave out `sum` to send these")
    case .nothingInIt(let path): said("there is no packet in '\(path)' of which a network could be made")
    }
  }
}
