// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Rendering
import Testing

@testable import Conformance

/// A session with the audit in its language, and the questions that tests ask of it.
struct AuditedRouter {
  static let catalog = Catalog(.standard, .conformance)
  var session = Session(catalog: catalog)

  init(_ lines: String...) throws { for line in lines { try run(line) } }

  @discardableResult
  mutating func run(_ line: String) throws -> CommandResult? {
    var last: CommandResult?
    for statement in try Statement.statements(in: line) { last = try session.execute(statement) }
    return last
  }

  mutating func audit(_ words: String) throws -> AuditReport {
    try #require(try run("audit \(words)")?.content as? AuditReport)
  }
}

extension AuditReport {
  func finding(_ id: String) throws -> Finding {
    try #require(findings.flatMap { [$0] + $0.parts }.first { $0.requirement == id })
  }
}

extension Audit {
  /// A router that is at 203.0.113.1 and has 192.168.1.0/24 inside.
  init(_ behavior: NATBehavior) {
    self.init(
      name: "r", behavior: behavior, external: [IPAddress(ipv4: 0xCB00_7101)], inside: IPPrefix("192.168.1.0/24"))
  }
}
