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
    /// Something with a count: hops, rows, devices, measurements.
    case found(Pattern)
    /// A device's properties, each with its required text.
    case setting(device: String, [Setting])
    /// How far the clock has moved on since the step began.
    case clock(Comparison)
    /// The learner has used a command of that name, which shows something.
    case looked(String)
    /// None of these holds.
    case not([Condition])
    case any([Condition])
    case all([Condition])
    /// Hops and deliveries that have happened in this order, whatever else happened between them.
    case order([Pattern])
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

extension Condition {
  /// Something to look for, and how many of it there must be.
  package struct Pattern: Sendable {
    package enum Subject: String, CaseIterable, Sendable {
      case hop, delivered, mapping, device, measured
    }
    package var subject: Subject
    package var fields: [Field]
    package var count: Comparison

    package func field(_ key: String) -> Field? { fields.first { $0.key == key } }
  }

  /// One key of a pattern.
  package struct Field: Sendable {
    package var key: String
    package var wanted: Wanted
    package var line: Int
  }

  /// The requirement for a field.
  package enum Wanted: Sendable {
    case text(String)
    /// A device's name.
    case device(String)
    case endpoint(EndpointPattern)
    case comparison(Comparison)
  }

  /// The kind of value that a key takes.
  enum FieldKind {
    case text
    case words([String])
    case device
    case endpoint
    case number
    case duration
    case rate
  }

  /// The keys of each subject, without `count`.
  static func fields(of subject: Pattern.Subject) -> [(key: String, kind: FieldKind)] {
    switch subject {
    case .hop:
      [
        ("node", .device), ("verdict", .words(Verdict.allCases.map(\.rawValue))),
        ("reason", .words(DropReason.allCases.map(\.rawValue))), ("source", .endpoint), ("destination", .endpoint),
        ("new_source", .endpoint), ("new_destination", .endpoint), ("protocol", .words(["udp", "tcp", "icmp"])),
        ("mapping_change", .words(["created", "refreshed"])), ("text", .text), ("icmp", .text), ("flags", .text),
        ("ttl", .number), ("length", .number),
      ]
    case .delivered:
      [
        ("to", .endpoint), ("from", .endpoint), ("text", .text), ("protocol", .words(["udp", "tcp", "icmp"])),
        ("icmp", .text), ("flags", .text),
      ]
    case .mapping:
      [
        ("router", .device), ("internal", .endpoint), ("external", .endpoint), ("remote", .endpoint),
        ("permitted", .endpoint), ("protocol", .words(["udp", "tcp", "icmp"])), ("static", .words(["yes", "no"])),
        ("expired", .words(["yes", "no"])), ("state", .text), ("packets_out", .number), ("packets_in", .number),
      ]
    case .device:
      [
        ("name", .device), ("kind", .words(["host", "router"])), ("behind", .device), ("address", .endpoint),
        ("lan", .text),
      ]
    case .measured:
      [
        ("command", .words(["call", "crowd"])), ("path", .words(["direct", "via"])), ("users", .number),
        ("packets", .number), ("lost", .number), ("server_in", .rate), ("server_out", .rate),
      ]
    }
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
}
