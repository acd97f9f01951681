// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Rendering
import Testing

@testable import Conformance

/// The audits of RFC 5382, 5508 and 6888.
@Suite struct FurtherStandardTests {
  /// The requirements, and parts, that each preset does not meet.
  static let unmet: [(NATPreset, [String])] = [
    (.home, ["5382-3", "5382-8", "6888-4", "6888-7", "6888-15"]),
    (.fullCone, ["5382-8", "6888-4", "6888-15"]),
    (.restrictedCone, ["5382-8", "6888-4", "6888-7", "6888-15"]),
    (.symmetric, ["5382-1", "5382-3", "5382-8", "5508-1a", "6888-4", "6888-7", "6888-15"]),
    (
      .linux,
      [
        "5382-1", "5382-3", "5382-4", "5382-5", "5382-7", "5382-8", "5508-1a", "5508-2", "6888-4", "6888-7",
      ]
    ),
    (.cgnat, []),
  ]

  private static func findings(_ behavior: NATBehavior) -> [Finding] {
    Audit(behavior).findings(Requirement.further.flatMap(\.requirements)).flatMap { [$0] + $0.parts }
  }

  @Test(arguments: unmet) func whatPresetsLack(preset: NATPreset, lacks: [String]) {
    #expect(Self.findings(preset.behavior).filter { $0.met == false }.map(\.requirement) == lacks, "\(preset)")
  }

  /// A router that misses all that a setting can miss, and then meets it by the command that is offered.
  @Test func offeredFixesWork() throws {
    var router = try AuditedRouter("router r preset linux", "set r pooling arbitrary", "set r addresses 203.0.113.9")
    try router.run("set r tcp-established-timeout 1h")
    for standard in Requirement.further {
      for finding in try router.audit("r rfc\(standard.rfc)").findings where finding.outcome != .met {
        let mend = try #require(finding.mend, "\(finding.requirement)")
        var mended = router
        try mended.run(mend)
        let now = try mended.audit("r \(finding.requirement)").finding(finding.requirement)
        #expect(now.outcome == .met, "\(mend) for \(finding.requirement)")
      }
    }
  }

  @Test func blocksAreALimitToo() {
    var behavior = NATPreset.home.behavior
    behavior.portAssignment = .blocks(size: 64, within: 1_024...65_535)
    #expect(Self.findings(behavior).first { $0.requirement == "6888-4" }?.met == true)
    // One block for all is none.
    behavior.portAssignment = .blocks(size: 40_000, within: 1_024...65_535)
    #expect(Self.findings(behavior).first { $0.requirement == "6888-4" }?.met == false)
  }

  /// A microsecond less than enough is too little.
  @Test(arguments: [
    ("5382-5", "open", Interval.minutes(124)), ("5382-5", "opening", .minutes(4)), ("5508-2", "ping", .seconds(60)),
  ])
  func lifetimes(id: String, which: String, least: Interval) {
    for (time, expected) in [(least, true), (Interval(microseconds: least.microseconds - 1), false)] {
      var behavior = NATPreset.cgnat.behavior
      switch which {
      case "open": behavior.lifetimes.tcpEstablished = time
      case "opening": behavior.lifetimes.tcpTransitory = time
      default: behavior.lifetimes.icmp = time
      }
      #expect(Self.findings(behavior).first { $0.requirement == id }?.met == expected, "\(id) with \(time)")
    }
  }

  @Test func namesAreUnderstood() throws {
    var router = try AuditedRouter("router r")
    for word in ["rfc5382", "RFC-5382", "5382"] {
      let report = try router.audit("r \(word)")
      #expect(report.findings.map(\.requirement) == (1...10).map { "5382-\($0)" } && !report.isSingle)
      #expect(
        report.text(style: .plain).hasPrefix("r meets 8 of RFC 5382's 10 requirements for TCP that packets can show"))
    }
    #expect(try router.audit("r rfc5382-5").findings.map(\.requirement) == ["5382-5"])
    #expect(try router.audit("r rfc6888-4").findings.map(\.requirement) == ["6888-4"])
    #expect(throws: SessionError.self) { try router.audit("r rfc9999") }
    for requirement in Requirement.further.flatMap(\.requirements) {
      #expect(requirement.main.asks.count <= 60, "\(requirement.id)")
      #expect(!(try router.audit("r \(requirement.id)").text(style: .plain)).isEmpty)
    }
  }
}
