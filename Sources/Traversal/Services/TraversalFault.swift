// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// Why a command of traversal was not carried out.
enum TraversalFault: CommandFault, Hashable {
  case samePeer(String)
  case notAPeer(String)
  case nobodyServes(String)
  case severalServe(String, [String])
  case servesNot(String, String, others: [String])

  var word: String {
    switch self {
    case .samePeer: "same-peer"
    case .notAPeer: "not-a-peer"
    case .nobodyServes: "no-server"
    case .severalServe: "several-servers"
    case .servesNot: "does-not-serve"
    }
  }

  var message: String {
    switch self {
    case .samePeer(let name): said("\(name) cannot meet itself; name two different hosts")
    case .notAPeer(let name): said("\(name) is neither of the two; `first` names the one that begins")
    case .nobodyServes(let service):
      said("no host serves \(service); `serve HOST \(service)` begins one, and `scene call` has one")
    case .severalServe(let service, let hosts):
      said("\(hosts.joined(separator: ", ")) all serve \(service); choose one: `via \(hosts[0])`")
    case .servesNot(let host, let service, let others):
      switch others.count {
      case 0: said("\(host) does not serve \(service); `serve \(host) \(service)` begins one")
      case 1: said("\(host) does not serve \(service); \(others[0]) does")
      default: said("\(host) does not serve \(service); \(others.joined(separator: ", ")) do")
      }
    }
  }
}
