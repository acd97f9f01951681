// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// The kinds of files that tell how a router's NAT is set up.
package enum RulesetKind: String, CaseIterable, Sendable {
  case iptables
  case nft
  case pf
  case ios

  /// What such a file is, for people.
  package var words: String {
    switch self {
    case .iptables: said("the output of iptables-save")
    case .nft: said("the output of nft list ruleset")
    case .pf: said("a pf.conf")
    case .ios: said("a configuration of Cisco IOS")
    }
  }

  /// The beginnings of lines that only such a file has.
  private var marks: [String] {
    switch self {
    case .iptables: ["*nat", "*filter", "*mangle", "*raw", ":PREROUTING", ":INPUT", ":POSTROUTING", "-A ", "COMMIT"]
    case .nft:
      ["table ip ", "table ip6 ", "table inet ", "chain ", "type nat hook", "type filter hook", "add rule ", "set "]
    case .pf:
      [
        "nat on ", "nat pass on ", "rdr on ", "rdr pass on ", "binat on ",
        "no nat on ", "match out ", "match in ",
        "pass ", "block ", "set skip ", "set timeout ", "set block-policy ", "scrub ", "ext_if",
        "int_if",
      ]
    case .ios:
      [
        "ip nat ", "interface ", "hostname ", "access-list ", "ip access-list ", "ip address ",
        "version ", "ip route ",
      ]
    }
  }

  /// Whether the line begins as lines of this kind do and those of no other.
  func isMarked(by line: Substring) -> Bool { marks.contains { line.hasPrefix($0) } }

  /// The kind whose lines these are; nil if most are of none.
  static func guess(from lines: [SourceLine]) -> RulesetKind? {
    var counts: [(kind: RulesetKind, count: Int)] = allCases.map { ($0, 0) }
    for line in lines.prefix(2_000) {
      for place in counts.indices where counts[place].kind.isMarked(by: line.text) { counts[place].count += 1 }
    }
    guard let best = counts.max(by: { $0.count < $1.count }), best.count > 0 else { return nil }
    return best.kind
  }
}

/// A line of a file, without the space around it.
struct SourceLine: Sendable {
  /// Counted from 1.
  var number: Int
  var text: Substring
}
