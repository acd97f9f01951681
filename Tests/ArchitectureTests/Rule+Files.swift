// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

extension Rule {
  /// Every source file states its licence at the top.
  static let licensed = Rule(
    name: "every file names its licence",
    broken: [
      Source("Sources/NATModel/A.swift", "import NATModel\n\n\n// SPDX-License-Identifier: GPL-3.0-or-later"),
      Source("Tests/NATModelTests/A.swift", "// SPDX-License-Identifier: MIT"),
      Source("script/run", "#!/usr/bin/env bash\n"),
    ],
    kept: [
      Source("Sources/NATModel/A.swift", "// SPDX-License-Identifier: GPL-3.0-or-later\n\nimport NATModel"),
      Source("Package.swift", "// swift-tools-version: 6.1\n// SPDX-License-Identifier: GPL-3.0-or-later"),
      Source("Sources/CReadline/shim.h", "/* SPDX-License-Identifier: GPL-3.0-or-later */\n#include <stdio.h>"),
    ]
  ) { file in
    let top = file.text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).prefix(2)
    let isLicensed = top.contains { $0.contains("SPDX-License-Identifier: GPL-3.0-or-later") }
    return isLicensed ? [] : [Finding(line: 1, message: "no SPDX-License-Identifier: GPL-3.0-or-later at the top")]
  }

  /// A file is one subject, read in one sitting.
  static let oneSitting = Rule(
    name: "no file is longer than 400 lines",
    broken: [Source("Sources/NATModel/A.swift", String(repeating: "let a = 1\n", count: 401))],
    kept: [Source("Sources/NATModel/A.swift", String(repeating: "let a = 1\n", count: 400))]
  ) { file in
    let count =
      file.text.split(separator: "\n", omittingEmptySubsequences: false).count - (file.text.hasSuffix("\n") ? 1 : 0)
    return count <= 400 ? [] : [Finding(line: 401, message: "\(count) lines: more than one subject?")]
  }

  /// `A+B.swift` holds the part B of A, so whoever looks for A finds it.
  ///
  /// - Parameter files: the names of all files, without their endings.
  static func namedAfterTheirType(files: Set<String>) -> Rule {
    Rule(
      name: "a file named A+B belongs to A",
      broken: [
        Source("Sources/Lessons/Missing+Words.swift", "extension Session {\n}"),
        Source("Sources/Lessons/Missing+Words.swift", "struct Other {\n}"),
      ],
      kept: [
        Source("Sources/Lessons/Missing+Words.swift", "extension Missing {\n}"),
        Source("Sources/Lessons/Missing+Words.swift", "public extension Outer.Missing {\n}"),
        Source("Sources/Lessons/Words.swift", "extension Missing {\n}"),
      ]
    ) { file in
      let name = file.path.split(separator: "/").last.map(String.init) ?? ""
      guard name.hasSuffix(".swift"), let plus = name.firstIndex(of: "+") else { return [] }
      let type = String(name[..<plus])
      let isExtended = file.text.range(of: "extension (?:\\w+\\.)*\(type)\\b", options: .regularExpression) != nil
      return isExtended || files.contains(type)
        ? [] : [Finding(line: 1, message: "extends no \(type), and there is no \(type).swift beside it")]
    }
  }

  /// Public types and functions say what they are for. Exceptions: a type inside a type, a function of one statement,
  /// and the implementation of a protocol's requirement. A property or an initializer has a comment if its name is not
  /// enough.
  ///
  /// - Parameter requirements: the names of functions that protocols of the project require.
  static func documented(requirements: Set<String>) -> Rule {
    Rule(
      name: "public types and functions have doc comments",
      broken: [
        Source("Sources/NATModel/A.swift", "public struct Packet {}"),
        Source("Sources/NATModel/A.swift", "// Not a doc comment.\npublic enum Side {}"),
        Source("Sources/NATModel/A.swift", "/// One.\npublic struct A {}\n\npublic func translate() {\n}"),
        Source(
          "Sources/NATModel/A.swift",
          "extension A {\n  @inlinable\n  public mutating func a() {\n    b()\n    c()\n  }\n}"),
        Source("Sources/NATModel/A.swift", "public static func udp() -> Packet {\n}"),
      ],
      kept: [
        Source("Sources/NATModel/A.swift", "/// One packet.\npublic struct Packet {}"),
        Source("Sources/NATModel/A.swift", "/// One.\n@frozen\n@usableFromInline\npublic struct A {}"),
        Source("Sources/NATModel/A.swift", "/** One packet. */\npublic struct Packet {}"),
        Source("Sources/NATModel/A.swift", "public func encode(to encoder: any Encoder) throws {}"),
        Source("Sources/NATModel/A.swift", "public static func < (left: A, right: A) -> Bool {}"),
        Source("Sources/NATModel/A.swift", "/// One.\npublic struct A {\n  public enum Kind {\n  }\n}"),
        Source("Sources/NATModel/A.swift", "public static func seconds(_ count: Int) -> A { A(count) }"),
        Source("Sources/NATModel/A.swift", "extension A {\n  public func port() -> Port? {\n    all().first\n  }\n}"),
        Source("Sources/NATModel/A.swift", "struct Inner {}\nlet text = \"public struct\""),
      ]
    ) { file in
      guard file.target != nil else { return [] }
      let original = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      let attributes = "(?:@[\\w]+(?:\\([^)]*\\))? +)*"
      let modifiers = "(?:(?:final|static|class|mutating|nonmutating|indirect|nonisolated) +)*"
      let type = "^\(attributes)(?:public|open) +\(modifiers)(?:struct|enum|class|actor|protocol|typealias) +\\w+"
      let required = requirements.sorted().map { $0 + "\\(|" }.joined()
      let witness = required + "encode\\(to|hash\\(into|next\\(\\)"
      let function = "^ *\(attributes)(?:public|open) +\(modifiers)func +(?!\(witness))\\w+.*(?<!\\})$"
      let declaration = "\(type)|\(function)"
      return matches(declaration, in: file.code) { "'\($0.drop { $0 == " " })' has no doc comment" }.filter { finding in
        let isShort = original.indices.contains(finding.line + 1) && original[finding.line + 1].hasSuffix("  }")
        if isShort, original[finding.line - 1].contains("func ") { return false }
        var above = finding.line - 2
        while above >= 0, original[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
        guard above >= 0 else { return true }
        let line = original[above].drop { $0 == " " }
        return !(line.hasPrefix("///") || line.hasSuffix("*/"))
      }
    }
  }

  /// The names of the functions that the protocols of a file require.
  static func requirements(in code: SwiftCode) -> Set<String> {
    var names: Set<String> = []
    var isProtocol = false
    for line in code.lines {
      if line.contains(#/^(public |package )?protocol /#) { isProtocol = true }
      if line.hasPrefix("}") { isProtocol = false }
      if isProtocol, let name = line.firstMatch(of: #/^ +(?:static |mutating )*func (\w+)/#)?.1 {
        names.insert(String(name))
      }
    }
    return names
  }

  /// A file's name says what it contains.
  static let namedForItsSubject = Rule(
    name: "no file is named for nothing",
    broken: [
      Source("Sources/NATModel/Utils.swift", ""), Source("Sources/Shell/StringHelpers.swift", ""),
      Source("Sources/Shell/SessionManager.swift", ""), Source("Tests/ShellTests/Misc.swift", ""),
    ],
    kept: [Source("Sources/NATModel/IPPrefix+Containment.swift", ""), Source("Sources/Shell/Outcome.swift", "")]
  ) { file in
    let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
    let words = ["Util", "Helper", "Manager", "Misc", "Common"]
    return words.filter { name.contains($0) }.map { Finding(line: 1, message: "'\($0)' names nothing") }
  }
}
