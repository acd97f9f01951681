// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One TCP connection as RFC 7857 §2 sees it: the facts, from which the state follows. Sides are true for the inside.
struct ReferenceConnection {
  var spoken: Set<Bool> = []
  var asked: Set<Bool> = []
  var answered: Set<Bool> = []
  var isOpened = false
  var finished: [Bool] = []
  var firstEndIsKnown = false
  var lastEndIsKnown = false
  var isReset = false
  var wasOpen = false

  var isOpen: Bool { isOpened && !isReset && finished.count < 2 }

  var state: String? {
    if isReset { return "closed" }
    if finished.count == 2 { return lastEndIsKnown ? "time-wait" : "last-ack" }
    if finished.count == 1 { return firstEndIsKnown ? "close-wait" : "fin-wait" }
    if isOpened { return "established" }
    if !answered.isEmpty { return "syn-received" }
    if !asked.isEmpty { return asked.count == 2 ? "simultaneous-open" : "syn-sent" }
    return spoken.isEmpty ? nil : "mid-stream"
  }

  func lifetime(_ lifetimes: MappingLifetimes) -> Interval {
    let states = lifetimes.tcpStates
    return switch state {
    case "established": lifetimes.tcpEstablished
    case "fin-wait": states.finWait ?? lifetimes.tcpEstablished
    case "close-wait": states.closeWait ?? lifetimes.tcpEstablished
    case "syn-sent", "simultaneous-open": states.synSent ?? lifetimes.tcpTransitory
    case "syn-received": states.synReceived ?? lifetimes.tcpTransitory
    case "last-ack": states.lastAck ?? lifetimes.tcpTransitory
    case "time-wait": states.timeWait ?? lifetimes.tcpTransitory
    case "closed": states.closed ?? lifetimes.tcpTransitory
    default: lifetimes.tcpTransitory
    }
  }

  mutating func see(_ flags: TCPFlags, outbound side: Bool) {
    if flags.contains(.rst) {
      let wasOpen = isOpen || isReset && wasOpen
      self = ReferenceConnection()
      isReset = true
      self.wasOpen = wasOpen
    } else if flags.contains([.syn, .ack]) {
      answer(side)
    } else if flags.contains(.syn) {
      if isReset || !finished.isEmpty { self = ReferenceConnection() }
      if !isOpened, answered.isEmpty { asked.insert(side) }
    } else if flags.contains(.fin) {
      finish(side)
    } else {
      speak(side)
    }
  }

  private mutating func answer(_ side: Bool) {
    if isOpened { return }
    if isReset { self = ReferenceConnection() }
    if !answered.isEmpty {
      isOpened = !answered.contains(side)
    } else if asked != [side] {
      answered = [side]
    }
  }

  private mutating func finish(_ side: Bool) {
    if isReset { return }
    if !isOpened, answered.isEmpty {
      guard asked.isEmpty else { return }
      spoken.insert(side)
      guard spoken.count == 2 else { return }
    }
    isOpened = true
    if !finished.contains(side) { finished.append(side) }
  }

  private mutating func speak(_ side: Bool) {
    if isReset {
      if wasOpen { self = ReferenceConnection(isOpened: true) }
    } else if finished.count == 2 {
      if finished[0] == side { lastEndIsKnown = true }
    } else if finished.count == 1 {
      if finished[0] != side { firstEndIsKnown = true }
    } else if !answered.isEmpty {
      if !answered.contains(side) { isOpened = true }
    } else if asked.isEmpty {
      spoken.insert(side)
      if spoken.count == 2 { isOpened = true }
    }
  }
}
