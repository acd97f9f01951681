// SPDX-License-Identifier: GPL-3.0-or-later

import CFuzzer
import FuzzTargets

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// libFuzzer around one target: `Fuzzer TARGET [libFuzzer's options and folders]`, `Fuzzer TARGET --dictionary`.
///
/// It is built by script/fuzz alone, whose flags count the branches that an input takes; see Package.swift.
@main enum Fuzzer {
  /// The target at work. It is global because libFuzzer takes a function without a context; one thread runs it.
  nonisolated(unsafe) static var target = FuzzTarget.commands

  static func main() {
    let arguments = CommandLine.arguments
    // libFuzzer calls this program again for some of its work, and knows nothing of targets.
    if let name = getenv(Self.variable), let inherited = FuzzTarget(rawValue: String(cString: name)) {
      run(inherited, CommandLine.argc, CommandLine.unsafeArgv)
    }
    guard arguments.count > 1, let chosen = FuzzTarget(rawValue: arguments[1]) else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
      complain("usage: Fuzzer \(names) [--dictionary | OPTION… FOLDER…]")
      exit(2)
    }
    if arguments.dropFirst(2).first == "--dictionary" {
      for word in chosen.dictionary { print(word) }
      return
    }
    setenv(Self.variable, chosen.rawValue, 1)
    CommandLine.unsafeArgv[1] = CommandLine.unsafeArgv[0]
    run(chosen, CommandLine.argc - 1, CommandLine.unsafeArgv + 1)
  }

  /// Whether everything is checked for each input: when a few known ones are run, not when new ones are sought.
  static let isThorough = getenv("NATSH_FUZZ_THOROUGH") != nil

  private static let variable = "NATSH_FUZZ_TARGET"

  private static func run(
    _ chosen: FuzzTarget, _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  ) -> Never {
    target = chosen
    var (count, arguments): (Int32, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) = (count, arguments)
    exit(LLVMFuzzerRunDriver(&count, &arguments, runOneInput))
  }

  static func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}

/// Called by libFuzzer for each input. A finding ends the program, which is how libFuzzer learns of it.
private func runOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  let checks = Fuzzer.isThorough ? Checks.all : .some(for: bytes)
  if let finding = Fuzzer.target.finding(in: bytes, checking: checks) {
    Fuzzer.complain(finding)
    abort()
  }
  return 0
}
