// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Lessons
import Shell

/// What the completion scripts for bash, zsh and fish offer.
extension CompletionKind {
  /// A file of commands.
  static var script: Self { .file(extensions: ["natsh"]) }

  /// A lesson's id, asked of natsh each time.
  static var lesson: Self {
    .custom { _, _, _ in
      guard let folder = LessonFolder.find(nil) else { return [] }
      return LessonLibrary(folder: folder, files: .system).lessons.map(\.id)
    }
  }
}

/// The program as the completion scripts and the manual see it: with its options and its subcommands.
struct Description: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Options.configuration.commandName, abstract: Options.configuration.abstract,
    subcommands: Subcommands.all)

  @OptionGroup var flags: Flags

  /// Whether an argument asks for a description of the program, for other programs.
  static func isAsked(_ argument: String) -> Bool {
    let names = ["--generate-completion-script", "--experimental-dump-help", "---completion"]
    return names.contains { argument == $0 || argument.hasPrefix($0 + "=") }
  }

  /// Prints that description.
  static func explain(_ arguments: [String]) -> ExitStatus {
    do {
      _ = try parseAsRoot(arguments)
      return .wrongCall
    } catch {
      guard exitCode(for: error).isSuccess else { return explain(error) }
      let output = OutputChannel(descriptor: OutputChannel.standardOutputDescriptor)
      output.writeLine(offeringScripts(fullMessage(for: error)))
      return .success
    }
  }

  /// Where a subcommand's name may stand, a script may as well.
  private static func offeringScripts(_ text: String) -> String {
    let names = Subcommands.all.compactMap { $0.configuration.commandName }.joined(separator: " ")
    let bash = "        COMPREPLY+=($(compgen -W '\(names) help' -- \"${cur}\"))\n"
    let zsh = "        _describe -V subcommand subcommands && ret=0\n"
    if text.contains(bash) {
      return text.replacing(bash, with: bash + "        __natsh_add_completions -o plusdirs -fX '!*.natsh'\n")
    }
    if let place = text.firstRange(of: zsh) {
      return text[..<place.upperBound] + "        _files -g '*.natsh' && ret=0\n" + text[place.upperBound...]
    }
    guard text.contains("complete -c 'natsh'") else { return text }
    return text + """

      complete -c 'natsh' -n '__natsh_should_offer_completions_for_flags_or_options "natsh"' \
          -fa '(__fish_complete_suffix .natsh)'
      """
  }
}
