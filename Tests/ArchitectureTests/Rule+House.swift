// SPDX-License-Identifier: GPL-3.0-or-later

extension Rule {
  /// The targets that may touch the world outside: terminals, files, clocks, the environment.
  static let outerLayer: Set<String> = ["natsh", "Shell", "Classroom", "CReadline", "CTerminal", "Lab", "CNamespaces"]

  /// The targets that are pure computation, on the standard library alone.
  static let innerLayer: Set<String> = ["NATModel", "NetworkSimulator", "Commands", "WireFormat", "Traversal"]

  /// All rules, for targets in this order, the lowest first, protocols that require these functions, and files of these
  /// names.
  static func all(targets: [String], requirements: Set<String>, files: Set<String>) -> [Rule] {
    [
      importsGoDown(targets: targets), innerLayerStandsAlone, onlyOuterLayerTouchesTheWorld, randomnessIsSeeded,
      nothingCrashes, tableHeadersAreSaid,
      licensed, oneSitting, documented(requirements: requirements), namedForItsSubject,
      namedAfterTheirType(files: files),
    ]
  }

  /// A target imports only targets below it.
  static func importsGoDown(targets: [String]) -> Rule {
    let heights = Dictionary(targets.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return Rule(
      name: "imports go down only",
      broken: [
        Source("Sources/NATModel/A.swift", "import Commands"),
        Source("Sources/Commands/A.swift", "// why\n@testable public import struct Shell.Loop"),
        Source("Sources/Commands/A.swift", "#if os(Linux)\n  import natsh\n#endif"),
        Source("Sources/Unlisted/A.swift", "import NATModel"),
      ],
      kept: [
        Source("Sources/Commands/A.swift", "import NATModel\nimport NetworkSimulator"),
        Source("Sources/Shell/A.swift", "// import natsh\nlet text = \"import natsh\""),
        Source("Sources/Shell/A.swift", "import ArgumentParser"),
      ]
    ) { file in
      guard let own = file.target else { return [] }
      guard let height = heights[own] else {
        return [Finding(line: 1, message: "the target \(own) is not in Package.swift")]
      }
      return imports(in: file.code).compactMap { line, module in
        guard let other = heights[module], other >= height else { return nil }
        return Finding(line: line, message: "\(own) may not know \(module), which is above it")
      }
    }
  }

  /// The model, the simulator and the commands need the standard library and nothing of the machine.
  static let innerLayerStandsAlone = Rule(
    name: "no Foundation, Dispatch or C library inside",
    broken: [
      Source("Sources/NATModel/A.swift", "import Foundation"),
      Source("Sources/Commands/A.swift", "internal import FoundationEssentials"),
      Source("Sources/NetworkSimulator/A.swift", "#if canImport(Glibc)\nimport Glibc\n#endif"),
    ],
    kept: [
      Source("Sources/Shell/A.swift", "import Foundation"),
      Source("Sources/NetworkSimulator/A.swift", "import Synchronization"),
    ]
  ) { file in
    guard let own = file.target, innerLayer.contains(own) else { return [] }
    let machine: Set = ["Dispatch", "Glibc", "Musl", "Darwin", "CReadline", "CTerminal", "System", "SystemPackage"]
    return imports(in: file.code).filter { $0.module.hasPrefix("Foundation") || machine.contains($0.module) }
      .map { Finding(line: $0.line, message: "\(own) may not import \($0.module)") }
  }

  /// Printing, files, clocks and the environment belong to the outermost layer.
  static let onlyOuterLayerTouchesTheWorld = Rule(
    name: "only the outer layer prints, opens files, reads clocks or the environment",
    broken: [
      Source("Sources/Commands/A.swift", "  print(\"hello\")"),
      Source("Sources/Rendering/A.swift", "let file = fopen(path, \"r\")"),
      Source("Sources/Rendering/A.swift", "FileHandle.standardOutput.write(data)"),
      Source("Sources/Rendering/A.swift", "if getenv(\"NO_COLOR\") != nil {}"),
      Source("Sources/Rendering/A.swift", "let width = ProcessInfo.processInfo.environment[\"COLUMNS\"]"),
      Source("Sources/Lessons/A.swift", "let now = Date()"),
      Source("Sources/NetworkSimulator/A.swift", "clock_gettime(CLOCK_MONOTONIC, &now)"),
      Source("Sources/NetworkSimulator/A.swift", "let start = ContinuousClock.now"),
      Source("Sources/Commands/A.swift", "let line = readLine()"),
      Source("Sources/Commands/A.swift", "exit(1)"),
      Source("Sources/Lessons/A.swift", "try String(contentsOfFile: path, encoding: .utf8)"),
    ],
    kept: [
      Source("Sources/Shell/A.swift", "print(\"hello\")"),
      Source("Sources/Rendering/A.swift", "/// print(\"hello\")\nlet text = \"print(1)\""),
      Source("Sources/Rendering/A.swift", "printer.print(row)\nfunc print(_ row: Row) {}\nblueprint(row)"),
      Source("Sources/Rendering/A.swift", "rows.append(contentsOf: more)"),
      Source("Sources/Rendering/A.swift", "let date = expirationDate(of: row)\nreport.exit(code)"),
    ]
  ) { file in
    guard let own = file.target, !outerLayer.contains(own) else { return [] }
    let functions = [
      "print", "debugPrint", "dump", "readLine", "fopen", "fputs", "fputc", "fwrite", "puts", "printf",
      "fprintf",
      "getenv", "setenv", "clock_gettime", "gettimeofday", "exit", "_exit", "isatty", "ioctl", "system",
      "sleep",
      "usleep", "fork", "signal",
    ].joined(separator: "|")
    let names = [
      "FileHandle", "FileManager", "ProcessInfo", "CommandLine", "ContinuousClock", "SuspendingClock", "DispatchTime",
      "DispatchQueue", "URLSession", "FileDescriptor", "Process", "Timer", "stdout", "stderr", "stdin",
    ].joined(separator: "|")
    let pattern =
      "(?<![\\w.])(?<!func )(?:\(functions))\\(|(?<![\\w.])(?:\(names))\\b|(?<!\\w)Date\\(|"
      + "(?:String|Data|Array)\\(contentsOf|\\.write\\(to(?:File)?:"
    return matches(pattern, in: file.code) { "\(own) is not the outer layer and may not use \($0)" }
  }

  /// The same seed gives the same bytes: nothing draws from the machine's own randomness.
  static let randomnessIsSeeded = Rule(
    name: "all randomness comes from a seeded generator",
    broken: [
      Source("Sources/NATModel/A.swift", "let port = UInt16.random(in: 1024...65535)"),
      Source("Sources/Commands/A.swift", "hosts.shuffled()"),
      Source("Sources/Commands/A.swift", "ports.randomElement()"),
      Source("Sources/NetworkSimulator/A.swift", "var generator = SystemRandomNumberGenerator()"),
      Source("Sources/NetworkSimulator/A.swift", "let order = name.hashValue"),
      Source("Sources/NetworkSimulator/A.swift", "var hasher = Hasher()"),
    ],
    kept: [
      Source("Sources/NATModel/A.swift", "let port = UInt16.random(in: range, using: &generator)"),
      Source("Sources/NATModel/A.swift", "case random(ClosedRange<UInt16>)\nreturn .random(1024...65535)"),
      Source("Sources/NATModel/A.swift", "func hash(into hasher: inout Hasher) {}"),
    ]
  ) { file in
    guard file.target != nil else { return [] }
    let pattern =
      "\\.random\\(in:(?!.*using:)|\\bshuffled?\\(\\)|\\brandomElement\\(\\)|\\bSystemRandomNumberGenerator\\b"
      + "|\\.hashValue\\b|\\bHasher\\(\\)"
    return matches(pattern, in: file.code) { "\($0) differs from run to run" }
  }

  /// No input may end the program: failing is a value.
  static let nothingCrashes = Rule(
    name: "nothing crashes on purpose",
    broken: [
      Source("Sources/NATModel/A.swift", "let value = try! parse(text)"),
      Source("Sources/NATModel/A.swift", "let host = device as! Host"),
      Source("Sources/NATModel/A.swift", "fatalError(\"cannot happen\")"),
      Source("Sources/NATModel/A.swift", "preconditionFailure()"),
      Source("Sources/natsh/A.swift", "let first = words.first!"),
      Source("Sources/natsh/A.swift", "words.first!.count"),
      Source("Sources/natsh/A.swift", "rows[key]![0]"),
      Source("Sources/natsh/A.swift", "use(find(name)!)"),
      Source("Sources/natsh/A.swift", "var loop: Loop!"),
      Source("Sources/natsh/A.swift", "let text = \"\\(name!)\""),
    ],
    kept: [
      Source("Sources/natsh/A.swift", "if !isEmpty, a != b, c !== d, !(x && !y) {}"),
      Source("Sources/natsh/A.swift", "let text = \"hello! \\(name) as! try!\" // first!"),
      Source("Sources/natsh/A.swift", "let raw = #\"who are you!\"#\n#if !os(Linux)\n#endif"),
      Source("Sources/natsh/A.swift", "let long = \"\"\"\n  stop! \"quoted!\"\n  \"\"\""),
    ]
  ) { file in
    guard file.target != nil else { return [] }
    let pattern =
      "\\btry!|\\bas!|\\b(?:fatalError|preconditionFailure|assertionFailure|abort)\\(|(?<!\\btry)(?<!\\bas)(?<=[\\w)\\]}>?])!(?!=)"
      + "|\\bunsafelyUnwrapped\\b|\\bunowned\\(unsafe\\)"
    return matches(pattern, in: file.code) { "'\($0)' can end the program" }
  }

  /// A table's headers are words that people read, so they are translated.
  static let tableHeadersAreSaid = Rule(
    name: "a table's headers are said",
    broken: [
      Source("Sources/Rendering/A.swift", #"let table = TextTable([.init(said("host")), .init("port", .right)])"#),
      Source("Sources/Traversal/A.swift", "TextTable([\n  TextTable.Column(\"is a\"), .init(here),\n])"),
      Source("Sources/Lessons/A.swift", #"var columns: [TextTable.Column] = [.init("file")]"#),
    ],
    kept: [
      Source(
        "Sources/Rendering/A.swift", #"let table = TextTable([.init(said("host")), .init("", .right), .init(here)])"#),
      Source("Sources/Traversal/A.swift", #"fields: [.init("version", "0")]"#),
    ]
  ) { file in
    guard file.target != nil else { return [] }
    let tables = /(?:TextTable\(\s*\[|\[TextTable\.Column\] = \[)(?<columns>[^\]]*)\]/
    let bare = /(?:\.init|Column)\("(?<word>[a-z][a-z -]*)"/
    return file.text.matches(of: tables).flatMap { table in
      let line = file.text[..<table.range.lowerBound].count { $0 == "\n" } + 1
      return table.output.columns.matches(of: bare).map {
        Finding(line: line, message: "the header \($0.output.word) is not said()")
      }
    }
  }
}
