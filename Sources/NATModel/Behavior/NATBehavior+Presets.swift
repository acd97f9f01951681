// SPDX-License-Identifier: GPL-3.0-or-later

/// A named starting point for a NAT's axes.
public enum NATPreset: String, Hashable, Sendable, CaseIterable, Codable {
  /// A common cheap home router.
  case home
  /// The classic names of RFC 3489 §5; RFC 4787 §3 explains why they say too little.
  case fullCone = "full-cone"
  case restrictedCone = "restricted-cone"
  case portRestrictedCone = "port-restricted-cone"
  case symmetric
  /// Linux netfilter's masquerade.
  case linux
  /// A carrier's NAT as RFC 6888 wants it.
  case cgnat
  /// Neither NAT nor firewall.
  case open

  /// The axes that the name stands for.
  public var behavior: NATBehavior {
    switch self {
    case .home: return NATBehavior()
    case .fullCone: return NATBehavior(mapping: .endpointIndependent, filtering: .endpointIndependent)
    case .restrictedCone: return NATBehavior(mapping: .endpointIndependent, filtering: .addressDependent)
    case .portRestrictedCone:
      return NATBehavior(mapping: .endpointIndependent, filtering: .addressAndPortDependent)
    case .symmetric: return NATBehavior(mapping: .addressAndPortDependent, filtering: .addressAndPortDependent)
    case .linux: return Self.linuxBehavior
    case .cgnat: return Self.carrierBehavior
    case .open:
      var behavior = NATBehavior()
      behavior.translates = false
      behavior.firewall = false
      return behavior
    }
  }

  /// Connection tracking keeps one entry per flow, keeps the source port unless that exact flow is taken, and is
  /// refreshed both ways. Packets for the router's own address and nobody inside belong to its own stack; a packet that
  /// neither belongs to a flow nor can begin one is not translated, and nothing drops it unless a rule says so.
  ///
  /// The lifetimes are the defaults of the kernel's parameters nf_conntrack_*, described in its
  /// Documentation/networking/nf_conntrack-sysctl.rst, except for the two seconds until UDP can be a stream, which are
  /// fixed. Tests/KernelDifferential reads them off the running kernel, and checks the rest against it as well.
  private static var linuxBehavior: NATBehavior {
    var behavior = NATBehavior(mapping: .addressAndPortDependent, filtering: .addressAndPortDependent)
    behavior.portAssignment = .overload
    behavior.refresh = .both
    behavior.tracking = .connections
    behavior.untracked = .passed
    behavior.rejection = .asHost
    behavior.lifetimes.udp = .seconds(30)
    behavior.lifetimes.udpStream = .seconds(120)
    behavior.streamAfter = .seconds(2)
    behavior.lifetimes.tcpEstablished = .hours(120)
    behavior.lifetimes.tcpTransitory = .seconds(120)
    behavior.lifetimes.tcpStates.synSent = .seconds(120)
    behavior.lifetimes.tcpStates.synReceived = .seconds(60)
    behavior.lifetimes.tcpStates.finWait = .seconds(120)
    behavior.lifetimes.tcpStates.closeWait = .seconds(60)
    behavior.lifetimes.tcpStates.lastAck = .seconds(30)
    behavior.lifetimes.tcpStates.timeWait = .seconds(120)
    behavior.lifetimes.tcpStates.closed = .seconds(10)
    behavior.lifetimes.tcpStates.unacknowledged = .seconds(300)
    behavior.lifetimes.icmp = .seconds(30)
    return behavior
  }

  /// RFC 6888: mapping and hairpinning as RFC 4787 wants them (REQ-1), paired pooling (REQ-2), a limit per subscriber
  /// (REQ-4), endpoint-independent filtering (REQ-7), a freed port rests (REQ-8), ports hard to guess (REQ-15).
  private static var carrierBehavior: NATBehavior {
    var behavior = NATBehavior(mapping: .endpointIndependent, filtering: .endpointIndependent)
    behavior.portAssignment = .random(1024...65535)
    behavior.pooling = .paired
    behavior.hairpinning = true
    behavior.maximumMappingsPerHost = 1_000
    behavior.portRest = .seconds(120)
    behavior.noRoomError = .hostUnreachable
    return behavior
  }
}
