// SPDX-License-Identifier: GPL-3.0-or-later

import Lessons
import Wording

/// The language in which the program speaks, and where its translations are.
public enum SpokenLanguage {
  /// Bytes in the largest file of translations that is read.
  private static let largest = 8 << 20
  private static let ending = ".po"

  /// Chooses the language for the whole program: `NATSH_LANG`, else the machine's `LC_ALL`, `LC_MESSAGES` or `LANG`.
  ///
  /// The program speaks English if there is no translation. Only somebody who asked for one by `NATSH_LANG` is told;
  /// a file that cannot be used is always told of.
  public static func choose() {
    let asked = Environment["NATSH_LANG"].flatMap { $0.isEmpty ? nil : $0 }
    guard let locale = asked ?? machines else { return }
    let codes = Self.codes(of: locale)
    guard !codes.isEmpty else { return }
    for code in codes {
      guard let path = path(of: code) else { continue }
      do throws(LessonFiles.Failure) {
        let bytes = try SystemLessonFiles.bytes(at: path, atMost: largest)
        do throws(PhrasebookError) {
          Phrasebook.choose(try Phrasebook(language: code, po: bytes))
        } catch {
          tell("\(path):\(error.line): \(error.message); natsh goes on in English")
        }
      } catch {
        tell("cannot read '\(path)': \(error.message); natsh goes on in English")
      }
      return
    }
    guard let asked else { return }
    let known = available.map { ", " + $0 }.joined()
    tell("NATSH_LANG: there is no translation '\(asked)'; there are en\(known)")
  }

  /// The machine's language, as the C library chooses it.
  private static var machines: String? {
    ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { Environment[$0] }.first { !$0.isEmpty }
  }

  /// The codes by which a locale's file can be called, the most exact one first: `de_AT` and `de` for `de_AT.UTF-8`.
  /// None for English, which needs no file, and for what is not a locale.
  static func codes(of locale: String) -> [String] {
    let name = String(locale.prefix { $0 != "." && $0 != "@" }.map { $0 == "-" ? "_" : $0 })
    let language = String(name.prefix { $0 != "_" }).lowercased()
    let isCode = (2...3).contains(language.utf8.count) && language.utf8.allSatisfy { (97...122).contains($0) }
    // Whatever else is in the name would be a path.
    guard name.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || (48...57).contains($0) || (65...90).contains($0 & 0xDF) })
    else { return [] }
    if language == "en" || ["c", "posix"].contains(name.lowercased()) { return [] }
    guard isCode else { return language.isEmpty ? [] : [language] }
    return name == language ? [language] : [name, language]
  }

  private static func path(of code: String) -> String? {
    folders.lazy.map { $0 + "/" + code + ending }.first { SystemLessonFiles.realPath($0) != nil }
  }

  /// The codes of the languages that there are besides English.
  static var available: [String] {
    let names = folders.flatMap { (try? SystemLessonFiles.names(in: $0, ending: ending)) ?? [] }
    return Set(names.map { String($0.dropLast(ending.count)) }).sorted()
  }

  /// Where translations can be: `NATSH_TRANSLATIONS`, else `./translations` and `PREFIX/share/natsh/translations`,
  /// where PREFIX/bin/natsh is the program.
  private static var folders: [String] {
    if let named = Environment["NATSH_TRANSLATIONS"], !named.isEmpty { return [named] }
    return ["translations"] + (LessonFolder.shared.map { [$0 + "/translations"] } ?? [])
  }

  private static func tell(_ message: String) {
    OutputChannel(descriptor: OutputChannel.standardErrorDescriptor).writeMessage("natsh: \(message)")
  }
}
