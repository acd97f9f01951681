// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// Why a call or a crowd did not happen.
public enum TrafficFault: CommandFault, Hashable {
  /// A call of a host to itself.
  case callsItself(String)
  /// A call through one of the two that it is between.
  case serverIsParty(String)
  /// Users talk in pairs.
  case oddCrowd(Int)
  /// Larger than is computed here, as in a class, where others wait.
  case crowdTooLarge(most: Int)
  /// At that rate no packet is full before the time is up; one takes so many microseconds.
  case notOnePacket(microseconds: Int64)
  /// More packets than one command sends.
  case tooManyPackets(limit: Int)
  /// It was stopped before anybody spoke.
  case stopped
  /// A port was named where ICE takes its own.
  case portIsICEs

  public var word: String {
    switch self {
    case .callsItself: "calls-itself"
    case .serverIsParty: "server-is-party"
    case .oddCrowd: "odd-crowd"
    case .crowdTooLarge: "too-many-devices"
    case .notOnePacket: "not-one-packet"
    case .tooManyPackets: "too-many-packets"
    case .stopped: "stopped"
    case .portIsICEs: "port-is-ices"
    }
  }

  public var message: String {
    switch self {
    case .callsItself(let name): said("\(name) cannot call itself; name another host")
    case .serverIsParty(let name):
      said("\(name) is one of the two that talk, so it cannot be the server between them; name a third host")
    case .crowdTooLarge(let most):
      said("a crowd has at most \(most) users here, since others need the processor as well")
    case .oddCrowd(let users):
      said("users talk in pairs, and \(Count.grouped(users)) of them leave one alone; use an even number")
    case .notOnePacket(let microseconds):
      said(
        "at that rate one packet takes \(SimulatedTime.text(microseconds)), so none is full before the time is up; ",
        "choose a longer time or a higher rate")
    case .tooManyPackets(let limit):
      said("that is more than \(Count.grouped(limit)) packets; choose a shorter time, a lower rate or fewer users")
    case .portIsICEs: said("ICE opens its own ports; name the two hosts without a port")
    case .stopped: said("stopped before anybody spoke; nothing has changed")
    }
  }
}
