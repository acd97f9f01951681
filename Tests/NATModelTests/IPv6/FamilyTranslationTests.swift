// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

/// RFC 6146 in a NAT: IPv6 inside, IPv4 outside, rows as ever.
@Suite("NAT64")
struct FamilyTranslationTests {
  private static func table(_ edit: (inout NATBehavior) -> Void = { _ in }) -> PacketTable {
    var table = PacketTable(.home)
    table.change {
      $0.nat64 = .wellKnown
      edit(&$0)
    }
    return table
  }

  @Test func outAndBack() {
    var table = Self.table()
    table.play(
      """
      out udp alice6:5000 > bob64:80   | home:62000 > bob:80 +1
      in  udp bob:80 > home:62000      | bob64:80 > alice6:5000 =1
      out udp alice6:5000 > bob64:80   | home:62000 > bob:80 ~1
      out udp alice6:5000 > dave64:80  | home:62000 > dave:80 ~1
      in  udp dave:81 > home:62000     | filtered =1
      in  udp dave:80 > home:62000     | dave64:80 > alice6:5000 =1
      in  udp dave:80 > home:62001     | no-mapping
      out udp alice6:5000 > bob6:80    | alice6:5000 > bob6:80 +2
      in  udp bob6:80 > alice6:5000    | bob6:80 > alice6:5000 =2
      out udp alice:5000 > bob:80      | home:62001 > bob:80 +3
      out tcp alice6:5000 > bob64:80 syn | home:62000 > bob:80 +4
      in  tcp bob:80 > home:62000 syn ack | bob64:80 > alice6:5000 =4
      at 5m
      in  udp bob:80 > home:62000      | expired =1
      """)
    #expect(table.nat.mappings.isEmpty)
  }

  @Test func rowsSayWhatTheyAre() {
    var table = Self.table()
    table.play("out udp alice6:5000 > bob64:80 | home:62000 > bob:80 +1")
    #expect(table.nat.mappings.map(\.line) == ["1 udp alice6:5000 home:62000 permits bob:80"])
    #expect(table.nat.mappings.allSatisfy { !$0.isUntranslated })
    table.change { $0.nat64 = nil }
    #expect(table.nat.mappings.isEmpty, "a row under a prefix that is gone")
    table.play("out udp alice6:5000 > bob64:80 | alice6:5000 > bob64:80 +2")
  }

  @Test(arguments: NATPreset.allCases.filter { $0 != .open })
  func underEveryPreset(preset: NATPreset) {
    var table = PacketTable(preset)
    table.change { $0.nat64 = .wellKnown }
    let out = table.pass("out tcp alice6:5000 > bob64:80 syn")
    let outside = out.prefix { $0 != " " }
    #expect(out.hasPrefix("home:") && out.hasSuffix("> bob:80 +1"), "\(out)")
    let back = table.pass("in tcp bob:80 > \(outside) syn ack")
    #expect(back.hasPrefix("bob64:80 > alice6:5000"), "\(back)")
    let stranger = table.pass("in tcp dave:80 > \(outside) syn")
    let admitsAll = table.nat.behavior.filtering == .endpointIndependent
    #expect(stranger.hasPrefix("dave64:80 > alice6:5000") == admitsAll, "\(stranger)")
  }

  @Test func pingsAndErrors() {
    var table = Self.table()
    table.play(
      """
      out icmp alice6:9 > bob64            | home:62000 > bob:62000 +1
      in  icmp bob:62000 > home echo-reply | bob64:9 > alice6:9 =1
      out udp alice6:5000 > bob64:80       | home:62000 > bob:80 +2
      in  icmp isp > home port-unreachable about udp home:62000 > bob:80 | isp64 > alice6 about alice6:5000 > bob64:80 =2
      in  icmp isp > home time-exceeded about icmp home:62000 > bob      | isp64 > alice6 about alice6:9 > bob64:9 =1
      out icmp alice6 > bob64 port-unreachable about udp bob64:80 > alice6:5000 | home > bob about bob:80 > home:62000 =2
      in  icmp isp > home port-unreachable about udp home:62009 > bob:80 | no-mapping
      """)
  }

  /// The kinds, lengths and MTUs of RFC 7915 §4.2 and §5.2.
  @Test func errorsAreReworded() throws {
    var table = Self.table()
    table.play("out udp alice6:5000 > bob64:80 | home:62000 > bob:80 +1")
    func arrive(_ kind: ICMPKind, mtu: UInt16) throws -> Packet {
      let (home, bob) = (try #require(PacketTable.endpoint("home:62000")), try #require(PacketTable.endpoint("bob:80")))
      let about = Packet(.udp, from: home, to: bob, payload: .filler(1_000))
      var error = about.error(kind, from: try #require(PacketTable.address("isp")))
      error.icmpSequence = mtu
      var generator = table.generator
      let change = table.nat.translate(&error, from: .outside, at: .zero, number: 2, using: &generator)
      #expect(change == .forward(to: .inside, Translation.Change(mapping: 1)))
      return error
    }
    #expect(try arrive(.hostUnreachable, mtu: 0).icmp == .networkUnreachable)
    #expect(try arrive(.portUnreachable, mtu: 0).icmp == .portUnreachable)
    let quoted = try #require(try arrive(.timeExceeded, mtu: 0).quoted)
    #expect(quoted.packetLength == 1_048 && quoted.length == 568)
    #expect(try arrive(.fragmentationNeeded, mtu: 1_400).icmpSequence == 1_420)
    #expect(try arrive(.fragmentationNeeded, mtu: 576).icmpSequence == 1_280)
    #expect(try arrive(.fragmentationNeeded, mtu: 0).icmpSequence == 1_280)
  }

  @Test func whatIsNotTranslated() {
    var table = Self.table()
    table.play(
      """
      out udp alice6:5000 > home-lan64:80  | private-destination
      out udp bob64:1 > dave64:80          | invalid
      out udp alice6:5000 > loop64:80      | private-destination
      """)
    #expect(table.nat.count == 0)
  }

  /// Two of them meet by their outside endpoints (RFC 6146 §3.8), and IPv4 hosts meet them there too.
  @Test func hairpinning() {
    var table = Self.table {
      $0.hairpinning = true
      $0.filtering = .endpointIndependent
    }
    table.play(
      """
      out udp carol6:7000 > bob64:80    | home:62000 > bob:80 +1
      out udp alice6:5000 > home64:62000 | home64:62001 > carol6:7000 back +2
      out udp alice:5000 > home:62000   | home64:62002 > carol6:7000 back +3
      out udp alice:5000 > home:62001   | home64:62002 > alice6:5000 back ~3
      """)
  }

  @Test func fragments() throws {
    var table = Self.table()
    let alice = try #require(PacketTable.endpoint("alice6:5"))
    let bob = try #require(PacketTable.endpoint("bob64:80"))
    let whole = Packet(.udp, from: alice, to: bob, payload: .filler(2_000))
    let pieces = whole.fragments(within: 1_280, identification: 0x12_3456)
    var left: [Packet] = []
    for piece in pieces.reversed() {
      let results = table.nat.translateFragment(piece, from: .inside, at: .zero, number: 1, using: &table.generator)
      left += results.map(\.packet)
    }
    #expect(left.count == pieces.count && left.allSatisfy { $0.source.address == PacketTable.address("home") })
    #expect(left.allSatisfy { $0.fragment?.identification == left.first?.fragment?.identification })
    // An IPv4 header in place of an IPv6 one, and no fragment header.
    #expect(left.map(\.length).sorted() == pieces.map { $0.length - 28 }.sorted())
    var reassembly = Reassembly(at: .zero)
    let put = left.compactMap { reassembly.add($0) }
    #expect(put.map(\.payload) == [.filler(2_000)] && put.first?.length == whole.length - 20)
  }
}
