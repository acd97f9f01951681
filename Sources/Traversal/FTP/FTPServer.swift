// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// A file server (RFC 959) that lists its one file. The listing goes over a connection of its own: one that the server
/// opens, to where `PORT` or `EPRT` says, or one that the client opens, after `PASV` or `EPSV`.
struct FTPServer: HostProgram {
  let port: UInt16?

  /// A client's control connection.
  private struct Session {
    let number: Int
    let local: Endpoint
    let remote: Endpoint
    var way: Way?
    /// The open data connection.
    var data: (local: Endpoint, remote: Endpoint)?
    /// Whether the client waits for the listing.
    var isListing = false
  }

  private enum Way {
    /// The client listens there.
    case active(Endpoint)
    /// The server listens on that port.
    case passive(UInt16)
  }

  static let listing = "-rw-r--r--   1 ftp      ftp            13 hello.txt\r\n"
  /// How long it waits for a data connection.
  static let patience = Interval.seconds(5)

  private var sessions: [Session] = []
  private var lastNumber = 0

  init(port: UInt16?) { self.port = port }

  var name: String { "ftp" }
  var state: String { "serving" }
  /// A server's own end of a data connection is the port below (RFC 959 §3.2).
  private var dataPort: UInt16? { port.flatMap { $0 > 1 ? $0 - 1 : nil } }

  mutating func start(_ host: inout ProgramContext) throws(HostError) { try host.open(.tcp, port) }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard delivery.transport == .tcp else { return }
    if delivery.local.port == port { return receiveControl(delivery, &host) }
    let place = sessions.firstIndex {
      switch $0.way {
      case .active(let target)?: target == delivery.remote
      case .passive(let port)?: port == delivery.local.port
      case nil: false
      }
    }
    guard let place else { return }
    switch delivery.content {
    case .opened:
      sessions[place].data = (delivery.local, delivery.remote)
      sendListing(place, &host)
    case .reset where sessions[place].isListing: giveUp(place, &host)
    case .closed, .reset: sessions[place].data = nil
    case .data, .datagram, .error: break
    }
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    guard let place = sessions.firstIndex(where: { $0.number == timer }) else { return }
    giveUp(place, &host)
  }

  private mutating func receiveControl(_ delivery: Delivery, _ host: inout ProgramContext) {
    let place = sessions.firstIndex { $0.remote == delivery.remote && $0.local == delivery.local }
    switch delivery.content {
    case .opened:
      if let place { sessions.remove(at: place) }
      lastNumber += 1
      sessions.append(Session(number: lastNumber, local: delivery.local, remote: delivery.remote))
      say("220 \(host.hostName) is ready.", sessions.count - 1, &host)
    case .data(let payload):
      guard let place, let bytes = payload.bytes else { return }
      for line in FTPLine.lines(in: bytes) {
        obey(line, place, &host)
      }
    case .closed, .reset:
      guard let place else { return }
      host.cancelTimer(sessions[place].number)
      sessions.remove(at: place)
    case .datagram, .error: break
    }
  }

  private mutating func obey(_ line: String, _ place: Int, _ host: inout ProgramContext) {
    switch line.split(separator: " ").first?.uppercased() ?? "" {
    case "USER": say("230 You may list files.", place, &host)
    case "PORT", "EPRT":
      guard let announced = FTPAnnouncement(line, fromServer: false), let address = announced.address else {
        return say("501 That names no endpoint.", place, &host)
      }
      let target = Endpoint(address, announced.port)
      sessions[place].way = .active(target)
      sessions[place].data = nil
      say("200 I shall connect to \(target).", place, &host)
    case "PASV", "EPSV":
      let local = sessions[place].local
      let isExtended = line.uppercased().hasPrefix("EPSV")
      guard isExtended || local.address.isIPv4, let port = try? host.open(.tcp) else {
        return say("425 I have no port for you.", place, &host)
      }
      sessions[place].way = .passive(port)
      sessions[place].data = nil
      let form = isExtended ? "229 Entering Extended Passive Mode (|||0|)" : "227 Entering Passive Mode (0,0,0,0,0,0)."
      let answer = FTPAnnouncement(form, fromServer: true)?.line(naming: Endpoint(local.address, port))
      say(answer ?? form, place, &host)
    case "LIST": list(place, &host)
    case "QUIT": say("221 Goodbye.", place, &host)
    default: say("502 I do not know that.", place, &host)
    }
  }

  private mutating func list(_ place: Int, _ host: inout ProgramContext) {
    guard let way = sessions[place].way else { return say("425 Say PORT or PASV first.", place, &host) }
    sessions[place].isListing = true
    say("150 Here it comes.", place, &host)
    host.setTimer(sessions[place].number, after: Self.patience, .pressing)
    switch way {
    case .passive: sendListing(place, &host)
    case .active(let target):
      if (try? host.connect(from: dataPort, to: target)) == nil { giveUp(place, &host) }
    }
  }

  private mutating func sendListing(_ place: Int, _ host: inout ProgramContext) {
    guard sessions[place].isListing, let data = sessions[place].data else { return }
    sessions[place].isListing = false
    host.cancelTimer(sessions[place].number)
    host.sendData(.data(Array(Self.listing.utf8)), from: data.local, to: data.remote)
    host.closeConnection(from: data.local, to: data.remote)
    say("226 That was all.", place, &host)
  }

  private mutating func giveUp(_ place: Int, _ host: inout ProgramContext) {
    guard sessions[place].isListing else { return }
    sessions[place].isListing = false
    host.cancelTimer(sessions[place].number)
    var target = EventValue.null
    if case .active(let endpoint)? = sessions[place].way {
      target = .endpoint(endpoint)
      if let dataPort, let address = host.address(towards: endpoint.address) {
        host.abandonConnection(from: Endpoint(address, dataPort), to: endpoint)
      }
    }
    host.tell("no-data-connection", ["to": target], about: .nothing)
    say("425 No data connection.", place, &host)
  }

  private func say(_ line: String, _ place: Int, _ host: inout ProgramContext) {
    host.sendData(
      FTPLine.payload(line), from: sessions[place].local, to: sessions[place].remote)
  }
}

extension FTPServer {
  static let service = Service(
    "ftp", port: ApplicationGateways.ftpPort,
    ProgramDescription(
      "ftp", summary: said("lists a file to FTP clients, over a second connection"),
      events: ["no-data-connection": ["to"]]
    ) { event in
      guard event.event == "no-data-connection" else { return nil }
      guard let target = event.data["to"], target != .null else { return said("the client opened no data connection") }
      return said("nothing at \(target.text) answered its data connection")
    }
  ) { FTPServer(port: $0.port) }
}
