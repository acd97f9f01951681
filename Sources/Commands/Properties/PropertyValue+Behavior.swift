// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension PropertyValue {
  /// Sets this value in a router's behaviour. False, and nothing done, for a property that is none of a NAT's: `addresses`,
  /// a host's, a link's.
  @discardableResult
  public func apply(to behavior: inout NATBehavior) -> Bool {
    switch self {
    case .preset(let preset): behavior = preset.behavior
    case .mapping(let dependence): behavior.mapping = dependence
    case .filtering(let dependence): behavior.filtering = dependence
    case .portAssignment(let assignment): behavior.portAssignment = assignment
    case .parity(let on): behavior.preservesParity = on
    case .hairpinning(let hairpinning):
      behavior.hairpinning = hairpinning != .off
      behavior.hairpinsForwardsOnly = hairpinning == .forwardsOnly
    case .pooling(let pooling): behavior.pooling = pooling
    case .refresh(let refresh): behavior.refresh = refresh
    case .udpTimeout(let interval): behavior.lifetimes.udp = interval
    case .udpStreamTimeout(let interval): behavior.lifetimes.udpStream = interval
    case .tcpEstablishedTimeout(let interval): behavior.lifetimes.tcpEstablished = interval
    case .tcpTransitoryTimeout(let interval):
      behavior.lifetimes.tcpTransitory = interval
      behavior.lifetimes.tcpStates.setTransitory(interval)
    case .tcpOpeningTimeout(let interval): behavior.lifetimes.tcpStates.setOpening(interval)
    case .tcpClosingTimeout(let interval): behavior.lifetimes.tcpStates.setClosing(interval)
    case .icmpTimeout(let interval): behavior.lifetimes.icmp = interval
    case .maximumMappings(let limit): behavior.maximumMappings = limit
    case .maximumMappingsPerHost(let limit): behavior.maximumMappingsPerHost = limit
    case .rejects(let style): behavior.rejection = style
    case .tracking(let tracking): behavior.tracking = tracking
    case .untracked(let packets): behavior.untracked = packets
    case .midstream(let segments): behavior.midstream = segments
    case .firewall(let on): behavior.firewall = on
    case .nat(let on): behavior.translates = on
    case .exempt(let prefixes): behavior.exemptions = prefixes
    case .addresses, .portControl, .hostPorts, .delay, .rate, .mtu, .loss: return false
    }
    return true
  }

  /// What `behavior` has `property` set to; nil for a preset, which leaves no trace but its axes, and for a property that
  /// is none of a NAT's.
  public init?(_ property: Property, in behavior: NATBehavior) {
    switch property {
    case .mapping: self = .mapping(behavior.mapping)
    case .filtering: self = .filtering(behavior.filtering)
    case .portAssignment: self = .portAssignment(behavior.portAssignment)
    case .parity: self = .parity(behavior.preservesParity)
    case .hairpinning:
      self = .hairpinning(!behavior.hairpinning ? .off : behavior.hairpinsForwardsOnly ? .forwardsOnly : .on)
    case .pooling: self = .pooling(behavior.pooling)
    case .refresh: self = .refresh(behavior.refresh)
    case .udpTimeout: self = .udpTimeout(behavior.lifetimes.udp)
    case .udpStreamTimeout: self = .udpStreamTimeout(behavior.lifetimes.udpStream)
    case .tcpEstablishedTimeout: self = .tcpEstablishedTimeout(behavior.lifetimes.tcpEstablished)
    case .tcpTransitoryTimeout: self = .tcpTransitoryTimeout(behavior.lifetimes.tcpTransitory)
    case .tcpOpeningTimeout:
      self = .tcpOpeningTimeout(behavior.lifetimes.tcpStates.synSent ?? behavior.lifetimes.tcpTransitory)
    case .tcpClosingTimeout:
      self = .tcpClosingTimeout(behavior.lifetimes.tcpStates.lastAck ?? behavior.lifetimes.tcpTransitory)
    case .icmpTimeout: self = .icmpTimeout(behavior.lifetimes.icmp)
    case .maximumMappings: self = .maximumMappings(behavior.maximumMappings)
    case .maximumMappingsPerHost: self = .maximumMappingsPerHost(behavior.maximumMappingsPerHost)
    case .rejects: self = .rejects(behavior.rejection)
    case .tracking: self = .tracking(behavior.tracking)
    case .untracked: self = .untracked(behavior.untracked)
    case .midstream: self = .midstream(behavior.midstream)
    case .firewall: self = .firewall(behavior.firewall)
    case .nat: self = .nat(behavior.translates)
    case .exempt: self = .exempt(behavior.exemptions)
    case .preset, .addresses, .portControl, .hostPorts, .delay, .rate, .mtu, .loss: return nil
    }
  }
}
