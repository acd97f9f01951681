// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import NATModel
import TestSupport
import WireFormat

/// A packet that came out of a router, and where.
struct Emission: Hashable {
  var side: Side
  var packet: Packet
}

/// A Linux router that masquerades, in a network namespace of its own: what Tests/NetfilterRouter makes and serves.
///
/// Packets go in and come out as bytes; one goes in only when everything that the one before it caused has come out.
final class KernelRouter {
  /// The reason why the kernel's side of a test failed.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()
  private var buffer: [UInt8] = []
  private var position = 0

  /// - Parameter parameters: kernel parameters below `net/`, such as `netfilter/nf_conntrack_udp_timeout`.
  init(parameters: [String: Int] = [:], setup: Setup = .plain) throws {
    // A process that has ended is reported by an error, not by a signal.
    signal(SIGPIPE, SIG_IGN)
    let errors = FileManager.default.temporaryDirectory.appending(path: "natsh-\(UUID().uuidString)")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.executableURL = BuiltExecutable.url.deletingLastPathComponent().appending(path: "NetfilterRouter")
    process.arguments =
      [World.outside.description, World.inside.description, World.prefix.description]
      + parameters.map { "\($0.key)=\($0.value)" }.sorted() + setup.options
    process.environment = ["PATH": Program.folders.joined(separator: ":"), "LC_ALL": "C.UTF-8"]
    process.standardInput = requests
    process.standardOutput = answers
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    // The far ends are the process's alone, so that each end's close is seen.
    try requests.fileHandleForReading.close()
    try answers.fileHandleForWriting.close()
    guard try nextByte() == UInt8(ascii: "R") else {
      throw Failure(description: String(decoding: (try? Data(contentsOf: errors)) ?? Data(), as: UTF8.self))
    }
  }

  /// Ends the process, and with it the namespaces.
  deinit {
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Puts `packet` on one of the router's links; returns all that comes out because of it.
  func inject(_ packet: Packet, from side: Side) throws -> [Emission] {
    try ask(side == .inside ? "i" : "o", try packet.encoded()).map { part in
      do {
        return Emission(
          side: part.kind == UInt8(ascii: "i") ? .inside : .outside, packet: try Packet(decoding: part.bytes))
      } catch {
        let bytes = part.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        throw Failure(description: "what came out for \(packet) cannot be read: \(error): \(bytes)")
      }
    }
  }

  /// Adds a forward, which must not exist yet, or removes one.
  func change(_ change: ForwardChange) throws {
    let value = change.target.map { " : \($0.address) . \($0.port)" } ?? ""
    let element = "forward_\(change.transport.name) { \(change.port)\(value) }"
    _ = try ask(change.target == nil ? "d" : "a", Array(element.utf8))
  }

  /// Removes all forwards.
  func forgetForwards() throws { _ = try ask("z", []) }

  /// Ends all connections at once.
  func forgetConnections() throws { _ = try ask("f", []) }

  /// The lines of the table, as the kernel prints it, that contain `text`; expired flows are collected.
  func connections(with text: String) throws -> String { try self.text("t", Array(text.utf8)) }

  /// The value of a kernel parameter below `net/`.
  func parameter(_ name: String) throws -> Int? {
    Int(try text("g", Array(name.utf8)).trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private func text(_ kind: Character, _ bytes: [UInt8]) throws -> String {
    String(decoding: try ask(kind, bytes).flatMap(\.bytes), as: UTF8.self)
  }

  private func ask(_ kind: Character, _ bytes: [UInt8]) throws -> [(kind: UInt8, bytes: [UInt8])] {
    let request = [kind.asciiValue ?? 0, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
    try request.withUnsafeBytes { whole in
      var left = whole[...]
      while !left.isEmpty {
        let written = write(
          requests.fileHandleForWriting.fileDescriptor, UnsafeRawBufferPointer(rebasing: left).baseAddress, left.count)
        guard written > 0 else { throw Failure(description: "the router's process takes no more requests") }
        left = left.dropFirst(written)
      }
    }
    var parts: [(kind: UInt8, bytes: [UInt8])] = []
    while true {
      let kind = try nextByte()
      if kind == UInt8(ascii: ".") { return parts }
      let length = Int(try nextByte()) << 8 | Int(try nextByte())
      var bytes: [UInt8] = []
      bytes.reserveCapacity(length)
      for _ in 0..<length { bytes.append(try nextByte()) }
      if kind == UInt8(ascii: "x") { throw Failure(description: String(decoding: bytes, as: UTF8.self)) }
      parts.append((kind, bytes))
    }
  }

  private func nextByte() throws -> UInt8 {
    if position == buffer.count {
      buffer = try [UInt8](unsafeUninitializedCapacity: 65_536) { room, count in
        count = max(0, read(answers.fileHandleForReading.fileDescriptor, room.baseAddress, room.count))
        if count == 0 { throw Failure(description: "the router's process has ended") }
      }
      position = 0
    }
    position += 1
    return buffer[position - 1]
  }
}
