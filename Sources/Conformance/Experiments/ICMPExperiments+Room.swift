// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Errors that are made up, turned round, or sent by the router itself (RFC 5508 §4.1, §5 to §8).
extension ICMPExperiments {
  /// REQ-3: an error about a packet that was never sent, and one about an error.
  static func nonsense(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    guard let sent = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.server, 4_000)) else {
      return Evidence(holds: nil, shown: said("The packet did not leave."), rows: laboratory.rows)
    }
    var unsent = sent
    unsent.source.port ^= 1
    let first = laboratory.report(.hostUnreachable, about: unsent, number: 1, from: .stranger)
    let error = sent.error(.hostUnreachable, from: laboratory.endpoint(.stranger, 0).address)
    var about = error
    (about.source, about.destination) = (error.destination, error.source)
    let second = laboratory.report(.hostUnreachable, about: about, number: 1, from: .stranger)
    let isRight = first == nil && second == nil
    return Evidence(
      holds: isRight,
      shown: isRight
        ? said("An error about a packet that nobody had sent, and one about another error, went no further.")
        : said(
          "An error that quoted \(first != nil ? said("a packet that nobody had sent") : said("another error")) came in."
        ),
      rows: laboratory.rows)
  }

  /// REQ-7: the laptop, which is reached by a forwarded port, reports an error about the pc's packet.
  static func hairpinnedError(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    let port: UInt16 = if case .random(8_080...8_080) = subject.behavior.portAssignment { 8_081 } else { 8_080 }
    let external = laboratory.forward(port, to: laboratory.endpoint(.laptop, 8_080))
    guard let arrived = laboratory.send(.pc, 5_000, to: external) else {
      return Evidence(
        holds: false,
        shown: said("The pc sent to a forwarded port of the router, and the packet was not turned round."),
        rows: laboratory.rows)
    }
    let error = laboratory.report(.portUnreachable, about: arrived, number: 1, from: .laptop)
    let pc = laboratory.endpoint(.pc, 5_000)
    let isRight = error?.destination.address == pc.address && error?.quoted?.source == pc
    return Evidence(
      holds: isRight,
      shown: isRight
        ? said(
          "The laptop's \"port unreachable\" about a packet that was turned round came to the pc, as about its own packet."
        )
        : said(
          "The laptop's \"port unreachable\" about a packet that was turned round did not reach the pc as it should."),
      rows: laboratory.rows)
  }

  /// REQ-8: the table has room for one, and two hosts send.
  static func noRoom(_ subject: NATUnderTest) -> Evidence {
    guard let trial = FullTable(subject) else {
      return Evidence(holds: nil, shown: said("The network could not be built."))
    }
    let isTold = trial.answer == .administrativelyProhibited || trial.answer == .hostUnreachable
    return Evidence(
      holds: isTold,
      shown: said("The table had room for one row. The laptop sent after the pc, and ")
        + (trial.answer.map { said("was told \"\($0.name)\".") } ?? said("was told nothing.")),
      rows: trial.rows)
  }

  /// REQ-9: the same with the policy that forbids such errors.
  static func silence(_ subject: NATUnderTest) -> Evidence {
    guard let trial = FullTable(subject.with([Properties.rejects(.silently)])) else {
      return Evidence(holds: nil, shown: said("The network could not be built."))
    }
    return Evidence(
      holds: trial.answer == nil,
      shown: said("With 'rejects silently', the laptop that found no room was told ")
        + (trial.answer.map { said("\"\($0.name)\" all the same.") } ?? said("nothing.")), rows: trial.rows)
  }

  /// REQ-10: the messages that every NAT has to pass.
  static func kinds(_ subject: NATUnderTest) -> Evidence {
    var laboratory = Laboratory(subject)
    guard let sent = laboratory.send(.pc, 5_000, to: laboratory.endpoint(.server, 4_000)) else {
      return Evidence(holds: nil, shown: said("The packet did not leave."), rows: laboratory.rows)
    }
    var lost: [String] = []
    for kind in [ICMPKind.hostUnreachable, .portUnreachable, .timeExceeded] {
      if laboratory.report(kind, about: sent, number: 1, from: .stranger) == nil { lost.append(kind.name) }
    }
    let answer = laboratory.ping(.pc, 7, to: .server).flatMap { laboratory.answer($0, from: .server) }
    if answer == nil { lost.append("echo") }
    return Evidence(
      holds: lost.isEmpty,
      shown: lost.isEmpty
        ? said("Destination unreachable, time exceeded and an echo with its answer all passed.")
        : said("These did not pass: \(lost.joined(separator: ", "))."), rows: laboratory.rows)
  }

  /// REQ-11: there is nothing to send.
  static func otherMessages(_ subject: NATUnderTest) -> Evidence {
    Evidence(
      holds: nil, shown: said("natsh has no ICMP messages besides queries and errors, so there is none to try it with.")
    )
  }
}

/// A network in which the router's table has room for a single row, and two hosts inside send one after the other.
struct FullTable {
  /// What the second host was told; nil is nothing.
  private(set) var answer: ICMPKind?
  /// Whether the first host's packets arrived before and after.
  private(set) var firstGoesOn = false
  /// Whether the second host's packet arrived.
  private(set) var secondArrived = false
  private(set) var rows: [ExperimentRow] = []

  /// Nil if the network cannot be built.
  init?(_ subject: NATUnderTest) {
    var network = Network()
    let name = ["server", "pc", "laptop"].contains(subject.name.lowercased()) ? "router" : subject.name
    guard let server = try? network.addHost(named: "server"), let router = try? network.addRouter(named: name),
      let pc = try? network.addHost(named: "pc", behind: router),
      let laptop = try? network.addHost(named: "laptop", behind: router),
      let target = network.addresses(of: server).first
    else { return nil }
    var behavior = subject.behavior
    behavior.maximumMappings = 1
    behavior.maximumMappingsPerHost = nil
    network.configure(router, behavior)
    var arrived: [DeviceID: Int] = [:]
    for sender in [pc, laptop, pc] {
      let before = network.trace.hopCount
      _ = try? network.send(from: sender, port: 5_000, to: Endpoint(target, 4_000), .udp)
      while network.inFlight > 0, network.trace.hopCount < 256 { _ = network.step() }
      guard network.trace.hopCount > before else { continue }
      let hops = network.trace.hops(before + 1...network.trace.hopCount)
      rows += hops.filter { $0.node == router }.map { NetworkExperiments.row($0, network) }
      if hops.contains(where: { $0.node == server && $0.verdict == .delivered }) { arrived[sender, default: 0] += 1 }
      if sender == laptop {
        answer = hops.first { $0.node == laptop && $0.verdict == .delivered && $0.icmp.isError }?.icmp
      }
    }
    firstGoesOn = arrived[pc] == 2
    secondArrived = arrived[laptop] != nil
  }
}
