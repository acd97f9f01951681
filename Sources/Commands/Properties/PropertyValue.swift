// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// What a property is set to, typed. Its text is what `set` reads back.
public enum PropertyValue: Hashable, Sendable {
  case preset(NATPreset)
  case mapping(EndpointDependence)
  case filtering(EndpointDependence)
  case portAssignment(PortAssignment)
  case parity(Bool)
  case hairpinning(Hairpinning)
  case pooling(AddressPooling)
  /// The addresses besides the router's own.
  case addresses([IPAddress])
  case refresh(MappingRefresh)
  case udpTimeout(Interval)
  /// Nil is as `udp-timeout`.
  case udpStreamTimeout(Interval?)
  case tcpEstablishedTimeout(Interval)
  case tcpTransitoryTimeout(Interval)
  case tcpOpeningTimeout(Interval)
  case tcpClosingTimeout(Interval)
  case icmpTimeout(Interval)
  /// Nil is unlimited.
  case maximumMappings(Int?)
  case maximumMappingsPerHost(Int?)
  case rejects(RejectionStyle)
  case tracking(FlowTracking)
  case untracked(UntrackedPackets)
  case midstream(MidstreamSegments)
  case firewall(Bool)
  case nat(Bool)
  case exempt([IPPrefix])
  case portControl(PortControlSetting)
  /// Whether only ports that listen, or have sent, take what arrives.
  case hostPorts(bound: Bool)
  case delay(Interval)
  /// Nil is unlimited.
  case rate(BitRate?)
  /// Bytes; nil is unlimited.
  case mtu(Int?)
  case loss(LossRate)

  /// The property it is a value of.
  public var property: Property {
    switch self {
    case .preset: .preset
    case .mapping: .mapping
    case .filtering: .filtering
    case .portAssignment: .portAssignment
    case .parity: .parity
    case .hairpinning: .hairpinning
    case .pooling: .pooling
    case .addresses: .addresses
    case .refresh: .refresh
    case .udpTimeout: .udpTimeout
    case .udpStreamTimeout: .udpStreamTimeout
    case .tcpEstablishedTimeout: .tcpEstablishedTimeout
    case .tcpTransitoryTimeout: .tcpTransitoryTimeout
    case .tcpOpeningTimeout: .tcpOpeningTimeout
    case .tcpClosingTimeout: .tcpClosingTimeout
    case .icmpTimeout: .icmpTimeout
    case .maximumMappings: .maximumMappings
    case .maximumMappingsPerHost: .maximumMappingsPerHost
    case .rejects: .rejects
    case .tracking: .tracking
    case .untracked: .untracked
    case .midstream: .midstream
    case .firewall: .firewall
    case .nat: .nat
    case .exempt: .exempt
    case .portControl: .portControl
    case .hostPorts: .hostPorts
    case .delay: .delay
    case .rate: .rate
    case .mtu: .mtu
    case .loss: .loss
    }
  }
}

extension PropertyValue: CustomStringConvertible {
  /// The words that `set` takes for it.
  public var description: String {
    switch self {
    case .preset(let preset): preset.rawValue
    case .mapping(let dependence), .filtering(let dependence): dependence.name
    case .portAssignment(let assignment): assignment.words
    case .hairpinning(let hairpinning): hairpinning.rawValue
    case .midstream(let segments): segments.word
    case .parity(let on), .firewall(let on), .nat(let on): on ? "on" : "off"
    case .pooling(let pooling): pooling == .paired ? "paired" : "arbitrary"
    case .addresses(let addresses):
      addresses.isEmpty ? "none" : addresses.map(\.description).joined(separator: " ")
    case .exempt(let prefixes):
      prefixes.isEmpty ? "none" : prefixes.map(\.description).joined(separator: " ")
    case .portControl(let setting):
      setting == .off
        ? "off" : (setting.dialects.map(\.rawValue) + (setting.lies ? ["lying"] : [])).joined(separator: " ")
    case .refresh(let refresh): refresh == .outbound ? "outbound" : "both"
    case .udpStreamTimeout(let interval): interval?.description ?? "udp-timeout"
    case .udpTimeout(let interval), .tcpEstablishedTimeout(let interval), .tcpTransitoryTimeout(let interval),
      .tcpOpeningTimeout(let interval), .tcpClosingTimeout(let interval), .icmpTimeout(let interval),
      .delay(let interval):
      interval.description
    case .maximumMappings(let limit), .maximumMappingsPerHost(let limit), .mtu(let limit):
      limit.map(String.init) ?? "unlimited"
    case .rejects(let style): style.word
    case .tracking(let tracking): tracking == .mappings ? "mappings" : "connections"
    case .untracked(let packets): packets == .dropped ? "dropped" : "passed"
    case .hostPorts(let bound): bound ? "bound" : "open"
    case .rate(let rate): rate?.description ?? "unlimited"
    case .loss(let loss): loss.description
    }
  }
}

/// Which packets from inside to the router's own outside endpoints are turned round.
public enum Hairpinning: String, Hashable, Sendable {
  case off
  case on
  case forwardsOnly = "forwards-only"
}

extension MidstreamSegments {
  /// The word that `set` takes for it.
  var word: String {
    switch self {
    case .pickedUp: "picked-up"
    case .dropped: "dropped"
    case .reset: "reset"
    }
  }
}

extension RejectionStyle {
  /// The word that `set` takes for it.
  var word: String {
    switch self {
    case .silently: "silently"
    case .icmp: "icmp"
    case .asHost: "as-host"
    }
  }
}

extension PortAssignment {
  /// The words that `set` takes for it.
  fileprivate var words: String {
    switch self {
    case .sequential(let first): "sequential \(first)"
    case .preserve: "preserve"
    case .overload: "overload"
    case .preserveOrRefuse: "preserve or-refuse"
    case .overloadWithin(let range): "overload \(range.lowerBound) \(range.upperBound)"
    case .random(let range): "random \(range.lowerBound) \(range.upperBound)"
    }
  }
}
