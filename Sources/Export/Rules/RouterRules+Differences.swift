// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Differences between Linux and the router as it is set.
extension RouterRules {
  var differences: [Difference] {
    guard translates else { return untranslatedDifferences + ipv6 }
    var found = ipv6
    func add(_ setting: String, _ text: String) { found.append(Difference(setting: setting, text: text)) }

    switch behavior.portAssignment {
    case .sequential(let first):
      add("ports", "after the last port, numbering restarts at \(first), in use or not; pings keep their identifier")
    case .preserve:
      add("ports", "a port in use is shared as long as the destinations differ, as with 'overload'")
    case .random:
      add("ports", "two inside hosts may draw the same port, as long as the destinations differ")
    case .blocks: add("ports", "all inside hosts share the range, and none has ports of its own")
    case .preserveOrRefuse: add("ports", "a port in use is shared or changed, and nobody is refused")
    case .overload, .overloadWithin: break
    }
    if behavior.preservesParity { add("parity", "an even port may become an odd one") }
    if behavior.portRest > .zero { add("preset \(preset.rawValue)", "a freed port may be used again at once") }
    if sharedAddresses.count > 1, behavior.pooling == .paired {
      add("pooling", "a host's outside address comes from a hash of its own address, not in turn")
    }
    if behavior.effectiveFiltering != .addressAndPortDependent {
      add("filtering", "it is for UDP and TCP; an echo's identifier lets only the one who was asked answer")
      if behavior.effectiveFiltering == .addressDependent {
        add("filtering", "an address is admitted as long as it was sent to recently, not as long as the mapping lives")
      }
      if behavior.mapping == .addressAndPortDependent || behavior.portAssignment.sharesPorts {
        add("filtering", "where mappings share an outside port, strangers reach the one used last")
      }
    }
    if behavior.mapping != .endpointIndependent, behavior.effectiveFiltering != .addressAndPortDependent {
      add("mapping", "an answer to a stranger leaves from the endpoint that the stranger wrote to")
    }
    if behavior.hairpinsForwardsOnly {
      add("hairpinning", "every mapping is reached from inside by its outside endpoint, not only forwards")
    }
    if behavior.midstream != .pickedUp {
      add("midstream", "a segment from the middle of a connection makes a row")
    }
    if defaultHost != nil {
      add("forward all", "a stranger's packet to a port that a host inside uses goes to the default host")
    }
    if behavior.resetsIdle {
      add("idle-reset", "a connection that times out is forgotten, and neither end is told")
    }
    if behavior.hairpinning, behavior.effectiveFiltering != .endpointIndependent {
      add("hairpinning", "packets that are turned round are not filtered")
    }
    found += limits
    if behavior.refresh == .outbound {
      add("refresh", "packets from outside keep their own flow alive, though not the mapping for others")
    }
    return found
  }

  private var ipv6: [Difference] {
    var found: [Difference] = []
    if behavior.nat64 != nil {
      found.append(.init(setting: "nat64", text: "nftables does not translate between IPv6 and IPv4"))
    }
    if behavior.prefixTranslation != nil {
      found.append(.init(setting: "nptv6", text: "IPv6 addresses keep their prefix"))
    }
    return found
  }

  private var limits: [Difference] {
    var found: [Difference] = []
    if behavior.maximumMappings != nil {
      found.append(.init(setting: "max-mappings", text: "flows are counted, not mappings"))
    }
    if behavior.maximumMappingsPerHost != nil {
      found.append(.init(setting: "max-mappings-per-host", text: "flows are counted, not mappings"))
    }
    return found
  }

  private var untranslatedDifferences: [Difference] {
    guard behavior.firewall, behavior.filtering != .addressAndPortDependent else { return limits }
    return limits + [
      Difference(
        setting: "filtering", text: "it is for UDP and TCP; an echo's identifier lets only the one who was asked answer"
      )
    ]
  }
}
