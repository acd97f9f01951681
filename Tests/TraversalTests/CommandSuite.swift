// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Testing

/// A suite that types commands into sessions of the language of traversal.
protocol CommandSuite {}

extension CommandSuite {
  /// A session in which these lines have been carried out.
  static func session(_ lines: [String]) throws -> Session {
    var session = Session(catalog: .traversal)
    for line in lines { try run(line, in: &session) }
    return session
  }

  static func session(_ lines: String...) throws -> Session { try session(lines) }

  @discardableResult
  static func run(_ line: String, in session: inout Session) throws -> CommandResult {
    try session.execute(try #require(try Statement.statements(in: line).first))
  }
}
