// SPDX-License-Identifier: GPL-3.0-or-later

extension Rule {
  /// The targets that may touch the world outside: terminals, files, clocks, the environment.
  static let outerLayer: Set<String> = ["natsh", "Shell", "Classroom", "CReadline", "CTerminal"]

  /// The targets that are pure computation, on the standard library alone.
  static let innerLayer: Set<String> = ["NATModel", "NetworkSimulator", "Commands", "WireFormat", "Traversal"]

  /// All rules, for a house whose targets stand in this order, the lowest first.
  static func all(targets: [String]) -> [Rule] {
    [
      importsGoDown(targets: targets), innerLayerStandsAlone, onlyOuterLayerTouchesTheWorld, luckIsSeeded,
      nothingCrashes,
      licensed, oneSitting, documented, namedForItsSubject,
    ]
  }

  /// A target imports only what stands below it.
  static func importsGoDown(targets: [String]) -> Rule {
    let heights = Dictionary(targets.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return Rule(
      name: "imports go down only",
      broken: [
        Example("Sources/NATModel/A.swift", "import Commands"),
        Example("Sources/Commands/A.swift", "// why\n@testable public import struct Shell.Loop"),
        Example("Sources/Commands/A.swift", "#if os(Linux)\n  import natsh\n#endif"),
        Example("Sources/Unlisted/A.swift", "import NATModel"),
      ],
      kept: [
        Example("Sources/Commands/A.swift", "import NATModel\nimport NetworkSimulator"),
        Example("Sources/Shell/A.swift", "// import natsh\nlet text = \"import natsh\""),
        Example("Sources/Shell/A.swift", "import ArgumentParser"),
      ]
    ) { path, text in
      guard let own = target(of: path) else { return [] }
      guard let height = heights[own] else {
        return [Finding(line: 1, message: "the target \(own) is not in Package.swift")]
      }
      return imports(in: text).compactMap { line, module in
        guard let other = heights[module], other >= height else { return nil }
        return Finding(line: line, message: "\(own) may not know \(module), which stands above it")
      }
    }
  }

  /// The model, the simulator and the commands need the standard library and nothing of the machine.
  static let innerLayerStandsAlone = Rule(
    name: "no Foundation, Dispatch or C library inside",
    broken: [
      Example("Sources/NATModel/A.swift", "import Foundation"),
      Example("Sources/Commands/A.swift", "internal import FoundationEssentials"),
      Example("Sources/NetworkSimulator/A.swift", "#if canImport(Glibc)\nimport Glibc\n#endif"),
    ],
    kept: [
      Example("Sources/Shell/A.swift", "import Foundation"),
      Example("Sources/NetworkSimulator/A.swift", "import HeapModule"),
    ]
  ) { path, text in
    guard let own = target(of: path), innerLayer.contains(own) else { return [] }
    let machine: Set = ["Dispatch", "Glibc", "Musl", "Darwin", "CReadline", "CTerminal", "System", "SystemPackage"]
    return imports(in: text).filter { $0.module.hasPrefix("Foundation") || machine.contains($0.module) }
      .map { Finding(line: $0.line, message: "\(own) may not import \($0.module)") }
  }

  /// Printing, files, clocks and the environment belong to the outermost layer.
  static let onlyOuterLayerTouchesTheWorld = Rule(
    name: "only the outer layer prints, opens files, reads clocks or the environment",
    broken: [
      Example("Sources/Commands/A.swift", "  print(\"hello\")"),
      Example("Sources/Rendering/A.swift", "let file = fopen(path, \"r\")"),
      Example("Sources/Rendering/A.swift", "FileHandle.standardOutput.write(data)"),
      Example("Sources/Rendering/A.swift", "if getenv(\"NO_COLOR\") != nil {}"),
      Example("Sources/Rendering/A.swift", "let width = ProcessInfo.processInfo.environment[\"COLUMNS\"]"),
      Example("Sources/Lessons/A.swift", "let now = Date()"),
      Example("Sources/NetworkSimulator/A.swift", "clock_gettime(CLOCK_MONOTONIC, &now)"),
      Example("Sources/NetworkSimulator/A.swift", "let start = ContinuousClock.now"),
      Example("Sources/Commands/A.swift", "let line = readLine()"),
      Example("Sources/Commands/A.swift", "exit(1)"),
      Example("Sources/Lessons/A.swift", "try String(contentsOfFile: path, encoding: .utf8)"),
    ],
    kept: [
      Example("Sources/Shell/A.swift", "print(\"hello\")"),
      Example("Sources/Rendering/A.swift", "/// print(\"hello\")\nlet text = \"print(1)\""),
      Example("Sources/Rendering/A.swift", "printer.print(row)\nfunc print(_ row: Row) {}\nblueprint(row)"),
      Example("Sources/Rendering/A.swift", "rows.append(contentsOf: more)"),
      Example("Sources/Rendering/A.swift", "let date = expirationDate(of: row)\nreport.exit(code)"),
    ]
  ) { path, text in
    guard let own = target(of: path), !outerLayer.contains(own) else { return [] }
    let functions = [
      "print", "debugPrint", "dump", "readLine", "fopen", "open", "fputs", "fputc", "fwrite", "puts", "printf",
      "fprintf",
      "getenv", "setenv", "clock_gettime", "gettimeofday", "clock", "exit", "_exit", "isatty", "ioctl", "system",
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
    return matches(pattern, in: text) { "\(own) is not the outer layer and may not use \($0)" }
  }

  /// The same seed gives the same bytes: nothing draws from the machine's own luck.
  static let luckIsSeeded = Rule(
    name: "all luck comes from a seeded generator",
    broken: [
      Example("Sources/NATModel/A.swift", "let port = UInt16.random(in: 1024...65535)"),
      Example("Sources/Commands/A.swift", "hosts.shuffled()"),
      Example("Sources/Commands/A.swift", "ports.randomElement()"),
      Example("Sources/NetworkSimulator/A.swift", "var luck = SystemRandomNumberGenerator()"),
      Example("Sources/NetworkSimulator/A.swift", "let order = name.hashValue"),
      Example("Sources/NetworkSimulator/A.swift", "var hasher = Hasher()"),
    ],
    kept: [
      Example("Sources/NATModel/A.swift", "let port = UInt16.random(in: range, using: &generator)"),
      Example("Sources/NATModel/A.swift", "case random(ClosedRange<UInt16>)\nreturn .random(1024...65535)"),
      Example("Sources/NATModel/A.swift", "func hash(into hasher: inout Hasher) {}"),
    ]
  ) { path, text in
    guard target(of: path) != nil else { return [] }
    let pattern =
      "\\.random\\(in:(?!.*using:)|\\bshuffled?\\(\\)|\\brandomElement\\(\\)|\\bSystemRandomNumberGenerator\\b"
      + "|\\.hashValue\\b|\\bHasher\\(\\)"
    return matches(pattern, in: text) { "\($0) differs from run to run" }
  }

  /// No input may end the program: failing is a value.
  static let nothingCrashes = Rule(
    name: "nothing crashes on purpose",
    broken: [
      Example("Sources/NATModel/A.swift", "let value = try! parse(text)"),
      Example("Sources/NATModel/A.swift", "let host = device as! Host"),
      Example("Sources/NATModel/A.swift", "fatalError(\"cannot happen\")"),
      Example("Sources/NATModel/A.swift", "preconditionFailure()"),
      Example("Sources/natsh/A.swift", "let first = words.first!"),
      Example("Sources/natsh/A.swift", "words.first!.count"),
      Example("Sources/natsh/A.swift", "rows[key]![0]"),
      Example("Sources/natsh/A.swift", "use(find(name)!)"),
      Example("Sources/natsh/A.swift", "var loop: Loop!"),
      Example("Sources/natsh/A.swift", "let text = \"\\(name!)\""),
    ],
    kept: [
      Example("Sources/natsh/A.swift", "if !isEmpty, a != b, c !== d, !(x && !y) {}"),
      Example("Sources/natsh/A.swift", "let text = \"hello! \\(name) as! try!\" // first!"),
      Example("Sources/natsh/A.swift", "let raw = #\"who are you!\"#\n#if !os(Linux)\n#endif"),
      Example("Sources/natsh/A.swift", "let long = \"\"\"\n  stop! \"quoted!\"\n  \"\"\""),
    ]
  ) { path, text in
    guard target(of: path) != nil else { return [] }
    let pattern =
      "\\btry!|\\bas!|\\b(?:fatalError|preconditionFailure|assertionFailure|abort)\\(|(?<!\\btry)(?<!\\bas)(?<=[\\w)\\]}>?])!(?!=)"
      + "|\\bunsafelyUnwrapped\\b|\\bunowned\\(unsafe\\)"
    return matches(pattern, in: text) { "'\($0)' can end the program" }
  }
}
