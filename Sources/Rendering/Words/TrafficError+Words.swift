// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

extension TrafficError {
  /// What is wrong, and what to do about it.
  var words: String {
    switch self {
    case .callsItself(let name): "\(name) cannot call itself; name another host"
    case .serverIsParty(let name):
      "\(name) is one of the two that talk, so it cannot be the server between them; name a third host"
    case .oddCrowd(let users):
      "users talk in pairs, and \(Count.grouped(users)) of them leave one alone; take an even number"
    case .notOnePacket(let microseconds):
      "at that rate one packet takes \(SimulatedTime.text(microseconds)), so none is full before the time is up; "
        + "take a longer time or a higher rate"
    case .tooManyPackets(let limit):
      "that is more than \(Count.grouped(limit)) packets; take a shorter time, a lower rate or fewer users"
    case .stopped: "stopped before anybody spoke; nothing has changed"
    }
  }
}
