// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// One rule of the house: a pure function of a file's path and text, with examples that it must find and must let pass,
/// so that a rule cannot go quiet unnoticed.
struct Rule: Sendable, CustomTestStringConvertible {
  /// One place where a rule is broken; the line counts from 1.
  struct Finding: Equatable {
    var line: Int
    var message: String
  }

  /// A file as a rule sees it.
  struct Example: Sendable {
    var path: String
    var text: String

    init(_ path: String, _ text: String) {
      self.path = path
      self.text = text
    }
  }

  var name: String
  var broken: [Example]
  var kept: [Example]
  var findings: @Sendable (_ path: String, _ text: String) -> [Finding]

  var testDescription: String { name }
}

extension Rule {
  /// The target that a source file belongs to: `NATModel` of `Sources/NATModel/Packet.swift`.
  static func target(of path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  /// The findings of a pattern in the code of a file, its comments and literals left out.
  static func matches(_ pattern: String, in text: String, message: (String) -> String) -> [Finding] {
    guard let expression = try? NSRegularExpression(pattern: pattern) else {
      return [Finding(line: 0, message: "the rule's own pattern is wrong: \(pattern)")]
    }
    return SwiftCode(text).lines.enumerated().flatMap { index, line in
      expression.matches(in: line, range: NSRange(line.startIndex..., in: line)).compactMap { match in
        Range(match.range, in: line).map { Finding(line: index + 1, message: message(String(line[$0]))) }
      }
    }
  }

  /// The modules that a file imports, with the line of each.
  static func imports(in text: String) -> [(line: Int, module: String)] {
    SwiftCode(text).lines.enumerated().compactMap { index, line in
      var words = line.split(whereSeparator: { " \t".contains($0) }).drop { $0.hasPrefix("@") }
      while let first = words.first, ["public", "package", "internal", "private", "fileprivate"].contains(first) {
        words = words.dropFirst()
      }
      guard words.first == "import" else { return nil }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let name = words.dropFirst().drop { kinds.contains($0) }.first ?? ""
      return (index + 1, String(name.prefix { $0 != "." && $0 != ";" }))
    }
  }
}
