// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// Something that must hold of the network, or must have happened since a step began.
package struct Condition: Sendable {
  package var kind: Kind
  package var line: Int
  /// The author's words for the missing part while it does not hold.
  package var ask: String?

  package indirect enum Kind: Sendable {
    /// Something of which there are so many: hops, rows, devices, events.
    case found(any FoundPattern)
    /// A device's properties, each with its required text.
    case setting(device: String, [Setting])
    /// A device whose properties are all as they were when the step began.
    case unchanged(device: String)
    /// How far the clock has moved on since the step began.
    case clock(Comparison)
    /// The learner has used a command of that name, which shows something.
    case looked(String)
    /// None of these holds.
    case not([Condition])
    case any([Condition])
    case all([Condition])
    /// Hops and deliveries that have happened in this order, whatever else happened between them.
    case order([any FoundPattern])
  }

  /// One property and its required value.
  package struct Setting: Hashable, Sendable {
    package var property: String
    package var value: String
    package var line: Int
  }

  package init(_ kind: Kind, line: Int) {
    self.kind = kind
    self.line = line
  }
}

/// A number and how another is compared with it: `>= 1`, `3`, `< 5m`.
package struct Comparison: Hashable, Sendable {
  package enum Relation: String, CaseIterable, Sendable {
    // Longer ones first: reading tries them in this order.
    case atLeast = ">="
    case atMost = "<="
    case isNot = "!="
    case same = "=="
    case more = ">"
    case less = "<"
    case equal = "="
  }
  package var relation: Relation
  package var value: Int64
  /// The value as it was written.
  package var text: String

  package static let some = Comparison(relation: .atLeast, value: 1, text: "1")

  init(relation: Relation, value: Int64, text: String) {
    self.relation = relation
    self.value = value
    self.text = text
  }

  /// A comparison as authors write it; without a sign before it, a number must be the same.
  init?(_ text: String, _ unit: ConditionReader.Unit) {
    let relation = Relation.allCases.first { text.hasPrefix($0.rawValue) }
    let rest = text.dropFirst(relation?.rawValue.count ?? 0).drop { $0 == " " }
    guard let value = unit.value(rest) else { return nil }
    self.init(relation: relation ?? .equal, value: value, text: String(rest))
  }

  package func holds(of number: Int64) -> Bool {
    switch relation {
    case .atLeast: number >= value
    case .atMost: number <= value
    case .isNot: number != value
    case .same, .equal: number == value
    case .more: number > value
    case .less: number < value
    }
  }
}

/// An endpoint, a name or an address that a condition looks for. Without a port, any will do.
package struct EndpointPattern: Hashable, Sendable {
  package enum Host: Hashable, Sendable {
    case name(String)
    case address(IPAddress)
    /// `*`: a row that admits everyone.
    case anyone
  }
  package var host: Host
  package var port: UInt16?
  /// As it was written.
  package var text: String

  init(host: Host, port: UInt16?, text: String) {
    self.host = host
    self.port = port
    self.text = text
  }

  /// A name, an address or `*`, with a port or without.
  init?(_ text: String) {
    if text == "*" {
      self.init(host: .anyone, port: nil, text: text)
    } else if let address = IPAddress(text) {
      self.init(host: .address(address), port: nil, text: text)
    } else if let endpoint = Endpoint(text) {
      self.init(host: .address(endpoint.address), port: endpoint.port, text: text)
    } else {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      let port = parts.count == 2 ? UInt16(parts[1]) : nil
      guard parts.count == 1 || parts.count == 2 && port != nil, let first = parts[0].first, first.isLetter else {
        return nil
      }
      self.init(host: .name(String(parts[0])), port: port, text: text)
    }
  }
}
