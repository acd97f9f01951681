// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// What a NAT does with TCP connections (RFC 5382).
enum TCPExperiments {
  /// REQ-2: connections open from inside, and from both sides at once.
  static func openings(_ subject: NATUnderTest) -> Evidence {
    var usual = Laboratory(subject)
    guard usual.connect() != nil else {
      return Evidence(
        holds: false, shown: said("A segment of the handshake that the pc began did not get through."), rows: usual.rows
      )
    }
    var both = Laboratory(subject)
    let server = both.endpoint(.server, 80)
    guard let external = both.send(.syn, .pc, 5_000, to: server)?.source,
      both.receive(.syn, external, from: .server, 80) != nil,
      both.send([.syn, .ack], .pc, 5_000, to: server) != nil,
      both.receive([.syn, .ack], external, from: .server, 80) != nil
    else {
      return Evidence(
        holds: false,
        shown: said(
          "Both sides opened at once, each with a SYN of its own, and one of the segments did not get through."),
        rows: both.rows)
    }
    return Evidence(
      holds: true, shown: said("A connection opened from inside, and another one from both sides at once."),
      rows: both.rows)
  }

  /// REQ-3: a connection from another port of a host that was talked to.
  static func leniency(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    guard let external = laboratory.connect() else {
      return Evidence(holds: nil, shown: said("The pc's connection did not open."), rows: laboratory.rows)
    }
    let cameIn = laboratory.receive(.syn, external, from: .server, 4_001) != nil
    return Evidence(
      holds: cameIn,
      shown: said("The pc had a connection with the server; a SYN from another port of the server ")
        + (cameIn ? said("came in.") : said("was turned away.")),
      rows: laboratory.rows, decidedBy: subject.behavior.firewall ? nil : Properties.firewall.property)
  }

  /// REQ-4: whoever asks for a connection that nobody inside wants hears nothing for six seconds.
  static func unsolicited(_ subject: NATUnderTest) -> Evidence {
    var network = Network()
    let name = subject.name.lowercased() == "stranger" ? "router" : subject.name
    guard let stranger = try? network.addHost(named: "stranger"), let router = try? network.addRouter(named: name),
      let address = network.addresses(of: router).first
    else { return Evidence(holds: nil, shown: said("The network could not be built.")) }
    network.configure(router, subject.behavior)
    _ = try? network.connect(from: stranger, port: 5_000, to: Endpoint(address, 9_999))
    let limit = Instant.zero + .seconds(6)
    while network.trace.hopCount < 64, network.step(until: limit) {}
    let hops = network.trace.hopCount > 0 ? network.trace.hops(1...network.trace.hopCount) : []
    let answer = hops.first { $0.node == router && $0.verdict == .sent }
    let wasRefused = hops.contains { $0.node == router && $0.verdict == .dropped }
    guard wasRefused else {
      return Evidence(
        holds: nil, shown: said("The SYN was not turned away."), rows: hops.map { NetworkExperiments.row($0, network) })
    }
    return Evidence(
      holds: answer == nil,
      shown: answer == nil
        ? said(
          "A stranger's SYN was turned away, and nothing was answered within six seconds: the inside may be about to ask."
        )
        : said(
          "A stranger's SYN was answered at once, which would break off a connection that both sides are opening."),
      rows: hops.filter { $0.node == router }.map { NetworkExperiments.row($0, network) })
  }

  /// REQ-5: how long quiet connections and half-open ones live.
  static func lifetimes(_ subject: NATUnderTest) -> Evidence {
    let (open, opening) = (Interval.minutes(124), Interval.minutes(4))
    var established = Laboratory(subject)
    guard let external = established.connect() else {
      return Evidence(holds: nil, shown: said("The pc's connection did not open."), rows: established.rows)
    }
    established.wait(Interval(microseconds: open.microseconds - 1))
    guard established.receive([.psh, .ack], external, from: .server, 80) != nil else {
      return Evidence(
        holds: false, shown: said("The connection had been quiet for \(open), less a microsecond, and was forgotten."),
        rows: established.rows, decidedBy: Properties.tcpEstablishedTimeout.property)
    }
    var asking = Laboratory(subject)
    let asked = asking.send(.syn, .pc, 5_000, to: asking.endpoint(.server, 80))?.source
    asking.wait(Interval(microseconds: opening.microseconds - 1))
    let isAnswered = asked.map { asking.receive([.syn, .ack], $0, from: .server, 80) != nil }
    return Evidence(
      holds: isAnswered,
      shown: isAnswered == true
        ? said("A connection that was quiet for \(open) and a request that waited for \(opening) were still known.")
        : said("A request had waited for \(opening), less a microsecond, and its answer was turned away."),
      rows: isAnswered == true ? established.rows : asking.rows,
      decidedBy: isAnswered == true ? nil : Properties.tcpOpeningTimeout.property)
  }

  /// REQ-8: a connection to a neighbour's outside endpoint.
  static func hairpinning(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let port: UInt16 = if case .random(8_080...8_080) = subject.behavior.portAssignment { 8_081 } else { 8_080 }
    let external = laboratory.forward(port, to: laboratory.endpoint(.laptop, 8_080), .tcp)
    let request = laboratory.send(.syn, .pc, 5_000, to: external)
    let answer = request.flatMap { laboratory.send([.syn, .ack], .laptop, 8_080, to: $0.source) }
    return Evidence(
      holds: answer != nil,
      shown:
        said(
          "The laptop is reachable from everywhere at \(external), a forwarded port. The pc beside it asked there for a "
        )
        + (answer != nil
          ? said("connection, and was answered.")
          : request == nil
            ? said("connection, and its SYN was not turned round.")
            : said("connection, and the answer was not turned round.")),
      rows: laboratory.rows)
  }

  /// REQ-9 and REQ-10: an error about the pc's request comes in, and the request can still be answered.
  static func error(_ subject: NATUnderTest) -> (cameIn: Bool, lives: Bool, rows: [ExperimentRow])? {
    var laboratory = Laboratory(subject)
    guard let sent = laboratory.send(.syn, .pc, 5_000, to: laboratory.endpoint(.server, 80)) else { return nil }
    let cameIn = laboratory.report(.hostUnreachable, about: sent, number: 1, from: .stranger) != nil
    let lives = laboratory.receive([.syn, .ack], sent.source, from: .server, 80) != nil
    return (cameIn, lives, laboratory.rows)
  }

  static func unreachableMessages(_ subject: NATUnderTest) -> Evidence {
    guard let trial = error(subject) else { return Evidence(holds: nil, shown: said("The SYN did not leave.")) }
    return Evidence(
      holds: trial.cameIn,
      shown: said(
        "\"Host unreachable\" about the pc's SYN \(trial.cameIn ? said("reached the pc.") : said("did not reach the pc."))"
      ),
      rows: trial.rows)
  }

  static func connectionAfterError(_ subject: NATUnderTest) -> Evidence {
    guard let trial = error(subject) else { return Evidence(holds: nil, shown: said("The SYN did not leave.")) }
    return Evidence(
      holds: trial.lives,
      shown:
        said(
          "After an ICMP error about it the pc's SYN \(trial.lives ? said("was still answered.") : said("could not be answered."))"
        ),
      rows: trial.rows)
  }
}
