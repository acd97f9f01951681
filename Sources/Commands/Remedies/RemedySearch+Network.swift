// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

// Remedies in the network itself: routes, hosts and links.
extension RemedySearch {
  mutating func forPrivateDestination() {
    let port = hop.destination.port
    if let told = session.announcement(of: hop) {
      let router = network.device(told.origin).parent
      if let nat = network.router(router)?.nat, !nat.behavior.gateways.contains(told.gateway) {
        advise(.readTexts(router: name(router), protocol: told.gateway.word))
      }
    }
    let owners = network.devices(withAddress: hop.destination.address).filter {
      $0 != hop.node && $0 != record.origin && network.host($0) != nil
    }
    if let meant = owners.first {
      fixElsewhere(open(meant, port, to: hop.source), from: meant)
      // The outermost router that the host is behind has the address that everybody can write to.
      var (router, outermost) = (network.device(meant).parent, DeviceID.internet)
      while router != .internet { (outermost, router) = (router, network.device(router).parent) }
      if transport != .icmp, let nat = network.router(outermost)?.nat, let address = nat.externalAddresses.first {
        fix(
          .forwardAndWriteThere(host: name(meant), router: name(outermost), port: port),
          waysToForward(port, of: outermost, to: meant, port), again: sendAgain(to: Endpoint(address, port)), at: meant)
      }
    }
    look(.seeAddresses, "map")
  }

  mutating func forTTLExpired() {
    fix(.largerTTL, [[]], again: sendAgain(to: record.packet.destination, options: " ttl 64"))
    look(.seeAddresses, "map")
  }

  mutating func forPortClosed() {
    let port = (hop.newDestination ?? hop.destination).port
    if network.host(hop.node) != nil {
      fix(.listen, [["listen \(node) \(port) \(transport.name)"]], at: hop.node)
      fix(.openPorts, [["set \(node) ports open"]], at: hop.node)
    }
    if found.isEmpty { look(.seeAddresses, "map") }
  }

  mutating func forNoSuchHost() {
    let sought = (hop.newDestination ?? hop.destination).address
    if let remote = session.embedded(in: sought, from: record.origin) { return forUntranslated(remote) }
    let router = network.router(hop.node) != nil ? hop.node : network.device(hop.node).parent
    let isLocal = network.router(router)?.prefixes.contains { $0.contains(sought) } ?? false
    let new = freeName
    fix(
      .putHostThere(name: new, sought),
      [["host \(new) \(sought)\(isLocal ? " behind \(name(router))" : "")"]])
    look(.seeAddresses, "map")
  }

  /// A packet for an IPv4 host that nobody translated.
  private mutating func forUntranslated(_ remote: IPAddress) {
    if network.addresses(of: record.origin).contains(where: \.isIPv4) {
      fix(.writeToIPv4(remote), [[]], again: sendAgain(to: Endpoint(remote, record.packet.destination.port)))
    }
    var router = network.device(record.origin).parent
    while router != .internet {
      if fix(.translateFamilies(name(router)), [["set \(name(router)) nat64 on"]]) { break }
      router = network.device(router).parent
    }
    look(.seeAddresses, "map")
  }

  mutating func forBlocked() {
    if record.packet.icmp.isError, let original = record.about.flatMap({ network.trace.packet($0) }) {
      forBlockedReport(about: original)
      if found.isEmpty { look(.seeAddresses, "map") }
      return
    }
    fix(.filterOff(node), [["filter \(node) off"]])
    if found.isEmpty { look(.seeAddresses, "map") }
  }

  mutating func forLoss() {
    if let link = hop.lostOn {
      fix(.linkWithoutLoss(name(link)), [["set \(name(link)) loss 0%"]])
    }
    advise(.sendAgain)
  }

  mutating func forQueueFull() {
    if let link = hop.lostOn {
      fix(.linkWithoutRate(name(link)), [["run", "set \(name(link)) rate unlimited"]])
    }
    advise(.sendSlower)
  }

  mutating func forTooBig() {
    guard let options = typedOptions, transport != .icmp else { return advise(.sendShorter(text: 0)) }
    let (to, df) = (record.packet.destination, record.packet.dontFragment ? " df" : "")
    let text = df.isEmpty ? options : String(options.dropLast(df.count))
    let again = sendAgain(to: to, options: options)
    let forgotten = Network.pathMTULifetime
    // A link that takes any packet is not to blame: the host follows a report about another one.
    if let link = hop.lostOn, session.network.device(link).link.mtu < .max {
      let set = "set \(name(link)) mtu unlimited"
      if !fix(.linkWithoutMTU(name(link)), [[set]], again: again) {
        fix(.linkWithoutMTU(name(link)), [[set, "wait \(forgotten)"]], again: again)
      }
    }
    forLongSegment((transport == .tcp ? " tcp" : "") + options)
    fix(.forgetPathMTU(after: forgotten), [["wait \(forgotten)"]], again: again)
    if !df.isEmpty { fix(.mayBeCut, [[]], again: sendAgain(to: to, options: text)) }
    if let length = record.packet.payload.text?.utf8.count {
      // The room left after the headers, by halves: the trial says which length passes.
      for shorter in [length / 2, length / 4, length / 8] where shorter > 0 {
        let less = #" "\#(String(repeating: "x", count: shorter))""#
        if fix(.sendShorter(text: shorter), [[]], again: sendAgain(to: to, options: less + df)) { return }
      }
    }
    if found.isEmpty { advise(.sendShorter(text: 0)) }
  }

  mutating func forInvalid() {
    if transport == .tcp, fault == nil {
      if let midstream = network.router(hop.node)?.nat.behavior.midstream, midstream != .pickedUp {
        fix(.pickUpMidstream, [["set \(node) midstream picked-up"]])
        advise(.keepAlive)
      }
      // Sent by a host that takes the connection to be open: a new one is another matter.
      let from = name(record.origin)
      fix(.beginAgain, [[]], again: ["connect \(from) \(record.packet.destination)"])
      if found.isEmpty { advise(.beginAgain) }
    }
    switch fault {
    case .destination, .directedBroadcast:
      advise(.useAddressOfOneHost)
      look(.seeAddresses, "map")
    default: break
    }
  }
}

extension RemedySearch {
  /// The remedies of a packet's last hop.
  static func remedies(
    _ session: Session, record: PacketRecord, hop: Hop, mapping: Mapping?, fault: PacketFault?,
    detour: Detour? = nil
  ) -> [Remedy] {
    var search = RemedySearch(session, record: record, hop: hop, mapping: mapping, fault: fault)
    guard let reason = hop.reason else {
      if hop.verdict != .delivered { search.look(.seeFlight, "map") }
      let isFromRouter = session.network.router(record.origin) != nil
      if isFromRouter, mapping?.end?.cause == .timedOut { search.advise(.keepAlive) }
      return search.found
    }
    if let detour {
      search.forDetour(detour)
      if !search.found.isEmpty { return search.found }
    }
    switch reason {
    case .noMapping: search.forNoMapping()
    case .filtered: search.forFiltered()
    case .expired: search.forExpired()
    case .firewall: search.forFirewall()
    case .hairpinOff: search.forHairpinOff()
    case .portsExhausted: search.forPortsExhausted()
    case .insertFailed: search.forInsertFailed()
    case .tableFull: search.forTableFull()
    case .privateDestination: search.forPrivateDestination()
    case .noRoute: search.look(.seeAddresses, "map")
    case .ttlExpired: search.forTTLExpired()
    case .portClosed: search.forPortClosed()
    case .timeWait: search.forTimeWait()
    case .noSuchHost: search.forNoSuchHost()
    case .blocked: search.forBlocked()
    case .loss: search.forLoss()
    case .queueFull: search.forQueueFull()
    case .tooBig: search.forTooBig()
    case .invalid: search.forInvalid()
    }
    return search.found
  }
}
