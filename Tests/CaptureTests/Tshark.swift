// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport

/// Wireshark without windows, as the judge of captures.
enum Tshark {
  /// Why it cannot judge; nil if it can.
  static let missing: String? = Program.path(of: "tshark") == nil ? "there is no 'tshark'" : nil

  /// Everything that it verifies, and names from nowhere but the file.
  private static let options = [
    "-n", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
  ]

  /// A line for each packet that `filter` lets through, with the fields' values between tabs.
  static func lines(of file: URL, _ fields: [String], where filter: String = "", named: Bool = false) throws -> [String]
  {
    let names = named ? ["-N", "n"] + options.dropFirst() : options
    let outcome = try Program.run(
      "tshark",
      ["-r", file.path(percentEncoded: false)] + names + (filter.isEmpty ? [] : ["-Y", filter])
        + (fields.isEmpty ? [] : ["-T", "fields"] + fields.flatMap { ["-e", $0] }))
    guard outcome.status == 0 else { throw Unreadable(errors: outcome.errors) }
    return outcome.output.split(separator: "\n").map(String.init)
  }

  struct Unreadable: Error { var errors: String }

  /// Packets with a checksum that is wrong, or that are not what they claim to be.
  static let faults = """
    _ws.malformed || ip.checksum.status == "Bad" || udp.checksum.status == "Bad" || tcp.checksum.status == "Bad" \
    || icmp.checksum.status == "Bad" || icmpv6.checksum.status == "Bad"
    """
}

/// A folder in which natsh is run, gone afterwards.
struct Folder: ~Copyable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "natsh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appending(path: name) }

  /// Runs commands in the folder.
  func natsh(_ script: String, _ arguments: [String] = []) throws -> BuiltExecutable.Outcome {
    try BuiltExecutable.run(arguments + ["-"], input: script, folder: url)
  }
}
