// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The machine of a run, in a sentence.
enum Machine {
  static var description: String {
    let cores = ProcessInfo.processInfo.processorCount
    let memory = Double(ProcessInfo.processInfo.physicalMemory) / 1_073_741_824
    let date = Date().formatted(.iso8601.year().month().day())
    return "Measured on \(date): \(processor), \(cores) cores, \(whole(memory)) GiB of memory, \(system)."
  }

  private static var processor: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "a processor that does not tell its name"
  }

  private static var system: String {
    let release = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8))?.split(separator: "\n") ?? []
    let name = release.first { $0.hasPrefix("PRETTY_NAME=") }?.dropFirst(12).filter { $0 != "\"" }
    return name.map { String($0) } ?? ProcessInfo.processInfo.operatingSystemVersionString
  }
}
