// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Incoming messages, and the agent's reactions.
extension ICEProgram {
  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    switch delivery.content {
    case .datagram(let payload):
      // Streams are most of what arrives; nothing else changes by a piece of one.
      if hear(payload, at: host.now) { return }
      if let bytes = payload.bytes {
        if delivery.remote == turn?.server, let data = turn?.channelData(in: bytes),
          hear(Payload(bytes: data), at: host.now)
        {
          return
        }
        if delivery.local.port == MulticastDNS.port {
          takeNames(bytes, delivery, &host)
        } else {
          take(bytes, delivery, &host)
        }
      }
    case .error(let kind, _, _):
      if kind.isHardError { agent?.refused(from: delivery.local, to: delivery.remote, at: host.now) }
    case .opened, .data, .closed, .reset: return
    }
    advance(&host)
  }

  private mutating func take(_ bytes: [UInt8], _ delivery: Delivery, _ host: inout ProgramContext) {
    if let (events, answer) = signalling.receive(bytes, from: delivery.remote, at: host.now) {
      if let answer, let port { host.send(Payload(bytes: answer), from: port, to: signalling.server) }
      for event in events { take(event, &host) }
      return
    }
    if delivery.remote == turn?.server, var client = turn {
      let events = client.receive(bytes, at: host.now, using: &host.generator)
      turn = client
      if let events {
        for event in events { take(event, &host) }
        return
      }
    }
    if let message = try? STUNMessage(decoding: bytes[...]),
      let index = questions.firstIndex(where: { $0.transaction.isAnswered(by: message, from: delivery.remote) })
    {
      let question = questions.remove(at: index)
      if let mapped = message.mappedAddress {
        learn(mapped, base: question.base, from: question.transaction.server, &host)
      }
      return
    }
    receive(bytes, at: delivery.local, from: delivery.remote, &host)
  }

  /// Handles a delivery to one of its endpoints, its own or the borrowed one: the agent's messages, or data.
  private mutating func receive(
    _ bytes: [UInt8], at base: Endpoint, from source: Endpoint, _ host: inout ProgramContext
  ) {
    guard agent?.receive(bytes, at: base, from: source, at: host.now, using: &host.generator) == false else { return }
    guard let text = String(validating: bytes, as: UTF8.self),
      agent?.remotes.contains(where: { $0.address == source }) == true
    else { return }
    host.tell("heard", ["from": .endpoint(source), "text": .text(text)])
    if text.hasPrefix("hello"), agent?.selected != nil { say(said("welcome, says \(ownName)"), &host) }
  }

  private mutating func learn(
    _ mapped: Endpoint, base: Endpoint, from server: Endpoint, _ host: inout ProgramContext
  ) {
    let preference = agent?.locals.first { $0.type == .host && $0.base == base }.map {
      UInt16(truncatingIfNeeded: $0.priority >> 8)
    }
    let candidate = ICECandidate(
      .serverReflexive, mapped, base: base, server: server.address, localPreference: preference ?? .max)
    guard mapped == base else { return add(candidate, &host) }
    // Nobody translates it: the candidate exists already (RFC 8445 §5.1.3), but the other end may know only its name.
    guard names != nil, !untranslated.contains(where: { $0.address == mapped }) else { return }
    untranslated.append(candidate)
    publish(&host)
  }

  private mutating func take(_ event: Signalling.Event, _ host: inout ProgramContext) {
    switch event {
    case .registered(let seen):
      host.tell("registered", ["mapped": .endpoint(seen), "server": .endpoint(signalling.server)])
    case .heard(let body):
      guard let description = ICEDescription(body) else { return }
      if let known = agent?.remote, known != description.credentials, agent?.state != .running {
        // The other end has begun again.
        restart(&host)
      }
      if agent?.remote != description.credentials {
        let count = description.candidates.count + description.named.count
        host.tell("learned", ["peer": .text(peerName), "candidates": .number(count)])
        agent?.setRemote(description.credentials, at: host.now)
        names?.forgetOthers()
        peerIsComplete = false
      }
      for candidate in description.candidates { agent?.add(remote: candidate, at: host.now) }
      for candidate in description.named { names?.ask(about: candidate, at: host.now) }
      if description.isComplete { peerIsComplete = true }
      finishPeer(&host)
    case .gaveUp: break
    }
  }

  mutating func take(_ event: TURNClient.Event, _ host: inout ProgramContext) {
    switch event {
    case .allocated(let relayed, let mapped, let lifetime):
      host.tell("allocated", ["relayed": .endpoint(relayed), "lifetime_s": .number(Int(lifetime))])
      if let mapped, let port, let address = host.address(towards: mapped.address), let server = turn?.server {
        learn(mapped, base: Endpoint(address, port), from: server, &host)
      }
      addRelay(relayed, &host)
    case .permitted(let address):
      host.tell("permission", ["peer": .address(address)])
      release(address, &host)
    case .bound(let peer, let number):
      host.tell("channel", ["peer": .endpoint(peer), "channel": .number(Int(number))])
      release(peer.address, &host)
    case .refused(let code, let method, let peer):
      host.tell(
        "refused",
        [
          "code": .number(Int(code.rawValue)), "method": .text(method.name), "reason": .text(code.phrase),
          "peer": peer.map { .address($0) } ?? .null,
        ])
      guard let peer else { return }
      for (_, base, destination) in waiting where destination.address == peer {
        agent?.refused(from: base, to: destination, at: host.now)
      }
      waiting.removeAll { $0.to.address == peer }
    case .refreshed(let lifetime):
      // Of those that keep what it has, only the one that asks whether it still has it is news.
      guard isGathering, let relayed = turn?.relayed, !relayed.isEmpty else { return }
      host.tell("refreshed", ["lifetime_s": .number(Int(lifetime))])
      for endpoint in relayed { addRelay(endpoint, &host) }
    case .data(let bytes, let peer):
      if hear(Payload(bytes: bytes), at: host.now) { return }
      if let relayed = turn?.relayed(towards: peer.address) { receive(bytes, at: relayed, from: peer, &host) }
    case .challenged, .timedOut: break
    }
  }

  /// Sends the messages that waited for a permission.
  private mutating func release(_ address: IPAddress, _ host: inout ProgramContext) {
    let ready = waiting.filter { $0.to.address == address }
    waiting.removeAll { $0.to.address == address }
    for (bytes, base, destination) in ready { send(bytes, from: base, to: destination, &host) }
  }

  private mutating func relay(
    _ bytes: [UInt8], from base: Endpoint, to peer: Endpoint, _ host: inout ProgramContext
  ) {
    guard let port, let client = turn else { return }
    if client.isPermitted(peer.address, at: host.now) {
      let wrapped = client.wrap(bytes, to: peer, using: &host.generator)
      host.send(Payload(bytes: wrapped), from: port, to: client.server)
    } else {
      waiting.append((bytes, base, peer))
      turn?.permit(peer.address, at: host.now, using: &host.generator)
    }
  }

  /// Whether an endpoint is a borrowed one.
  func isRelayed(_ base: Endpoint) -> Bool { turn?.relayed.contains(base) == true }

  mutating func send(_ bytes: [UInt8], from base: Endpoint, to remote: Endpoint, _ host: inout ProgramContext) {
    if isRelayed(base) { return relay(bytes, from: base, to: remote, &host) }
    host.send(Payload(bytes: bytes), from: base, to: remote)
  }

  /// Sends a text on the selected pair.
  mutating func say(_ text: String, _ host: inout ProgramContext) {
    guard let pair = agent?.selected else { return }
    send(Array(text.utf8), from: pair.local.base, to: pair.remote.address, &host)
  }

  // MARK: What the agent wants

  mutating func carryOut(_ host: inout ProgramContext) {
    for output in agent?.takeOutputs() ?? [] {
      switch output {
      case .send(let bytes, let base, let remote): send(bytes, from: base, to: remote, &host)
      case .event(let event): take(event, &host)
      }
    }
  }

  private mutating func take(_ event: ICEAgent.Event, _ host: inout ProgramContext) {
    switch event {
    case .learned(let candidate, let isRemote):
      host.tell(
        "candidate",
        [
          "type": .text(candidate.type.rawValue), "address": .endpoint(candidate.address),
          "base": .endpoint(candidate.base), "priority": .number(Int(candidate.priority)), "remote": .flag(isRemote),
        ])
    case .pair(let pair): host.tell("pair", data(pair))
    case .check(let pair): host.tell("check", data(pair))
    case .nominated(let pair): host.tell("nominated", data(pair))
    case .selected(let pair):
      host.tell(
        "selected",
        [
          "path": .text(pair.path.rawValue), "local": .endpoint(pair.local.address),
          "remote": .endpoint(pair.remote.address), "local_type": .text(pair.local.type.rawValue),
          "remote_type": .text(pair.remote.type.rawValue),
        ])
      if pair.local.type == .relayed { turn?.bind(pair.remote.address, at: host.now, using: &host.generator) }
      if agent?.role == .controlling { say("hello from \(ownName)", &host) }
    case .switched(let role): host.tell("role", ["role": .text(role.rawValue)])
    case .failed: host.tell("failed", ["reason": .text(said("no pair of candidates works"))])
    case .consentLost:
      host.tell("consent-lost")
      restart(&host)
    }
  }

  private func data(_ pair: ICEPair) -> EventData {
    [
      "pair": .number(pair.id), "state": .text(pair.state.rawValue), "local": .endpoint(pair.local.address),
      "remote": .endpoint(pair.remote.address), "local_type": .text(pair.local.type.rawValue),
      "remote_type": .text(pair.remote.type.rawValue),
    ]
  }
}
