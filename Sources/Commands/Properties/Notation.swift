// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// The notation of one type's values after `set NAME PROPERTY`, for writing and reading.
struct Notation<Value: Sendable>: Sendable {
  let grammar: PropertyGrammar
  let text: @Sendable (Value) -> String
  let read: @Sendable (PropertyReader) throws(SyntaxError) -> Value
}

extension Notation {
  /// One of a few values, each of which has a word; the first is the default.
  static func words(
    _ values: [Value], _ word: @escaping @Sendable (Value) -> PropertyGrammar.Word
  ) -> Notation {
    Notation(
      grammar: .words(values.map(word)), text: { word($0).name },
      read: { reader throws(SyntaxError) in values[try reader.indexOfWord()] })
  }
}

extension Notation<Bool> {
  /// `on` or `off`; `first` is the default.
  static func onOff(first: Bool) -> Notation {
    Notation(
      grammar: .onOff(first: first), text: { $0 ? "on" : "off" },
      read: { reader throws(SyntaxError) in try reader.indexOfWord() == 0 })
  }
}

extension Notation<Interval> {
  /// A duration, whose default is given in words.
  static func duration(default standard: String, allowsZero: Bool = false) -> Notation {
    Notation(
      grammar: .duration(allowsZero: allowsZero, default: standard, instead: nil), text: \.description,
      read: { reader throws(SyntaxError) in try reader.duration(allowsZero: allowsZero) })
  }
}

extension Notation<Interval?> {
  /// A duration, or the word `instead` for the other property of that name.
  static func duration(orAs instead: String) -> Notation {
    Notation(
      grammar: .duration(allowsZero: false, default: instead, instead: instead), text: { $0?.description ?? instead },
      read: { reader throws(SyntaxError) in try reader.duration(orWord: instead) })
  }
}

extension Notation<Int?> {
  /// A count of at least one; nil is `unlimited`.
  static var limit: Notation {
    Notation(
      grammar: .limit, text: { $0.map(String.init) ?? "unlimited" },
      read: { reader throws(SyntaxError) in try reader.limit(in: 1...Int(Int32.max), placeholder: "N") })
  }

  /// A count of bytes, at least as many as every link must carry; nil is `unlimited`.
  static var mtu: Notation {
    Notation(
      grammar: .mtu, text: { $0.map(String.init) ?? "unlimited" },
      read: { reader throws(SyntaxError) in
        try reader.limit(in: PropertyGrammar.leastMTU...65_535, placeholder: "BYTES")
      })
  }
}

extension Notation<BitRate?> {
  /// A bit rate; nil is `unlimited`.
  static var rate: Notation {
    Notation(
      grammar: .rate, text: { $0?.description ?? "unlimited" },
      read: { reader throws(SyntaxError) in try reader.rate() })
  }
}

extension Notation<LossRate> {
  /// A percentage.
  static var loss: Notation {
    Notation(grammar: .loss, text: \.description, read: { reader throws(SyntaxError) in try reader.loss() })
  }
}

extension Notation<PortAssignment> {
  /// The ways to choose an outside port, each with its numbers.
  static var portAssignment: Notation {
    Notation(
      grammar: .portAssignment,
      text: {
        switch $0 {
        case .sequential(let first): "sequential \(first)"
        case .preserve: "preserve"
        case .overload: "overload"
        case .preserveOrRefuse: "preserve or-refuse"
        case .overloadWithin(let range): "overload \(range.lowerBound) \(range.upperBound)"
        case .blocks(let size, let range): "blocks \(size) \(range.lowerBound) \(range.upperBound)"
        case .random(let range): "random \(range.lowerBound) \(range.upperBound)"
        }
      }, read: { reader throws(SyntaxError) in try reader.portAssignment() })
  }
}

extension Notation<NATPreset> {
  /// The presets by their names, which commands accept as well, each with a few words about it.
  static func presets(_ note: @escaping @Sendable (NATPreset) -> String) -> Notation {
    Notation(
      grammar: .words(NATPreset.allCases.map { .init($0.rawValue, note: note($0)) }), text: \.rawValue,
      read: { reader throws(SyntaxError) in try ArgumentReader.preset(try reader.only()) })
  }
}

extension Notation<[IPAddress]> {
  /// Addresses, or `none`.
  static var addresses: Notation {
    Notation(
      grammar: .addresses, text: { $0.isEmpty ? "none" : $0.map(\.description).joined(separator: " ") },
      read: { reader throws(SyntaxError) in try reader.addresses() })
  }
}

extension Notation<PortControlSetting> {
  /// `off`, or the protocols that the router speaks.
  static var portControl: Notation {
    Notation(
      grammar: .portControl,
      text: {
        $0 == .off ? "off" : ($0.dialects.map(\.rawValue) + ($0.lies ? ["lying"] : [])).joined(separator: " ")
      }, read: { reader throws(SyntaxError) in try reader.portControl() })
  }
}

extension Notation<IPAddress?> {
  /// An address, or `none`.
  static var address: Notation {
    Notation(
      grammar: .address, text: { $0?.description ?? "none" },
      read: { reader throws(SyntaxError) in try reader.addressOrNone() })
  }
}

extension Notation<GatewaySwitches> {
  /// `off`, or protocols, each with `on` or `off`.
  static var gateways: Notation {
    Notation(grammar: .gateways, text: \.text, read: { reader throws(SyntaxError) in try reader.gateways() })
  }
}

extension Notation<EmbeddingPrefix?> {
  /// `off`, or `on` with the prefix, unless that is the well-known one.
  static var nat64: Notation {
    Notation(
      grammar: .nat64,
      text: { $0.map { $0 == .wellKnown ? "on" : "on \($0.prefix)" } ?? "off" },
      read: { reader throws(SyntaxError) in try reader.embeddingPrefix() })
  }
}

extension Notation<IPPrefix?> {
  /// `off`, or an IPv6 prefix.
  static var outsidePrefix: Notation {
    Notation(
      grammar: .outsidePrefix, text: { $0?.description ?? "off" },
      read: { reader throws(SyntaxError) in try reader.outsidePrefix() })
  }
}

extension Notation<[IPPrefix]> {
  /// Prefixes, or `none`.
  static var prefixes: Notation {
    Notation(
      grammar: .prefixes, text: { $0.isEmpty ? "none" : $0.map(\.description).joined(separator: " ") },
      read: { reader throws(SyntaxError) in try reader.prefixes() })
  }
}
