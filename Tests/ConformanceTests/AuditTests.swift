// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Rendering
import Testing

@testable import Conformance

@Suite struct AuditTests {
  /// Hundreds of behaviours: each verdict is the one that the axes imply, so it flips with them and with nothing else.
  @Test(arguments: 0..<4) func verdictsFollowTheAxes(batch: UInt64) {
    var generator = SeededGenerator(seed: 4_787 + batch)
    for _ in 0..<125 {
      let behavior = RandomBehavior.draw(using: &generator)
      let found = Audit(behavior).findings().flatMap { [$0] + $0.parts }
      for (id, expected) in RandomBehavior.expected(behavior) {
        let finding = found.first { $0.requirement == id }
        #expect(finding != nil && finding?.met == expected, "\(id) of \(behavior): \(finding?.shown ?? "")")
      }
    }
  }

  /// Typing the offered fix makes the router meet the requirement, and no other requirement's fix is needed for that.
  @Test(arguments: 0..<4) func offeredFixesWork(batch: UInt64) throws {
    var generator = SeededGenerator(seed: 7_857 + batch)
    for _ in 0..<12 {
      let behavior = RandomBehavior.draw(using: &generator)
      var router = try AuditedRouter("router r")
      for property in Property.all(of: .router) {
        if let value = property.value(in: behavior) {
          try router.run("set r \(property.name) \(value)")
        }
      }
      for finding in try router.audit("r").findings where [.notMet, .partly].contains(finding.outcome) {
        let mend = try #require(finding.mend, "\(finding.requirement) of \(behavior)")
        var mended = router
        try mended.run(mend)
        let now = try mended.audit("r \(finding.requirement)").finding(finding.requirement)
        #expect(now.outcome == .met, "\(mend) for \(finding.requirement) of \(behavior)")
        #expect(now.mend == nil)
      }
    }
  }

  @Test func everyRequirementHasItsRow() {
    #expect(Requirement.rfc4787.map(\.id) == (1...14).map { "REQ-\($0)" })
    #expect(
      Requirement.rfc4787.map(\.section) == [
        "4.1", "4.1", "4.2.1", "4.2.2", "4.3", "4.3", "4.4", "5", "6", "7", "8", "9", "10", "11",
      ])
    #expect(
      Requirement.rfc4787.map(\.main.level.rawValue) == [
        "must", "recommended", "must", "recommended", "must", "must", "must", "recommended", "must", "should", "must",
        "must", "must", "must",
      ])
    for requirement in Requirement.all { #expect(requirement.main.asks.count <= 60, "\(requirement.id)") }
  }

  @Test(arguments: [
    ("REQ-9", "REQ-9"), ("req9", "REQ-9"), ("9", "REQ-9"), ("REQ-3a", "REQ-3"), ("7857-9", "7857-9"),
    ("RFC4787-REQ-12", "REQ-12"), ("4787-9", "REQ-9"),
  ])
  func aRequirementIsKnownByManyNames(word: String, id: String) {
    #expect(Requirement.named(word)?.id == id)
  }

  @Test(arguments: [("rfc4787", 4787), ("RFC 7857", 7857), ("5382", 5382), ("rfc-5508", 5508), ("6888", 6888)])
  func aStandardIsKnownByItsNumber(word: String, rfc: Int) { #expect(Requirement.standard(named: word)?.rfc == rfc) }

  @Test(arguments: ["REQ-0", "REQ-15", "REQ", "7857", "7857-3", "", "hairpinning"])
  func noOtherIs(word: String) { #expect(Requirement.named(word) == nil) }

  @Test func aWrongRequirementIsAnError() throws {
    var router = try AuditedRouter("router r")
    let error = #expect(throws: SessionError.self) { try router.run("audit r REQ-15") }
    guard case .command(let fault)? = error else { return #expect(Bool(false)) }
    #expect(fault.kind.word == "unknown-requirement")
    #expect(fault.columns == 9..<15)
  }

  @Test func aHostHasNothingToAudit() throws {
    var router = try AuditedRouter("host alice")
    let error = #expect(throws: SessionError.self) { try router.run("audit alice") }
    guard case .syntax(let fault)? = error, case .wrongDeviceKind = fault.kind else { return #expect(Bool(false)) }
  }

  @Test func auditingIsLooking() throws {
    var router = try AuditedRouter("scene one-home", "send alice:5000 bob:4000", "run")
    var untouched = router
    for words in ["home-a", "home-a REQ-9"] { _ = try router.audit(words) }
    for line in ["table home-a", "step", "history", "send alice bob", "run", "undo 2", "show home-a"] {
      let json = try [router.run(line), untouched.run(line)].map { JSONRenderer().line(for: try #require($0)) }
      #expect(json[0] == json[1], "\(line)")
    }
  }

  @Test func aRouterWithoutTranslationHasNothingToMeet() throws {
    var router = try AuditedRouter("router r", "set r nat off")
    let report = try router.audit("r")
    #expect(report.findings.count == 19)
    #expect(report.findings.allSatisfy { $0.outcome == .notApplicable && $0.met == nil && $0.mend == nil })
    #expect(report.findings.allSatisfy { $0.setting == Properties.nat(false) })
    #expect(report.text(style: .plain).hasPrefix("r does not translate."))
    let untranslatable = Audit(name: "r", behavior: NATBehavior(), external: [], inside: nil)
    #expect(untranslatable.findings().allSatisfy { $0.met == nil && $0.setting == nil && $0.experiment.isEmpty })
  }

  /// The laboratory finds places for its hosts whatever the router's own addresses are.
  @Test(arguments: [
    ("192.0.2.10", "10.0.0.0/30"), ("192.0.2.77", "198.51.100.0/24"), ("203.0.113.10", "192.0.2.0/24"),
    ("10.1.2.3", "192.168.1.8/29"),
  ])
  func anyAddressesWillDo(external: String, inside: String) throws {
    var hairpinning = NATBehavior(mapping: .endpointIndependent, filtering: .endpointIndependent)
    hairpinning.hairpinning = true
    let audit = Audit(
      name: "pc", behavior: hairpinning, external: [try #require(IPAddress(external))], inside: IPPrefix(inside))
    #expect(Set(audit.subject.addresses.values).count == 4)
    #expect(audit.findings().filter { $0.met == false }.map(\.requirement) == ["REQ-4", "7857-9"])
  }

  @Test func jsonHasThePromisedKeys() throws {
    var router = try AuditedRouter("router r")
    let line = JSONRenderer().line(for: try #require(try router.run("audit r REQ-8")))
    for piece in [
      #""router":"r""#, #""requirement":"REQ-8""#, #""rfc":4787"#, #""section":"5""#, #""level":"recommended""#,
      #""met":false"#, #""setting":{"property":"filtering","value":"address-and-port-dependent"}"#,
      #""mend":"set r filtering adf""#, #""reason":"filtered""#, #""waits_us":0"#, #""from":"stranger""#,
      #""new_source":"203.0.113.1:62000""#,
    ] { #expect(line.contains(piece), "\(piece)") }
    let whole = JSONRenderer().line(for: try #require(try router.run("audit r")))
    #expect(whole.contains(#""summary":{"4787":{"met":"#))
  }

  @Test func examplesWork() throws {
    var router = try AuditedRouter()
    for line in AuditCommand.declaration.examples { try router.run(line) }
  }

  @Test func requirementsAreCompleted() throws {
    var router = try AuditedRouter("router r")
    router.session[RequirementList.self] = RequirementList()
    let line = "audit r REQ-1"
    let words = router.session.completions(line: line, cursor: line.utf8.count).candidates.map(\.text)
    #expect(words == ["REQ-1", "REQ-10", "REQ-11", "REQ-12", "REQ-13", "REQ-14"])
  }
}
