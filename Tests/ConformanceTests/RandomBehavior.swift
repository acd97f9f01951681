// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Random behaviours, and RFC 4787's verdict on each, derived a second time and from the axes alone.
enum RandomBehavior {
  static func draw(using generator: inout SeededGenerator) -> NATBehavior {
    func one<Value>(of values: [Value]) -> Value { values[Int(generator.below(UInt64(values.count)))] }
    var behavior = NATBehavior(
      mapping: one(of: EndpointDependence.allCases), filtering: one(of: EndpointDependence.allCases))
    behavior.portAssignment = one(of: [
      .sequential(first: 62_000), .sequential(first: 40_001), .preserve, .overload, .random(1_024...65_535),
      .random(30_000...40_000),
    ])
    behavior.preservesParity = one(of: [true, false])
    behavior.pooling = one(of: [.paired, .arbitrary])
    behavior.refresh = one(of: [.outbound, .both])
    behavior.hairpinning = one(of: [true, false])
    behavior.firewall = one(of: [true, true, true, false])
    behavior.lifetimes.udp = one(of: lifetimes)
    behavior.lifetimes.udpStream = one(of: [nil] + lifetimes)
    behavior.streamAfter = one(of: [.zero, .seconds(2)])
    behavior.maximumMappings = one(of: [nil, 1])
    behavior.maximumMappingsPerHost = one(of: [nil, 1])
    behavior.rejection = one(of: [.silently, .icmp, .asHost])
    behavior.tracking = one(of: [.mappings, .mappings, .connections])
    behavior.untracked = one(of: [.dropped, .passed])
    return behavior
  }

  private static let lifetimes: [Interval] = [
    Interval(microseconds: 1), Interval(microseconds: 3), .seconds(30),
    Interval(microseconds: Interval.minutes(2).microseconds - 1), .minutes(2), .minutes(3),
    Interval(microseconds: Interval.minutes(5).microseconds - 1), .minutes(5), .hours(1),
  ]

  /// Whether a NAT of that behaviour meets each requirement; nil if the question does not arise.
  static func expected(_ behavior: NATBehavior) -> [String: Bool?] {
    let sharesPorts = behavior.portAssignment == .overload
    let keepsPorts = sharesPorts || behavior.portAssignment == .preserve
    let filtering = behavior.firewall ? behavior.filtering : .endpointIndependent
    let stream = behavior.lifetimes.udpStream ?? behavior.lifetimes.udp
    let shortest = min(behavior.lifetimes.udp, stream)
    let drawsLots =
      if case .random = behavior.portAssignment { true } else { sharesPorts }
    return [
      "REQ-1": behavior.mapping == .endpointIndependent && !sharesPorts, "REQ-2": behavior.pooling == .paired,
      "REQ-3": !sharesPorts, "REQ-3a": keepsPorts, "REQ-4": behavior.preservesParity,
      "REQ-5": shortest >= .minutes(2), "REQ-5c": shortest >= .minutes(5), "REQ-6": true, "REQ-7": true,
      "REQ-8": filtering != .addressAndPortDependent, "REQ-9": behavior.hairpinning,
      "REQ-9a": behavior.hairpinning ? true : nil, "REQ-10": true, "REQ-11": !sharesPorts, "REQ-12": true,
      "REQ-12a": true, "REQ-12b": true, "REQ-13": true, "REQ-13a": true, "REQ-14": true, "REQ-14a": true,
      "7857-5": true, "7857-6": true,
      "7857-7": filtering == .endpointIndependent ? nil : true, "7857-7.1": true, "7857-9": drawsLots,
    ]
  }
}
