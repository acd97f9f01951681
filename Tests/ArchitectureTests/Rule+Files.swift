// SPDX-License-Identifier: GPL-3.0-or-later

extension Rule {
  /// Every source file says its licence at its top.
  static let licensed = Rule(
    name: "every file names its licence",
    broken: [
      Example("Sources/NATModel/A.swift", "import NATModel\n\n\n// SPDX-License-Identifier: GPL-3.0-or-later"),
      Example("Tests/NATModelTests/A.swift", "// SPDX-License-Identifier: MIT"),
      Example("script/run", "#!/usr/bin/env bash\n"),
    ],
    kept: [
      Example("Sources/NATModel/A.swift", "// SPDX-License-Identifier: GPL-3.0-or-later\n\nimport NATModel"),
      Example("Package.swift", "// swift-tools-version: 6.1\n// SPDX-License-Identifier: GPL-3.0-or-later"),
      Example("Sources/CReadline/shim.h", "/* SPDX-License-Identifier: GPL-3.0-or-later */\n#include <stdio.h>"),
    ]
  ) { _, text in
    let top = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).prefix(2)
    let isLicensed = top.contains { $0.contains("SPDX-License-Identifier: GPL-3.0-or-later") }
    return isLicensed ? [] : [Finding(line: 1, message: "no SPDX-License-Identifier: GPL-3.0-or-later at the top")]
  }

  /// A file is one subject, read in one sitting.
  static let oneSitting = Rule(
    name: "no file is longer than 400 lines",
    broken: [Example("Sources/NATModel/A.swift", String(repeating: "let a = 1\n", count: 401))],
    kept: [Example("Sources/NATModel/A.swift", String(repeating: "let a = 1\n", count: 400))]
  ) { _, text in
    let count = text.split(separator: "\n", omittingEmptySubsequences: false).count - (text.hasSuffix("\n") ? 1 : 0)
    return count <= 400 ? [] : [Finding(line: 401, message: "\(count) lines: more than one subject?")]
  }

  /// Public types and functions say what they are for. What needs no words of its own: a type inside a type, a function of
  /// one line, and the requirement of a protocol. A property or an initializer has them where its name is not enough.
  static let documented = Rule(
    name: "public types and functions have doc comments",
    broken: [
      Example("Sources/NATModel/A.swift", "public struct Packet {}"),
      Example("Sources/NATModel/A.swift", "// Not a doc comment.\npublic enum Side {}"),
      Example("Sources/NATModel/A.swift", "/// One.\npublic struct A {}\n\npublic func translate() {\n}"),
      Example("Sources/NATModel/A.swift", "extension A {\n  @inlinable\n  public mutating func translate() {\n  }\n}"),
      Example("Sources/NATModel/A.swift", "public static func udp() -> Packet {\n}"),
    ],
    kept: [
      Example("Sources/NATModel/A.swift", "/// One packet.\npublic struct Packet {}"),
      Example("Sources/NATModel/A.swift", "/// One.\n@frozen\n@usableFromInline\npublic struct A {}"),
      Example("Sources/NATModel/A.swift", "/** One packet. */\npublic struct Packet {}"),
      Example("Sources/NATModel/A.swift", "public func encode(to encoder: any Encoder) throws {}"),
      Example("Sources/NATModel/A.swift", "public static func < (left: A, right: A) -> Bool {}"),
      Example("Sources/NATModel/A.swift", "/// One.\npublic struct A {\n  public enum Kind {\n  }\n}"),
      Example("Sources/NATModel/A.swift", "public static func seconds(_ count: Int) -> A { A(count) }"),
      Example("Sources/NATModel/A.swift", "struct Inner {}\nlet text = \"public struct\""),
    ]
  ) { path, text in
    guard target(of: path) != nil else { return [] }
    let original = text.split(separator: "\n", omittingEmptySubsequences: false)
    let attributes = "(?:@[\\w]+(?:\\([^)]*\\))? +)*"
    let modifiers = "(?:(?:final|static|class|mutating|nonmutating|indirect|nonisolated) +)*"
    let type = "^\(attributes)(?:public|open) +\(modifiers)(?:struct|enum|class|actor|protocol|typealias) +\\w+"
    let witness = "encode\\(to|hash\\(into|next\\(\\)"
    let function = "^ *\(attributes)(?:public|open) +\(modifiers)func +(?!\(witness))\\w+.*(?<!\\})$"
    let declaration = "\(type)|\(function)"
    return matches(declaration, in: text) { "'\($0.drop { $0 == " " })' has no doc comment" }.filter { finding in
      var above = finding.line - 2
      while above >= 0, original[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
      guard above >= 0 else { return true }
      let line = original[above].drop { $0 == " " }
      return !(line.hasPrefix("///") || line.hasSuffix("*/"))
    }
  }

  /// A file's name says what is in it.
  static let namedForItsSubject = Rule(
    name: "no file is named for nothing",
    broken: [
      Example("Sources/NATModel/Utils.swift", ""), Example("Sources/Shell/StringHelpers.swift", ""),
      Example("Sources/Shell/SessionManager.swift", ""), Example("Tests/ShellTests/Misc.swift", ""),
    ],
    kept: [Example("Sources/NATModel/IPPrefix+Containment.swift", ""), Example("Sources/Shell/Outcome.swift", "")]
  ) { path, _ in
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let words = ["Util", "Helper", "Manager", "Misc", "Common"]
    return words.filter { name.contains($0) }.map { Finding(line: 1, message: "'\($0)' names nothing") }
  }
}
