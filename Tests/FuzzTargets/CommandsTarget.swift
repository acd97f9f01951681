// SPDX-License-Identifier: GPL-3.0-or-later

import Capture
import Commands
import Conformance
import Export
import Lessons
import Rendering
import Traversal

/// Lines of the command language, all of them carried out in one session.
package enum CommandsTarget {
  package static let catalog = Catalog(.standard, .traversal, .export, .conformance, .capture, .lessons)

  /// The most statements of one input: the cost of some grows with the network.
  private static let most = 24

  package static let lessons = MemoryShelf.readOnce(of: [("01-first.md", LessonSkeleton.text(id: "first"))])

  /// A new session with everything its commands may need.
  package static func session(seed: UInt64 = 1, lessons: LessonShelf = lessons) -> Session {
    var session = Session(catalog: catalog, seed: seed)
    session.monitor = EventLimit()
    session[RequirementList.self] = RequirementList()
    session[LessonShelf.self] = lessons
    session[CaptureFiles.self] = MemoryCaptures.files
    return session
  }

  static func finding(in bytes: [UInt8], checking checks: Checks) -> String? {
    // Bytes that are not UTF-8 are refused by the reader of lines, and never get here.
    let text = String(decoding: bytes, as: UTF8.self)
    var walk = SessionWalk(session: session(), checks: checks)
    var left = most
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let finding = walk.take(String(line), &left) { return finding }
      if left == 0 { break }
    }
    return walk.journeys(from: session())
  }

  /// The words of the language, and other useful ones.
  static var words: [String] {
    let names = catalog.declarations.flatMap { [$0.name] + $0.aliases + $0.leadIns }
    let settings = Property.all.map(\.name) + catalog.topics.map(\.name)
    let others = [
      "alice", "bob", "home-a", "home-b", "one-home", "two-homes", "cgnat", "same-lan", "behind ", "lan ", "preset ",
      "udp", "tcp", "icmp", "ttl ", "df", " to ", "direct", "via ", "rate ", "for ", "on", "off", "none", "unlimited",
      "eim", "apdm", "eif", "apdf", "sequential ", "preserve", "overload", "random ", "bound", "open", "silently",
      "192.168.1.0/24", "49.36.10.25", "88.90.100.110", ":4000", ":62000", "2001:db8::1", "[2001:db8::1]:80", "0.0.0.0",
      "255.255.255.255", "224.0.0.1", "127.0.0.1", "240.0.0.1", "169.254.1.1", "::", "::1", "ff02::1", "fe80::1",
      "192.168.1.255", "1us", "5m", "2h4m", "2mbit", "5%", "\"", "\\n", ";", "#", "\n", "send ", "run\n", "step\n",
    ]
    return Array(Set(names + settings + others + MemoryCaptures.names)).sorted()
  }
}
