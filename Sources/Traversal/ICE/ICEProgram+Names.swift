// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// Names in place of addresses: the host's own, for which it answers on its link, and the other end's, about which it
/// asks there.
extension ICEProgram {
  /// Asks about the names whose turn it is, on the host's own link and nowhere else.
  mutating func askForNames(_ host: inout ProgramContext) {
    guard let (question, unanswered) = names?.wake(at: host.now) else { return }
    if let question {
      for address in host.addresses {
        host.send(
          Payload(bytes: question.encoded()), from: Endpoint(address, MulticastDNS.port),
          to: Endpoint(MulticastDNS.group(address.family), MulticastDNS.port))
      }
    }
    for name in unanswered { host.tell("unresolved", ["name": .text(name)], about: .nothing) }
    if !unanswered.isEmpty { finishPeer(&host) }
  }

  /// A neighbour's question, or its answer.
  mutating func takeNames(_ bytes: [UInt8], _ delivery: Delivery, _ host: inout ProgramContext) {
    guard let message = MDNSMessage(decoding: bytes[...]) else { return }
    switch message.content {
    case .query(let asked):
      guard let answer = names?.answer(to: asked), let address = host.address(towards: delivery.remote.address) else {
        return
      }
      host.send(
        Payload(bytes: answer.encoded()), from: Endpoint(address, MulticastDNS.port), to: delivery.remote)
    case .response(let records):
      // Whoever answers from elsewhere is not a neighbour (RFC 6762 §6).
      guard delivery.remote.port == MulticastDNS.port else { return }
      for (candidate, address) in names?.learn(records) ?? [] {
        host.tell("resolved", ["address": .address(address), "name": .text(candidate.name)])
        let endpoint = Endpoint(address, candidate.port)
        agent?.add(
          remote: ICECandidate(
            .host, endpoint, base: endpoint, priority: candidate.priority, foundation: candidate.foundation),
          at: host.now)
      }
      finishPeer(&host)
    }
  }

  /// All candidates of the other end are known once it has told them and no name is left to be asked about.
  mutating func finishPeer(_ host: inout ProgramContext) {
    guard peerIsComplete, names?.isWaiting != true else { return }
    agent?.finishCandidates(ofPeer: true, at: host.now)
  }
}

extension ICEDescription {
  /// Puts names in place of the host's own addresses, wherever these stand, and numbers in place of what was made from
  /// them.
  ///
  /// - Parameter untranslated: what a server has seen of a host without a NAT: as the server's answer it is told, as the
  ///   host's own address it would not be.
  mutating func hide(by names: ICENames, _ untranslated: [ICECandidate]) {
    var foundations: [ICECandidate.Kind: [String]] = [:]
    func foundation(of candidate: ICECandidate) -> String {
      var known = foundations[candidate.type] ?? []
      if !known.contains(candidate.foundation) { known.append(candidate.foundation) }
      foundations[candidate.type] = known
      return "\(candidate.type.rawValue)\((known.firstIndex(of: candidate.foundation) ?? 0) + 1)"
    }
    for candidate in candidates where candidate.type == .host {
      guard let name = names.name(of: candidate.address.address) else { continue }
      named.append(
        ICENames.Candidate(
          name: name, port: candidate.address.port, priority: candidate.priority,
          foundation: foundation(of: candidate)))
    }
    candidates = (candidates.filter { $0.type != .host } + untranslated).map { candidate in
      var hidden = candidate
      hidden.foundation = foundation(of: candidate)
      guard candidate.type.isReflexive else { return hidden }
      // The base would tell what the name hides.
      let isIPv4 = candidate.address.address.isIPv4
      hidden.base = Endpoint(isIPv4 ? IPAddress(ipv4: 0) : IPAddress(uncheckedHigh: 0, low: 0), 0)
      return hidden
    }
  }
}
