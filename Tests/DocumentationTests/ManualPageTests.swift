// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

/// What is installed beside the program says what the program does.
struct ManualPageTests {
  private static let path = "docs/natsh.1"

  @Test func theManualHasTheProgramsOptionsAndSubcommands() throws {
    let declared = try ManualPage(dump: BuiltExecutable.run(["--experimental-dump-help"]).output).text
    let manual = try Repository.text(of: Self.path)
    let begin = try #require(manual.range(of: ManualPage.begin + "\n"))
    let end = try #require(manual.range(of: "\n" + ManualPage.end))
    #expect(declared.contains(".SS natsh hand-in LESSON [FILE]"))
    if Repository.isRecording {
      try Repository.write(
        manual.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: declared), to: Self.path)
    } else {
      #expect(String(manual[begin.upperBound..<end.lowerBound]) == declared)
    }
  }

  /// Whatever variable of the environment the sources read is in the manual.
  @Test func theManualHasTheEnvironment() throws {
    let manual = try Repository.text(of: Self.path)
    let read = try Repository.files(below: "Sources", endingIn: [".swift"]).flatMap { path in
      try Repository.text(of: path).matches(of: /Environment\["([A-Z_]+)"\]/).map { String($0.1) }
    }
    #expect(read.contains("NATSH_LESSONS"))
    for name in Set(read) { #expect(manual.contains("\n.B \(name)\n"), "\(Self.path) says nothing of \(name)") }
  }

  @Test func theManualIsOfThisVersion() throws {
    let version = try BuiltExecutable.run(["--version"]).output.split(separator: " ").last?.dropLast()
    #expect(try Repository.text(of: Self.path).contains("\"natsh \(version ?? "")\""))
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowEverySubcommand(shell: String) throws {
    let script = try BuiltExecutable.run(["--generate-completion-script", shell])
    #expect(script.status == 0)
    for word in ["lesson", "grade", "hand-in", "class", "demo", "check", "keep-going", "natsh"] {
      #expect(script.output.contains(word), "\(shell): \(word)")
    }
  }

  @Test func lessonsAreCompletedFromTheirFiles() throws {
    let answer = try BuiltExecutable.run(["---completion", "lesson", "run", "--", "positional@0", "0", "0"])
    #expect(answer.output.split(separator: "\n").contains("keep-it-open"), "\(answer)")
  }

  @Test(arguments: [
    ("natsh ha", "hand-in"), ("natsh lesson ch", "check"), ("natsh tour", "tour.natsh"),
    ("natsh --keep", "--keep-going"),
    ("natsh demo --theme con", "contrast"),
  ])
  func bashCompletesWhatIsTyped(line: String, expected: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "natsh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data().write(to: folder.appending(path: "tour.natsh"))
    try Data().write(to: folder.appending(path: "tour.txt"))
    let completions = try BuiltExecutable.run(["--generate-completion-script", "bash"]).output
    let words = line.split(separator: " ").map(String.init)
    let script =
      completions + """

        cd '\(folder.path(percentEncoded: false))'
        COMP_WORDS=(\(words.joined(separator: " "))) COMP_CWORD=\(words.count - 1)
        COMP_LINE='\(line)' COMP_POINT=\(line.utf8.count)
        read -r function < <(complete -p natsh | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        "$function" natsh '\(words.last ?? "")' '\(words.dropLast().last ?? "")'
        printf '%s\\n' "${COMPREPLY[@]}"
        """
    let outcome = try Program.run("bash", ["-c", script])
    let replies = outcome.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(replies == [expected], "\(outcome.errors)")
  }
}
