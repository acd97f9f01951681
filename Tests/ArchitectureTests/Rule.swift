// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// One architecture rule: a pure function of a file's path and text, with examples that it must find and examples that
/// it must accept, so that a rule cannot stop working unnoticed.
struct Rule: Sendable, CustomTestStringConvertible {
  /// One place where a rule is broken; the line counts from 1.
  struct Finding: Equatable {
    var line: Int
    var message: String
  }

  /// A file as a rule sees it.
  struct Source: Sendable {
    var path: String
    var text: String
    var code: SwiftCode

    init(_ path: String, _ text: String) {
      self.path = path
      self.text = text
      code = SwiftCode(path.hasSuffix(".swift") ? text : "")
    }

    /// The target that a source file belongs to: `NATModel` of `Sources/NATModel/Packet.swift`.
    var target: String? {
      let parts = path.split(separator: "/")
      return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }
  }

  var name: String
  var broken: [Source]
  var kept: [Source]
  var findings: @Sendable (Source) -> [Finding]

  var testDescription: String { name }
}

extension Rule {
  /// The matches of a pattern in the code of a file, without its comments and literals.
  static func matches(_ pattern: String, in code: SwiftCode, message: (String) -> String) -> [Finding] {
    guard let expression = try? NSRegularExpression(pattern: pattern) else {
      return [Finding(line: 0, message: "the rule's own pattern is wrong: \(pattern)")]
    }
    return code.lines.enumerated().flatMap { index, line in
      expression.matches(in: line, range: NSRange(line.startIndex..., in: line)).compactMap { match in
        Range(match.range, in: line).map { Finding(line: index + 1, message: message(String(line[$0]))) }
      }
    }
  }

  /// The modules that a file imports, with the line of each.
  static func imports(in code: SwiftCode) -> [(line: Int, module: String)] {
    code.lines.enumerated().compactMap { index, line in
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
