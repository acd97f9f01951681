// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// One end of a video call, as a program on a host: it sends one stream and listens to another.
///
/// Directly, the caller sends to the other's endpoint as it was told, and the called one answers to wherever that came
/// from. Through a relay, both introduce themselves there first, which opens their routers for it.
struct CallParty: HostProgram {
  enum Part: Hashable, Sendable {
    /// Begins to send at once.
    case caller(to: Endpoint)
    /// Waits until it hears the caller.
    case called
    /// Introduces itself to the relay there, and begins when the relay says that the other is there too.
    case guest(of: Endpoint)
  }

  private enum Alarm: Int {
    case introduce
    case talk
  }

  /// How often, and at most how many times, it introduces itself: as a STUN client asks (RFC 8489 §6.2.1).
  static let introductionInterval = Interval.milliseconds(500)
  static let mostIntroductions = 7

  let part: Part
  private(set) var port: UInt16?
  var media: MediaStream
  /// The stream's destination.
  private(set) var remote: Endpoint?
  private var introductions = 0

  init(_ part: Part, port: UInt16?, plan: StreamPlan) {
    self.part = part
    self.port = port
    media = MediaStream(plan)
    switch part {
    case .caller(let remote), .guest(let remote): self.remote = remote
    case .called: break
    }
  }

  var name: String { "call" }

  var state: String {
    if media.startedAt == nil { return "waiting" }
    return media.sent < media.plan.packets ? "talking" : "done"
  }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    port = try host.open(.udp, port)
    media.number = UInt32(truncatingIfNeeded: host.generator.next())
    switch part {
    case .caller: wake(Alarm.talk.rawValue, &host)
    case .called: break
    case .guest: wake(Alarm.introduce.rawValue, &host)
    }
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    guard let port, let remote, let alarm = Alarm(rawValue: timer) else { return }
    switch alarm {
    case .introduce:
      guard media.startedAt == nil, introductions < Self.mostIntroductions else { return }
      introductions += 1
      host.send(RTCPIntroduction(stream: media.number, name: host.hostName).payload, from: port, to: remote)
      host.setTimer(Alarm.introduce.rawValue, after: Self.introductionInterval, .pressing)
    case .talk:
      guard let (piece, wait) = media.next(at: host.now) else { return }
      if let wait { host.setTimer(Alarm.talk.rawValue, after: wait, .pressing) }
      host.send(piece.payload, from: port, to: remote)
    }
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard case .datagram(let payload) = delivery.content else { return }
    if let piece = RTPPacket(payload) {
      media.count(piece, at: delivery.time)
      guard media.startedAt == nil, part == .called else { return }
      remote = delivery.remote
      port = delivery.local.port
      begin(&host)
    } else if case .guest(let relay) = part, delivery.remote == relay, RTCPIntroduction(payload) != nil {
      guard media.startedAt == nil else { return }
      host.cancelTimer(Alarm.introduce.rawValue)
      begin(&host)
    }
  }

  private mutating func begin(_ host: inout ProgramContext) {
    media.startedAt = host.now
    if media.number == 0 { media.number = UInt32(truncatingIfNeeded: host.generator.next()) }
    host.setTimer(Alarm.talk.rawValue, after: .zero, .pressing)
  }

  /// The called party answers on whichever host the caller's stream reaches.
  func answers(_ delivery: Delivery) -> Bool { part == .called && delivery.payload.flatMap { RTPPacket($0) } != nil }
}

/// A server that passes on to each of its guests what the others send: a relay of a call between two.
struct CallRelay: HostProgram {
  struct Guest: Hashable, Sendable {
    var name: String
    var stream: UInt32
    /// The endpoint from which it is heard.
    var outside: Endpoint
    /// Whether it has been told that another is there.
    var wasTold = false
  }

  let port: UInt16?
  private(set) var guests: [Guest] = []
  /// The payload that crossed the server's link; bits that its own link did not take are to be subtracted.
  var load = ServerLoad()

  var name: String { "call-relay" }
  var state: String { "serving" }

  mutating func start(_ host: inout ProgramContext) throws(HostError) { try host.open(.udp, port) }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard case .datagram(let payload) = delivery.content else { return }
    if let piece = RTPPacket(payload) {
      load.incoming.count(Int(piece.length), at: delivery.time)
      for guest in guests where guest.stream != piece.stream {
        if host.send(payload, from: delivery.local, to: guest.outside) {
          load.outgoing.count(Int(piece.length), at: delivery.time)
        }
      }
    } else if let introduction = RTCPIntroduction(payload) {
      welcome(introduction, delivery, &host)
    }
  }

  private mutating func welcome(
    _ introduction: RTCPIntroduction, _ delivery: Delivery, _ host: inout ProgramContext
  ) {
    let place: Int
    if let known = guests.firstIndex(where: { $0.stream == introduction.stream }) {
      place = known
      guests[place].outside = delivery.remote
    } else {
      place = guests.count
      guests.append(Guest(name: introduction.name, stream: introduction.stream, outside: delivery.remote))
    }
    for other in guests.indices where other != place {
      // A guest who was told and asks again has not got the answer.
      for (listener, subject) in [(other, place), (place, other)] where listener == place || !guests[listener].wasTold {
        guests[listener].wasTold = true
        host.send(
          RTCPIntroduction(stream: guests[subject].stream, name: guests[subject].name).payload, from: delivery.local,
          to: guests[listener].outside)
      }
    }
  }
}
