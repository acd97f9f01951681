// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// An access list of a Cisco IOS configuration.
struct CiscoAccessList {
  /// The packets' addresses on one side.
  enum Side: Hashable {
    case any
    case prefix(IPPrefix)
    /// A wildcard with gaps, a group of objects or an interface's address.
    case other

    /// The prefix, if it is one.
    var prefix: IPPrefix? { if case .prefix(let prefix) = self { prefix } else { nil } }
  }

  struct Entry {
    var line: Int
    var permits: Bool
    /// `ip`, `tcp` and so on; nil in a standard list.
    var transport: String?
    var source = Side.any
    var destination = Side.any
    /// The port after `eq` behind the destination.
    var port: UInt16?
    /// Other words: ports of the source, `established`, `range`, `gt` and the like.
    var rest: [String] = []

    /// Whether it is for packets of every protocol between any two addresses.
    var isForAll: Bool { transport.map { $0 == "ip" } ?? true && source == .any && destination == .any && rest.isEmpty }

    /// The entry in those words, without a number before them; nil if they permit and deny nothing.
    init?(line: Int, _ words: ArraySlice<String>) {
      var words = words
      guard let verb = words.popFirst(), verb == "permit" || verb == "deny" else { return nil }
      self.line = line
      permits = verb == "permit"
      if let word = words.first, word != "any", word != "host", word.first?.isNumber == false || UInt8(word) != nil {
        transport = word
        words = words.dropFirst()
      }
      source = Self.side(&words)
      if transport != nil {
        // Ports of the source stand between the two addresses.
        while let word = words.first, ["eq", "gt", "lt", "neq", "range"].contains(word) {
          rest += words.prefix(word == "range" ? 3 : 2)
          words = words.dropFirst(word == "range" ? 3 : 2)
        }
        destination = Self.side(&words)
        if words.first == "eq", words.count >= 2 {
          port = words.dropFirst().first.flatMap { RuleValues.port($0) }
          if port == nil { rest += words.prefix(2) }
          words = words.dropFirst(2)
        }
      }
      rest += words.filter { $0 != "log" && $0 != "log-input" }
    }

    /// `any`, `host 192.168.1.5` or an address and its wildcard.
    private static func side(_ words: inout ArraySlice<String>) -> Side {
      guard let first = words.popFirst(), first != "any" else { return .any }
      if first == "host" { return words.popFirst().flatMap { RuleValues.prefix($0) }.map(Side.prefix) ?? .other }
      guard let address = IPAddress(first) else {
        words = words.dropFirst()
        return .other
      }
      guard let wildcard = words.first.flatMap({ IPAddress($0) }), wildcard.isIPv4 else {
        return IPPrefix(containing: address, length: 32).map(Side.prefix) ?? .other
      }
      words = words.dropFirst()
      return RuleValues.length(ofMask: IPAddress(ipv4: ~wildcard.ipv4Bits)).flatMap {
        IPPrefix(containing: address, length: $0)
      }.map { $0.length == 0 ? .any : .prefix($0) } ?? .other
    }
  }

  var entries: [Entry] = []
}
