// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a call or a crowd did not come about; the words are the renderer's.
public enum TrafficError: Hashable, Sendable {
  /// A call of a host to itself.
  case callsItself(String)
  /// A call through one of the two that it is between.
  case serverIsParty(String)
  /// Users talk in pairs.
  case oddCrowd(Int)
  /// At that rate no packet is full before the time is up; one takes so many microseconds.
  case notOnePacket(microseconds: Int64)
  /// More packets than one command sends.
  case tooManyPackets(limit: Int)
  /// It was stopped before anybody spoke.
  case stopped

  var word: String {
    switch self {
    case .callsItself: "calls-itself"
    case .serverIsParty: "server-is-party"
    case .oddCrowd: "odd-crowd"
    case .notOnePacket: "not-one-packet"
    case .tooManyPackets: "too-many-packets"
    case .stopped: "stopped"
    }
  }
}
