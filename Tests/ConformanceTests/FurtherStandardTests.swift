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
    (
      .home,
      [
        "5382-3", "5382-8", "5508-7", "5508-8", "6888-1", "6888-4", "6888-5", "6888-7", "6888-11b", "6888-15",
      ]
    ),
    (.fullCone, ["5382-8", "5508-7", "5508-8", "6888-1", "6888-4", "6888-5", "6888-11b", "6888-15"]),
    (
      .restrictedCone,
      ["5382-8", "5508-7", "5508-8", "6888-1", "6888-4", "6888-5", "6888-7", "6888-11b", "6888-15"]
    ),
    (
      .symmetric,
      [
        "5382-1", "5382-3", "5382-8", "5508-1a", "5508-7", "5508-8", "6888-1", "6888-4", "6888-5", "6888-7",
        "6888-11b", "6888-15",
      ]
    ),
    (
      .linux,
      [
        "5382-1", "5382-3", "5382-4", "5382-5", "5382-7", "5382-8", "5508-1a", "5508-2", "5508-7", "5508-8", "6888-1",
        "6888-4", "6888-5", "6888-7", "6888-8", "6888-11b",
      ]
    ),
    (.cgnat, ["5508-8", "6888-11b"]),
  ]

  /// The standards besides RFC 4787 and RFC 7857, which are audited together.
  private static let further = Requirement.standards.filter { ![4787, 7857].contains($0.rfc) }

  private static func findings(_ behavior: NATBehavior) -> [Finding] {
    Audit(behavior).findings(Self.further.flatMap(\.requirements)).flatMap { [$0] + $0.parts }
  }

  @Test(arguments: unmet) func whatPresetsLack(preset: NATPreset, lacks: [String]) {
    #expect(Self.findings(preset.behavior).filter { $0.met == false }.map(\.requirement) == lacks, "\(preset)")
  }

  /// A router that misses all that a setting can miss, and then meets it by the command that is offered.
  @Test func offeredFixesWork() throws {
    var router = try AuditedRouter("router r preset linux", "set r pooling arbitrary", "set r addresses 203.0.113.9")
    try router.run("set r tcp-established-timeout 1h")
    for standard in Self.further {
      for finding in try router.audit("r rfc\(standard.rfc)").findings
      where finding.outcome == .notMet || finding.outcome == .partly {
        // "Host unreachable" is a matter of `preset cgnat`, not of a setting.
        if finding.requirement == "6888-11" { continue }
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

  /// All requirements are there; what natsh cannot judge says why, and shows no packets.
  @Test func everyRequirementHasARow() throws {
    let cannotJudge = ["5508-11", "6888-9", "6888-10", "6888-12", "6888-14"]
    for (rfc, count) in [(5382, 10), (5508, 11), (6888, 15)] {
      let findings = Self.findings(NATPreset.cgnat.behavior).filter { $0.rfc == rfc && !$0.requirement.hasSuffix("a") }
      #expect(findings.map(\.requirement).filter { !$0.hasSuffix("b") } == (1...count).map { "\(rfc)-\($0)" })
      for finding in findings where cannotJudge.contains(finding.requirement) {
        #expect(finding.outcome == .notApplicable && !finding.shown.isEmpty && finding.experiment.isEmpty)
      }
    }
  }

  /// What each experiment is for, switched off: the verdict turns.
  @Test func theExperimentsCanFail() {
    let changes: [(id: String, change: (inout NATBehavior) -> Void)] = [
      ("5508-7", { $0.hairpinning = false }), ("6888-1", { $0.mapping = .addressDependent }),
      ("6888-5", { $0.maximumMappingsPerHost = nil }), ("6888-8", { $0.portRest = .seconds(60) }),
      ("6888-13", { $0.portAssignment = .preserveOrRefuse }),
      ("6888-13", { $0.portAssignment = .blocks(size: 32, within: 1_024...65_535) }),
    ]
    for (id, change) in changes {
      var behavior = NATPreset.cgnat.behavior
      #expect(Self.findings(behavior).first { $0.requirement == id }?.met == true, "\(id)")
      change(&behavior)
      #expect(Self.findings(behavior).first { $0.requirement == id }?.met == false, "\(id)")
    }
    var telling = NATPreset.cgnat.behavior
    telling.rejection = .icmp
    #expect(Self.findings(telling).filter { $0.met == false }.isEmpty)
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
    for requirement in Self.further.flatMap(\.requirements) {
      #expect(requirement.main.asks.count <= 60, "\(requirement.id)")
      #expect(!(try router.audit("r \(requirement.id)").text(style: .plain)).isEmpty)
    }
  }
}
