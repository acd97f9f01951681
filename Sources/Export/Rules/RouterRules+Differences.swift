// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// Differences between Linux and the router as it is set.
extension RouterRules {
  var differences: [Difference] {
    guard translates else { return untranslatedDifferences + ipv6 }
    var found = ipv6
    func add(_ setting: String, _ text: String) { found.append(Difference(setting: setting, text: text)) }

    switch behavior.portAssignment {
    case .sequential(let first):
      add(
        "ports", said("after the last port, numbering restarts at \(first), in use or not; pings keep their identifier")
      )
    case .preserve:
      add("ports", said("a port in use is shared as long as the destinations differ, as with 'overload'"))
    case .random:
      add("ports", said("two inside hosts may draw the same port, as long as the destinations differ"))
    case .blocks: add("ports", said("all inside hosts share the range, and none has ports of its own"))
    case .preserveOrRefuse: add("ports", said("a port in use is shared or changed, and nobody is refused"))
    case .overload, .overloadWithin: break
    }
    if behavior.preservesParity { add("parity", said("an even port may become an odd one")) }
    if behavior.portRest > .zero { add("preset \(preset.rawValue)", said("a freed port may be used again at once")) }
    if sharedAddresses.count > 1, behavior.pooling == .paired {
      add("pooling", said("a host's outside address comes from a hash of its own address, not in turn"))
    }
    if behavior.effectiveFiltering != .addressAndPortDependent {
      add("filtering", said("it is for UDP and TCP; an echo's identifier lets only the one who was asked answer"))
      if behavior.effectiveFiltering == .addressDependent {
        add(
          "filtering",
          said("an address is admitted as long as it was sent to recently, not as long as the mapping lives"))
      }
      if behavior.mapping == .addressAndPortDependent || behavior.portAssignment.sharesPorts {
        add("filtering", said("where mappings share an outside port, strangers reach the one used last"))
      }
    }
    if behavior.mapping != .endpointIndependent, behavior.effectiveFiltering != .addressAndPortDependent {
      add("mapping", said("an answer to a stranger leaves from the endpoint that the stranger wrote to"))
    }
    if behavior.hairpinsForwardsOnly {
      add("hairpinning", said("every mapping is reached from inside by its outside endpoint, not only forwards"))
    }
    if behavior.midstream != .pickedUp {
      add("midstream", said("a segment from the middle of a connection makes a row"))
    }
    if defaultHost != nil {
      add("forward all", said("a stranger's packet to a port that a host inside uses goes to the default host"))
    }
    if behavior.races {
      add("race", said("whether two packets race depends on the kernel's version and its processors"))
    }
    if behavior.resetsIdle {
      add("idle-reset", said("a connection that times out is forgotten, and neither end is told"))
    }
    if behavior.hairpinning, behavior.effectiveFiltering != .endpointIndependent {
      add("hairpinning", said("packets that are turned round are not filtered"))
    }
    if !behavior.gateways.isEmpty {
      add(
        "alg", said("the kernel's helpers do it, if it has nf_nat_ftp and nf_nat_sip, and change more of SIP's text"))
    }
    found += limits
    if behavior.refresh == .outbound {
      add("refresh", said("packets from outside keep their own flow alive, though not the mapping for others"))
    }
    return found
  }

  private var ipv6: [Difference] {
    var found: [Difference] = []
    if behavior.nat64 != nil {
      found.append(.init(setting: "nat64", text: said("nftables does not translate between IPv6 and IPv4")))
    }
    if behavior.prefixTranslation != nil {
      found.append(.init(setting: "nptv6", text: said("IPv6 addresses keep their prefix")))
    }
    return found
  }

  private var limits: [Difference] {
    var found: [Difference] = []
    if behavior.maximumMappings != nil {
      found.append(.init(setting: "max-mappings", text: said("flows are counted, not mappings")))
    }
    if behavior.maximumMappingsPerHost != nil {
      found.append(.init(setting: "max-mappings-per-host", text: said("flows are counted, not mappings")))
    }
    return found
  }

  private var untranslatedDifferences: [Difference] {
    guard behavior.firewall, behavior.filtering != .addressAndPortDependent else { return limits }
    return limits + [
      Difference(
        setting: "filtering",
        text: said("it is for UDP and TCP; an echo's identifier lets only the one who was asked answer")
      )
    ]
  }
}
