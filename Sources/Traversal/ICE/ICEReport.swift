// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// `ice`: the present check lists.
struct ICEReport: ResultContent, TextRenderable {
  var agents: [Agent]

  enum CodingKeys: String, CodingKey {
    case agents = "ice"
  }

  /// One end.
  struct Agent: Encodable, Sendable {
    var host: String
    var peer: String
    var role: String
    var state: String
    /// `direct`, `punched`, `relayed`; nil until a pair has been selected.
    var path: String?
    var candidates: [Candidate]
    var pairs: [Pair]
  }

  struct Candidate: Encodable, Sendable {
    var type: String
    var address: String
    var base: String
    var priority: UInt32
    var isRemote: Bool
    /// The name that the other end is told in place of the address; nil without `mdns`.
    var name: String?
    /// Why there is no pair with it, if only its name is known.
    var why: String?

    enum CodingKeys: String, CodingKey {
      case type, address, base, priority, name, why
      case isRemote = "remote"
    }
  }

  struct Pair: Encodable, Sendable {
    var id: Int
    var local: String
    var localType: String
    var remote: String
    var remoteType: String
    var priority: UInt64
    var state: String
    var isValid: Bool
    var isNominated: Bool
    /// The reason for its state.
    var why: String

    enum CodingKeys: String, CodingKey {
      case id, local, remote, priority, state, why
      case localType = "local_type"
      case remoteType = "remote_type"
      case isValid = "valid"
      case isNominated = "nominated"
    }
  }

  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    for (index, agent) in agents.enumerated() {
      if index > 0 { page.addGap() }
      var title: StyledText = "\(agent.host, .name) → \(agent.peer, .name), \(agent.role): \(agent.state)"
      if let path = agent.path { title += ", \(path, .new)" }
      page.add(title)
      var table = TextTable([
        .init(said("pair"), .right), .init(said("from")), .init(""), .init(said("to")), .init(""), .init(said("state")),
        .init(said("why")),
      ])
      for pair in agent.pairs {
        table.addRow([
          "\(pair.id)", "\(pair.local)", "\(pair.localType, .faint)", "\(pair.remote)", "\(pair.remoteType, .faint)",
          pair.isNominated ? "\("nominated", .new)" : "\(pair.state)", "\(pair.why, .faint)",
        ])
      }
      table.add(to: &page, indent: 2)
      agent.addNames(to: &page)
      if agent.pairs.isEmpty { page.add("  \(said("no pairs yet: the other end's candidates are not known"), .faint)") }
    }
    return page.text
  }
}

extension Session {
  /// All ends, in the order in which they were begun.
  func iceReports() -> [ICEReport.Agent] {
    let history = CheckHistory(self)
    return network.programs().compactMap { summary in
      guard let program = network.program(summary.id, as: ICEProgram.self), let agent = program.agent else {
        return nil
      }
      let known = agent.locals.map { ($0, false) } + agent.remotes.map { ($0, true) }
      return ICEReport.Agent(
        host: network.device(summary.host).name, peer: program.peerName, role: agent.role.rawValue,
        state: program.state, path: agent.selected?.path.rawValue,
        candidates: known.map { candidate, isRemote in
          ICEReport.Candidate(
            type: candidate.type.rawValue, address: candidate.address.description,
            base: candidate.base.description, priority: candidate.priority, isRemote: isRemote,
            name: program.name(of: candidate, isRemote: isRemote))
        } + program.unresolved,
        pairs: agent.pairs.map { pair in
          ICEReport.Pair(
            id: pair.id, local: pair.local.address.description, localType: pair.local.type.rawValue,
            remote: pair.remote.address.description, remoteType: pair.remote.type.rawValue, priority: pair.priority,
            state: pair.state.rawValue, isValid: pair.isValid, isNominated: pair.isNominated,
            why: agent.why(pair, history.fate(of: pair, agent, on: summary.host, peer: program.peerName)))
        })
    }
  }
}

extension ICEAgent {
  /// The reason for a pair's state.
  ///
  /// - Parameter fate: What became of its last check, if it was not answered.
  func why(_ pair: ICEPair, _ fate: @autoclosure () -> String?) -> String {
    if pair.isNominated { return said("the best that works") }
    switch pair.state {
    case .succeeded where !pair.isValid: return said("works, from the address that the peer saw")
    case .succeeded: return said("works; a better one is used")
    case .failed: return fate() ?? said("no answer came")
    case .inProgress:
      let answer =
        selected == nil ? said("asked, not answered yet") : said("was not answered before another pair was chosen")
      return fate().map { "\(answer): \($0)" } ?? answer
    case .waiting, .frozen: return selected == nil ? said("waits for its turn") : said("was not needed")
    }
  }
}
