// SPDX-License-Identifier: GPL-3.0-or-later

import Rulesets
import TestSupport
import Testing

/// Files as they are met with in the field, and what becomes of each of their lines.
@Suite struct SampleTests {
  static let folder = "Tests/RulesetsTests/Samples"
  static let samples = Repository.files(below: folder, endingIn: [".iptables", ".nft", ".pf", ".ios"])

  static func bytes(of path: String) throws -> [UInt8] { Array(try Repository.text(of: path).utf8) }

  /// The commands, then each line with what it became (`=`) and what could not be read (`!`).
  static func account(_ ruleset: Ruleset) -> String {
    let (commands, lines) = ruleset.commands(for: .new(ruleset.name ?? "r"))
    var text = commands.joined(separator: "\n") + "\n\n"
    for line in lines {
      text += "\(line.number): \(line.text)\n"
      for words in line.became { text += "  = \(words)\n" }
      for words in line.unread { text += "  ! \(words)\n" }
    }
    return text
  }

  @Test(arguments: samples) func everyLineIsAccountedFor(path: String) throws {
    let account = Self.account(try Ruleset(try Self.bytes(of: path), as: nil))
    let golden = path + ".txt"
    if Repository.isRecording { try Repository.write(account, to: golden) }
    #expect(try Repository.text(of: golden) == account)
  }

  /// The kind need not be said.
  @Test(arguments: samples) func theKindShows(path: String) throws {
    let kind = try Ruleset(try Self.bytes(of: path), as: nil).kind
    #expect(path.hasSuffix("." + kind.rawValue))
  }

  /// Read as another kind, a file is refused, and the message names a line or says that nothing is in it.
  @Test(arguments: samples, RulesetKind.allCases) func anotherKindIsRefused(path: String, kind: RulesetKind) throws {
    guard !path.hasSuffix("." + kind.rawValue) else { return }
    let bytes = try Self.bytes(of: path)
    let fault = #expect(throws: RulesetFault.self) { try Ruleset(bytes, as: kind) }
    let message = try #require(fault).message
    #expect(message.contains("line ") || message.contains("nothing in"), "\(message)")
  }

  /// Wherever a file is cut off, it is read or refused with a line, and nothing else.
  @Test(arguments: samples) func cutOffAnywhere(path: String) throws {
    let bytes = try Self.bytes(of: path)
    let kind = try Ruleset(bytes, as: nil).kind
    for length in stride(from: 0, to: bytes.count, by: 7) {
      do throws(RulesetFault) {
        _ = try Ruleset(Array(bytes[..<length]), as: kind).commands(for: .new("r"))
      } catch {
        let names = error.message.contains("line ") || error == .empty || error == .nothingInIt(kind)
        #expect(names, "\(length): \(error.message)")
      }
    }
  }

  /// Helpers of connection tracking, and Cisco's services, are what `alg` is.
  @Test(
    arguments: [
      (
        """
        table ip nat {
          ct helper voice {
            type "sip" protocol udp
            l3proto ip
          }
          ct timeout quick { protocol tcp; l3proto ip; policy = { established : 60 } }
          chain pre {
            type filter hook prerouting priority filter;
            udp dport 5060 ct helper set "voice"
            tcp dport 69 ct helper set "tftp"
          }
          chain post {
            type nat hook postrouting priority srcnat;
            oifname "wan" masquerade
          }
        }

        """, "sip on"
      ),
      (
        """
        *raw
        :PREROUTING ACCEPT [0:0]
        -A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp
        COMMIT
        *nat
        :POSTROUTING ACCEPT [0:0]
        -A POSTROUTING -o wan -j MASQUERADE
        COMMIT

        """, "ftp on"
      ),
      (
        """
        interface GigabitEthernet0/0
         ip nat outside
        interface GigabitEthernet0/1
         ip nat inside
        ip nat service sip udp port 5060
        ip nat service ftp tcp port 21
        ip nat inside source list 1 interface GigabitEthernet0/0 overload
        access-list 1 permit 192.168.1.0 0.0.0.255

        """, "sip on ftp on"
      ),
    ])
  func helpersAreRead(text: String, setting: String) throws {
    let (commands, lines) = try Ruleset(Array(text.utf8), as: nil).commands(for: .new("r"))
    #expect(commands.contains("set r alg \(setting)"))
    #expect(lines.contains { $0.unread.contains("natsh has no helper 'tftp'") } == text.contains("tftp"))
  }

  @Test func brokenFilesNameTheirLine() throws {
    let cases: [(text: String, kind: RulesetKind?, words: String)] = [
      ("", .nft, "it is empty"),
      ("\n\n", nil, "it is empty"),
      ("hello world\n", nil, "does not show whose rules"),
      ("*nat\n:PREROUTING ACCEPT [0:0]\n", .iptables, "line 1 begins the table nat"),
      ("*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o\nCOMMIT\n", .iptables, "line 3"),
      ("*nat\n-A POSTROUTNG -j MASQUERADE\nCOMMIT\n", .iptables, "there is no chain POSTROUTNG"),
      ("*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp --dport 99999 -j DNAT\nCOMMIT\n", .iptables, "line 3"),
      ("table ip nat {\n  chain a {\n", .nft, "line 1 begins a table"),
      ("table ip nat {\n  chain a {\n    dnat to\n  }\n}\n", .nft, "line 3"),
      ("table ip nat {\n  chain a {\n    dnat ip to tcp dport map @none\n  }\n}\n", .nft, "no map none"),
      ("nat on em0 from any to any\n", .pf, "line 1"),
      ("x = \"1\"\nrdr on em0 to { 1.2.3.4,\n", .pf, "line 2 begins a list"),
      ("ip nat inside source list 1 pool P overload\n", .ios, "there is no pool P"),
      ("ip nat inside source static tcp 192.168.1.2\n", .ios, "line 1"),
      ("interface Gi0\n ip nat translation udp-timeout soon\n", .ios, "line 2"),
      ("*nat\n:A - [0:0]\n\u{0}\n", .iptables, "line 3 is not text"),
    ]
    for (text, kind, words) in cases {
      let fault = #expect(throws: RulesetFault.self) { try Ruleset(Array(text.utf8), as: kind) }
      #expect(fault?.message.contains(words) == true, "\(text): \(fault?.message ?? "")")
    }
    let latin = Array("*nat\n# caf".utf8) + [0xE9, 10]
    #expect(throws: RulesetFault.binary(line: 2)) { try Ruleset(latin, as: .iptables) }
    let long = [UInt8](repeating: 35, count: RulesetFault.mostBytes + 1)
    #expect(throws: RulesetFault.tooLong(RulesetFault.mostBytes + 1)) { try Ruleset(long, as: .nft) }
  }

  /// Chains that jump to each other, and very many rules, end soon.
  @Test(.timeLimit(.minutes(2))) func hugeAndCircularRulesets() throws {
    var chains = "*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n"
    for number in 0..<40 { chains += ":C\(number) - [0:0]\n" }
    for number in 0..<40 {
      for next in 0..<40 { chains += "-A C\(number) -j C\(next)\n" }
    }
    chains += "-A PREROUTING -j C0\n-A POSTROUTING -o wan -j MASQUERADE\nCOMMIT\n"
    #expect(
      try Ruleset(Array(chains.utf8), as: nil).commands(for: .new("r")).commands == ["router r", "set r preset linux"])
    var many = "*filter\n:FORWARD ACCEPT [0:0]\n"
    for port in 1...40_000 { many += "-A FORWARD -p tcp -m tcp --dport \(port) -j DROP\n" }
    let (commands, lines) = try Ruleset(Array((many + "COMMIT\n").utf8), as: nil).commands(for: .new("r"))
    #expect(commands.count(where: { $0.hasPrefix("filter") }) == 256)
    #expect(lines.contains { $0.unread == ["256 filters are taken from one file at most"] })
  }
}
