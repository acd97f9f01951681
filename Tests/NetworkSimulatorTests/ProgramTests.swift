// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import NetworkSimulator

/// A program that asks again and again until it is answered, and keeps a port open afterwards.
private struct Asker: HostProgram {
  enum Alarm: Int { case again, keepalive }

  let remote: Endpoint
  var port: UInt16?
  var asked = 0
  var answers: [Delivery] = []
  var name: String { "asker" }
  var state: String { answers.isEmpty ? "asking" : "done" }

  init(_ remote: Endpoint, port: UInt16? = nil) {
    self.remote = remote
    self.port = port
  }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    port = try host.open(.udp, port)
    ask(&host)
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    switch Alarm(rawValue: timer) {
    case .again where asked < 3: ask(&host)
    case .again:
      host.tell("timed-out")
      host.finish()
    case .keepalive:
      host.send(.data([1]), from: port ?? 0, to: remote)
      host.setTimer(timer, after: .seconds(15), .standing)
    case nil: break
    }
  }

  private mutating func ask(_ host: inout ProgramContext) {
    asked += 1
    host.send(.data([63]), from: port ?? 0, to: remote)
    host.setTimer(Alarm.again.rawValue, after: .milliseconds(500), .pressing)
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    answers.append(delivery)
    host.cancelTimer(Alarm.again.rawValue)
    host.tell("answered", ["local": .endpoint(delivery.local), "from": .endpoint(delivery.remote)])
    host.setTimer(Alarm.keepalive.rawValue, after: .seconds(15), .standing)
  }
}

private struct Echo: HostProgram {
  let port: UInt16?
  var closed = 0
  var name: String { "echo" }
  var state: String { "serving" }

  init(_ port: UInt16) { self.port = port }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    try host.open(.udp, port)
    try host.open(.tcp, port)
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    switch delivery.content {
    case .datagram(let payload): host.send(payload, from: delivery.local, to: delivery.remote)
    case .data(let payload): host.sendData(payload, from: delivery.local, to: delivery.remote)
    case .closed, .reset: closed += 1
    case .opened: host.tell("opened", ["by": .endpoint(delivery.remote)])
    case .error: break
    }
  }
}

@Suite struct ProgramTests {
  private static let bobsEcho: Endpoint = "88.90.100.110:7"

  @Test func anAnswerEndsTheRunAndAKeepaliveDoesNotHoldIt() throws {
    var homes = try TwoHomes()
    try homes.network.start(Echo(7), on: homes.bob)
    let asker = try homes.network.start(Asker(Self.bobsEcho), on: homes.alice)
    homes.network.run()
    // There and back; the cancelled timer does not count, and the keepalive is not waited for.
    #expect(homes.network.clock == Instant(microseconds: 42_000) && !homes.network.isBusy)
    let program = try #require(homes.network.program(asker, as: Asker.self))
    #expect(program.asked == 1 && program.answers.map(\.remote) == [Self.bobsEcho])
    #expect(homes.network.trace.events(from: 1).map(\.name) == ["answered"])
    #expect(homes.network.trace.events(from: 1).first?.packet == 2)
    // Time that passes lets keepalives be sent: at 15.042, 30.084 s and so on, each answered at once.
    while homes.network.step(until: Instant(microseconds: 31_000_000)) {}
    #expect(homes.network.program(asker, as: Asker.self)?.answers.count == 3)
  }

  @Test func anUnansweredRequestIsRepeatedByStepsOfItsOwn() throws {
    var homes = try TwoHomes()
    let asker = try homes.network.start(Asker("88.90.100.200:9"), on: homes.alice)
    var sent: [Int64] = []
    while homes.network.step() {
      if let hop = homes.network.trace.hop(homes.network.trace.hopCount), hop.verdict == .sent {
        sent.append(hop.time.microseconds)
      }
    }
    #expect(sent == [500_000, 1_000_000])
    #expect(homes.network.clock == Instant(microseconds: 1_500_000))
    #expect(homes.network.trace.events(from: 1).map(\.name) == ["timed-out"])
    #expect(homes.network.programs(on: homes.alice).map(\.isRunning) == [false])
    #expect(homes.network.program(asker, as: Asker.self)?.asked == 3)
  }

  @Test func aCopyGoesItsOwnWay() throws {
    var homes = try TwoHomes()
    try homes.network.start(Echo(7), on: homes.bob)
    let asker = try homes.network.start(Asker(Self.bobsEcho), on: homes.alice)
    for _ in 0..<3 { homes.network.step() }
    let kept = homes.network
    homes.network.run()
    let hops = homes.network.trace.hopCount
    #expect(kept.program(asker, as: Asker.self)?.answers.isEmpty == true)
    var again = kept
    again.run()
    #expect(again.trace.hops(1...hops) == homes.network.trace.hops(1...hops))
    #expect(again.trace.events(from: 1) == homes.network.trace.events(from: 1))
    #expect(again.clock == homes.network.clock)
  }

  @Test func onePortIsOneProgramsAndClosesWithIt() throws {
    var homes = try TwoHomes()
    homes.network.setPortPolicy(of: homes.bob, .bound)
    let echo = try homes.network.start(Echo(7), on: homes.bob)
    #expect(throws: HostError.portInUse(.udp, 7, host: "bob")) {
      try homes.network.start(Asker("45.1.1.1:1", port: 7), on: homes.bob)
    }
    #expect(homes.network.programs().map(\.id) == [echo])
    homes.network.stop(echo)
    try homes.network.send(from: homes.alice, port: 5000, to: Self.bobsEcho)
    homes.network.run()
    #expect(homes.network.end(of: 1) == "port-closed at bob")
    #expect(homes.network.programs().map(\.isRunning) == [false])
    // Another one with its name takes its place in the list.
    try homes.network.start(Echo(8), on: homes.bob)
    #expect(homes.network.programs().map(\.isRunning) == [true])
  }

  @Test func connectionsAreReported() throws {
    var homes = try TwoHomes()
    let echo = try homes.network.start(Echo(7), on: homes.bob)
    try homes.network.connect(from: homes.alice, port: 5000, to: Self.bobsEcho)
    homes.network.run()
    try homes.network.send(from: homes.alice, port: 5000, to: Self.bobsEcho, .tcp, payload: "hello")
    homes.network.run()
    #expect(homes.network.trace.events(from: 1).map(\.name) == ["opened"])
    let echoed = (1...homes.network.trace.packetCount).compactMap { homes.network.trace.packet($0) }
      .filter { $0.origin == homes.bob && $0.packet.payload.text == "hello" }
    #expect(echoed.count == 1 && echoed.first?.state == .delivered)
    try homes.network.close(from: homes.alice, port: 5000, to: Self.bobsEcho)
    homes.network.run()
    #expect(homes.network.program(echo, as: Echo.self)?.closed == 1)
  }

  @Test func anErrorAboutASentPacketReachesItsSender() throws {
    var homes = try TwoHomes()
    homes.network.setPortPolicy(of: homes.bob, .bound)
    let asker = try homes.network.start(Asker("88.90.100.110:9"), on: homes.alice)
    homes.network.run()
    let answers = try #require(homes.network.program(asker, as: Asker.self)?.answers)
    guard case .error(.portUnreachable, let from, _)? = answers.first?.content else {
      Issue.record("\(answers)")
      return
    }
    #expect(from == Self.bobsEcho.address && answers.first?.remote == "88.90.100.110:9")
  }

  @Test func aHostThatGoesTakesItsProgramsAlong() throws {
    var homes = try TwoHomes()
    try homes.network.start(Asker("88.90.100.200:9"), on: homes.alice)
    #expect(homes.network.isBusy)
    homes.network.run()
    try homes.network.start(Asker("88.90.100.200:9"), on: homes.alice)
    try homes.network.remove(homes.alice)
    homes.network.run()
    #expect(homes.network.programs().isEmpty && !homes.network.isBusy)
  }
}
