// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Export
import NATModel
import NetworkSimulator
import Testing

/// A natsh script, natsh's prediction for each of its lines, and the same lines for real sockets.
struct Scenario {
  /// One line that sends something.
  struct Step {
    var line: String
    /// For the probe.
    var commands: [String]
    /// The hosts' observations, as the probe reports them, in alphabetical order.
    var events: [String]
  }

  let network: Network
  let listening: [String]
  private(set) var steps: [Step] = []

  /// Carries the script out in natsh. Lines up to the first that sends something build the network; every host then
  /// answers as a real one does.
  init(_ script: String) throws {
    var session = Session(catalog: .standard)
    let statements = try script.split(separator: "\n").flatMap { try Statement.statements(in: String($0)) }
    let sending = ["send", "ping", "connect"]
    let isSending = { (statement: Statement) in sending.contains(statement.tokens.first?.text ?? "") }
    let first = statements.firstIndex(where: isSending) ?? statements.endIndex
    for statement in statements[..<first] { _ = try session.execute(statement) }
    for device in session.network.allDevices where device.isHost {
      _ = try session.execute(Self.statement("set \(device.name) ports bound"))
    }
    network = session.network
    listening = session.network.allDevices.flatMap { device in
      session.network.host(device.id)?.listeningPorts.map {
        "\($0.transport == .tcp ? "listen" : "bind") \(device.name) \($0.port)"
      } ?? []
    }
    for statement in statements[first...] {
      let words = statement.tokens.map(\.text)
      var hops = try session.execute(statement).activity?.hops ?? []
      hops += try session.execute(Self.statement("run")).activity?.hops ?? []
      let sent = try #require(hops.first { $0.verdict == .sent })
      let (source, target) = (try Self.parts(sent.source), try Self.parts(sent.destination))
      let commands =
        switch words[0] {
        case "send": ["send \(sent.node) \(source.port) \(target.address) \(target.port) \(sent.text ?? "")"]
        case "connect": ["connect \(sent.node) \(source.port) \(target.address) \(target.port)"]
        default: ["ping \(sent.node) \(target.address)"]
        }
      let events = try hops.compactMap { try Self.event($0, sent) }.sorted()
      steps.append(Step(line: statement.text, commands: commands, events: events))
    }
  }

  /// The script for the probe.
  var probeScript: String {
    let lines = steps.flatMap { $0.commands + ["expect \($0.events.count)"] }
    return (listening + lines).map { $0 + "\n" }.joined()
  }

  private static func statement(_ line: String) throws -> Statement {
    try #require(Statement.statements(in: line).first)
  }

  private static func parts(_ end: PacketEnd) throws -> (address: String, port: Int) {
    (end.address.description, Int(try #require(end.port)))
  }

  /// The observation of a host's program at a hop; nil if there is none.
  private static func event(_ hop: HopReport, _ sent: HopReport) throws -> String? {
    guard hop.verdict == .delivered, hop.nodeKind == .host else { return nil }
    switch hop.transport {
    case .udp:
      let (source, target) = (try parts(hop.source), try parts(hop.destination))
      return "udp \(hop.node) \(target.port) \(source.address) \(source.port) \(hop.text ?? "")"
    case .icmp:
      if hop.icmp == .echoReply { return "pong \(hop.node) \(try parts(hop.source).address)" }
      return hop.icmp == .echoRequest ? nil : "error \(hop.node) \(try parts(sent.source).port)"
    case .tcp:
      let (source, target) = (try parts(hop.source), try parts(hop.destination))
      switch hop.flags ?? [] {
      case .syn: return "accepted \(hop.node) \(target.port) \(source.address) \(source.port)"
      case [.syn, .ack]: return "connected \(hop.node) \(target.port)"
      case let flags where flags.contains(.rst): return "reset \(hop.node) \(target.port)"
      default: return nil
      }
    }
  }
}
