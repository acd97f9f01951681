// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// Candidates whose addresses are hidden behind names.
extension ICEReport.Agent {
  /// Adds a table of the candidates that a name stands for, if there are any.
  func addNames(to page: inout Page) {
    let named = candidates.filter { $0.name != nil }
    guard !named.isEmpty else { return }
    var table = TextTable([
      .init(said("of")), .init(said("candidate by name")), .init(said("address")), .init(said("why")),
    ])
    for candidate in named {
      let why =
        candidate.why
        ?? (candidate.isRemote
          ? said("a neighbour has answered: both are on one network") : said("told by its name only"))
      table.addRow([
        StyledText(candidate.isRemote ? peer : host, .name), StyledText(candidate.name ?? ""),
        StyledText(candidate.why == nil ? candidate.address : "-", .address), StyledText(why, .faint),
      ])
    }
    page.addGap()
    table.add(to: &page, indent: 2)
  }
}

extension ICEProgram {
  /// The name that stands for a candidate's address.
  func name(of candidate: ICECandidate, isRemote: Bool) -> String? {
    guard candidate.type == .host else { return nil }
    return isRemote ? names?.name(ofOther: candidate.address) : names?.name(of: candidate.address.address)
  }

  /// The other end's candidates of which only the names are known.
  var unresolved: [ICEReport.Candidate] {
    names?.others.compactMap { candidate, answer in
      let why: String
      switch answer {
      case .address: return nil
      case .awaited: why = said("asked about on this network; nobody has answered yet")
      case .none: why = said("no pair: nobody on this network answers to it, and routers do not forward the question")
      }
      let address = "\(candidate.name):\(candidate.port)"
      return ICEReport.Candidate(
        type: ICECandidate.Kind.host.rawValue, address: address, base: address, priority: candidate.priority,
        isRemote: true, name: candidate.name, why: why)
    } ?? []
  }
}
