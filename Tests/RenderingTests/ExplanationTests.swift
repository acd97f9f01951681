// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Commands
@testable import Rendering

@Suite struct ExplanationTests {
  /// The document and section for each reason and transport.
  @Test(arguments: [
    (DropReason.noMapping, TransportProtocol.udp, "RFC 4787 §4.1"),
    (.noMapping, .tcp, "RFC 5382 §4.1"),
    (.noMapping, .icmp, "RFC 5508 §3.1, REQ-1"),
    (.filtered, .udp, "RFC 4787 §5, REQ-8"),
    (.filtered, .tcp, "RFC 5382 §4.3, REQ-3"),
    (.expired, .udp, "RFC 4787 §4.3, REQ-5"),
    (.expired, .tcp, "RFC 5382 §5, REQ-5"),
    (.expired, .icmp, "RFC 5508 §3.2, REQ-2"),
    (.hairpinOff, .udp, "RFC 4787 §6, REQ-9"),
    (.hairpinOff, .tcp, "RFC 5382 §7.2, REQ-8"),
    (.hairpinOff, .icmp, "RFC 5508 §5, REQ-7"),
    (.portsExhausted, .udp, "RFC 4787 §4.2.1, REQ-3"),
    (.portsExhausted, .tcp, "RFC 5382 §7.1, REQ-7"),
    (.tableFull, .udp, "RFC 6888 §3, REQ-4"),
    (.ttlExpired, .udp, "RFC 1812 §5.3.1"),
    (.noRoute, .udp, "RFC 1812 §5.2.7.1"),
    (.noSuchHost, .udp, "RFC 1812 §5.2.7.1"),
    (.portClosed, .udp, "RFC 1122 §4.1.3.1"),
    (.portClosed, .tcp, "RFC 9293 §3.5.2"),
    (.queueFull, .udp, "RFC 7567 §2"),
    (.loss, .udp, "RFC 791 §1.4"),
    (.invalid, .icmp, "RFC 5508 §4.2, REQ-4"),
  ])
  func rules(reason: DropReason, transport: TransportProtocol, reference: String) {
    let explanation = Explanation(of: Example.why(reason, transport: transport))
    #expect(explanation.rule?.reference.replacing("\u{A0}", with: " ") == reference)
  }

  @Test(arguments: [
    (AddressScope.private, "192.168.1.10:5000", 1918, "3"), (.private, "[fd00::1]:5000", 4193, "4.3"),
    (.shared, "100.64.0.1:5000", 6598, "4"), (.linkLocal, "169.254.1.1:5000", 3927, "2.7"),
    (.linkLocal, "[fe80::1]:5000", 4291, "2.5.6"), (.loopback, "127.0.0.1:5000", 6890, "2.2.2"),
    (.multicast, "224.0.0.251:5000", 5771, "4"), (.multicast, "239.1.2.3:5000", 1112, "4"),
    (.multicast, "[ff0e::1]:5000", 4291, "2.7"),
  ])
  func scopes(scope: AddressScope, destination: String, document: Int, section: String) {
    let why = Example.why(
      .privateDestination, node: "internet", kind: .internet, destination: destination, scope: scope)
    let rule = Explanation(of: why).rule
    #expect(rule?.rfc == document)
    #expect(rule?.section == section)
  }

  /// Without translation the firewall's document is quoted. It is about IPv6, and the text says so for IPv4.
  @Test(arguments: [
    (DropReason.firewall, TransportProtocol.udp, "RFC 6092 §2" as String?),
    (.firewall, .tcp, "RFC 6092 §2"),
    (.firewall, .icmp, "RFC 4890 §4.3.1"),
    (.filtered, .udp, "RFC 6092 §3.2.3, REC-17"),
    (.filtered, .tcp, "RFC 6092 §3.3.1, REC-33"),
    (.filtered, .icmp, "RFC 4890 §4.3.1"),
    (.expired, .udp, "RFC 6092 §3.2.3, REC-14"),
    (.expired, .tcp, "RFC 6092 §3.3.1, REC-35"),
    (.expired, .icmp, nil),
  ])
  func withoutTranslation(reason: DropReason, transport: TransportProtocol, reference: String?) {
    // IPv6 is never translated, whatever the router does with IPv4.
    let six = Explanation(
      of: Example.why(reason, destination: "[2001:db8::1]:4000", translates: true, transport: transport))
    #expect(six.rule?.reference.replacing("\u{A0}", with: " ") == reference)
    let four = Explanation(of: Example.why(reason, translates: false, transport: transport))
    #expect(four.rule?.reference == (transport == .icmp ? nil : six.rule?.reference))
    #expect(four.rule?.says.contains("said of IPv6") ?? true)
  }

  @Test(arguments: [(DropReason.noMapping, "RFC 5508 §4.2, REQ-4"), (.firewall, "RFC 6092 §3.2.1, REC-10")])
  func errorsHaveRulesOfTheirOwn(reason: DropReason, reference: String) {
    var why = Example.why(
      reason, destination: reason == .firewall ? "2001:db8::1" : "49.36.10.25", transport: .icmp)
    why.hop.icmp = .portUnreachable
    #expect(Explanation(of: why).rule?.reference.replacing("\u{A0}", with: " ") == reference)
  }

  @Test(arguments: DropReason.allCases) func everyReasonIsWorded(reason: DropReason) {
    let why = Example.why(reason)
    let text = why.text(style: .plain)
    #expect(text.contains(reason.rawValue))
    #expect(!Explanation(of: why).because.isEmpty)
    #expect(why.hop.reasonWords?.plain.hasPrefix("\(reason.rawValue): ") == true)
  }

  @Test func expiredSaysThatTheRouterCannotTell() {
    let text = Explanation(of: Example.why(.expired, mapping: Example.row(expiredAt: 300_021_000))).happened.plain
    #expect(text.contains("cannot tell this from no-mapping"))
    #expect(text.contains("until 5m0.021s"))
  }

  @Test func aPacketInFlightHasNoVerdictYet() {
    var why = Example.why(nil)
    why.hop = Example.hello[2]
    why.packet.state = .inFlight
    #expect(why.text(style: .plain).contains("in flight"))
    #expect(Explanation(of: why).rule == nil)
  }
}
