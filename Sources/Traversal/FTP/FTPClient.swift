// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Asks a file server for its listing (RFC 959): over a connection that the server opens, or over one that it opens
/// itself.
struct FTPClient: HostProgram {
  let server: Endpoint
  let isPassive: Bool
  /// Whether it says EPRT and EPSV (RFC 2428), which also know IPv6.
  let isExtended: Bool

  private enum Step {
    case greeting
    case user
    case announcing
    case connecting
    case listing
    case quitting
    case done
    case failed
  }

  /// How long all of it may take.
  static let patience = Interval.seconds(20)

  private let sourcePort: UInt16?
  private var step = Step.greeting
  private var control: Endpoint?
  private var listed = 0
  /// Whether the server has said that it has sent all, and whether all has come.
  private var isSent = false
  private var isComplete = false
  /// The other end of the data connection.
  private var source: Endpoint?

  /// - Parameter port: the port from which it speaks; nil is any.
  init(server: Endpoint, from port: UInt16?, isPassive: Bool, isExtended: Bool) {
    self.server = server
    sourcePort = port
    self.isPassive = isPassive
    self.isExtended = isExtended
  }

  var name: String { "ftp-client" }
  var port: UInt16? { control?.port }
  var state: String {
    switch step {
    case .done: "done"
    case .failed: "failed"
    default: "working"
    }
  }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    control = try host.connect(from: sourcePort, to: server)
    host.setTimer(0, after: Self.patience, .pressing)
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard delivery.local == control, delivery.remote == server else { return receiveData(delivery, &host) }
    switch delivery.content {
    case .data(let payload):
      guard let bytes = payload.bytes else { return }
      for line in FTPLine.lines(in: bytes) {
        hear(line, &host)
      }
    case .reset, .closed: if step != .done, step != .failed { fail("closed", &host) }
    case .opened, .datagram, .error: break
    }
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) { fail("timed-out", &host) }

  private mutating func receiveData(_ delivery: Delivery, _ host: inout ProgramContext) {
    switch delivery.content {
    case .opened:
      source = delivery.remote
      if step == .connecting { say("LIST", .listing, &host) }
    case .data(let payload): listed += payload.length
    case .closed:
      isComplete = true
      finish(&host)
    case .reset where step == .connecting: fail("refused", &host)
    case .reset, .datagram, .error: break
    }
  }

  private mutating func hear(_ line: String, _ host: inout ProgramContext) {
    guard let code = Int(line.prefix(3)) else { return }
    switch (step, code) {
    case (.greeting, 220): say("USER anonymous", .user, &host)
    case (.user, 230): announce(&host)
    case (.announcing, 200) where !isPassive: say("LIST", .listing, &host)
    case (.announcing, 227), (.announcing, 229): follow(line, &host)
    case (.listing, 226):
      isSent = true
      finish(&host)
    case (.quitting, 221):
      step = .done
      leave(&host)
    case (_, 400...): fail("\(code)", &host)
    default: break
    }
  }

  private mutating func announce(_ host: inout ProgramContext) {
    if isPassive { return say(isExtended ? "EPSV" : "PASV", .announcing, &host) }
    guard let control, let port = try? host.open(.tcp) else { return fail("no-port", &host) }
    let form = isExtended ? "EPRT |1|0.0.0.0|0|" : "PORT 0,0,0,0,0,0"
    let line = FTPAnnouncement(form, fromServer: false)?.line(naming: Endpoint(control.address, port))
    say(line ?? form, .announcing, &host)
  }

  /// Connects to where the server says that it listens.
  private mutating func follow(_ line: String, _ host: inout ProgramContext) {
    guard let announced = FTPAnnouncement(line, fromServer: true) else { return fail("unreadable", &host) }
    step = .connecting
    let target = Endpoint(announced.address ?? server.address, announced.port)
    if (try? host.connect(to: target)) == nil { fail("no-port", &host) }
  }

  private mutating func say(_ line: String, _ next: Step, _ host: inout ProgramContext) {
    guard let control else { return }
    step = next
    host.sendData(FTPLine.payload(line), from: control, to: server)
  }

  /// Ends once both connections have brought what they bring, in whichever order.
  private mutating func finish(_ host: inout ProgramContext) {
    guard isSent, isComplete, step == .listing else { return }
    host.tell("listed", ["bytes": .number(listed), "from": EventValue(source)])
    say("QUIT", .quitting, &host)
  }

  private mutating func fail(_ reason: String, _ host: inout ProgramContext) {
    step = .failed
    host.tell("failed", ["reason": .text(reason)], about: reason == "timed-out" ? .nothing : .arrival)
    leave(&host)
  }

  private func leave(_ host: inout ProgramContext) {
    if let control { host.closeConnection(from: control, to: server) }
    host.finish()
  }
}

extension FTPClient {
  static let description = ProgramDescription(
    "ftp-client", summary: said("asks an FTP server for its list of files"),
    events: ["listed": ["bytes", "from"], "failed": ["reason"]]
  ) { event in
    switch event.event {
    case "listed":
      guard let bytes = event.data["bytes"]?.text, let source = event.data["from"]?.text else { return nil }
      return said("has the list of files: \(bytes) bytes, over a connection with \(source)")
    case "failed":
      switch event.data["reason"]?.text ?? "" {
      case "timed-out": return said("gives up: nothing has come for too long")
      case "425": return said("has no list: the server could not open the data connection")
      case "refused": return said("has no list: where the server said it listens, the connection was refused")
      case "closed": return said("has no list: the connection was closed")
      case let reason: return said("has no list: \(reason)")
      }
    default: return nil
    }
  }
}
