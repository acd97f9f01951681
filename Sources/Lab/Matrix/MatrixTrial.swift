// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Shell
import Traversal

/// What is run in each cell.
public struct MatrixPrograms: Sendable {
  /// alice's command, and bob's, for a shell.
  public var command: String
  public var peer: String
  /// The server's; nil leaves it simulated, with STUN at 3478 and a rendezvous at 3480.
  public var server: String?
  /// The time that a cell has, in seconds.
  public var timeLimit: Double

  public init(command: String, peer: String? = nil, server: String? = nil, timeLimit: Double) {
    self.command = command
    self.peer = peer ?? command
    self.server = server
    self.timeLimit = timeLimit
  }
}

/// One cell while it runs: two homes behind routers of two kinds, and a program in each.
final class MatrixTrial: NetworkHolder {
  let first: MatrixKind
  let second: MatrixKind
  private var network: Network
  private(set) var laboratory: Laboratory?
  private var ends: [LabProgram] = []
  private var server: LabProgram?
  private let deadline: Int
  private let begun: Int

  /// Opens the cell's places and starts its programs.
  init(
    _ first: MatrixKind, _ second: MatrixKind, _ programs: MatrixPrograms, seed: UInt64, loop: EventLoop
  ) throws(LabFault) {
    (self.first, self.second) = (first, second)
    begun = RealTime.milliseconds()
    deadline = begun + Int(programs.timeLimit * 1_000)
    var place: MatrixPlace
    do throws(BuildError) { place = try MatrixPlace(first, second, seed: seed) } catch { throw .noNetwork }
    if programs.server == nil { place.serve() }
    network = place.network
    // Nobody looks at the packets of a cell afterwards.
    network.isTracing = false
    let names = place.hosts.map { place.network.device($0).name }
    let serverName = place.network.device(place.server).name
    let address = place.network.addresses(of: place.server).first?.description ?? ""
    let laboratory = Laboratory(self, loop: loop)
    self.laboratory = laboratory
    do throws(LabFault) {
      func start(_ command: String, on name: String, peer: String, router: MatrixKind) throws(LabFault) -> LabProgram {
        try laboratory.start(
          ["/bin/sh", "-c", command], in: try laboratory.place(named: name), .collected,
          environment: [
            "NATSH_SELF": name, "NATSH_PEER": peer, "NATSH_SERVER": address, "NATSH_NAT": router.name,
            "NATSH_CELL": "\(first.name) \(second.name)",
          ])
      }
      if let command = programs.server {
        server = try start(command, on: serverName, peer: "", router: first)
      }
      for (index, command) in [programs.command, programs.peer].enumerated() {
        ends.append(
          try start(command, on: names[index], peer: names[1 - index], router: index == 0 ? first : second))
      }
    } catch {
      laboratory.end()
      throw error
    }
  }

  func changeNetwork<Result>(_ body: (inout Network) -> Result) -> Result { body(&network) }

  /// Whether both ends have ended, or their time is up.
  var isOver: Bool { ends.allSatisfy { $0.status != nil } || RealTime.milliseconds() >= deadline }

  /// Nanoseconds until its time is up.
  var nanosecondsLeft: Int64 { Int64(max(0, deadline - RealTime.milliseconds())) * 1_000_000 }

  /// What came of it; its places end.
  func finish() -> MatrixOutcome {
    let isLate = ends.contains { $0.status == nil }
    let outcome = MatrixOutcome(
      a: first.name, b: second.name,
      statuses: ends.map { $0.status.map { Int($0) } }, isLate: isLate,
      outputs: ends.map(\.outputText), serverOutput: server?.outputText,
      milliseconds: RealTime.milliseconds() - begun)
    laboratory?.end()
    laboratory = nil
    return outcome
  }
}

/// What came of a cell.
struct MatrixOutcome: Encodable, Sendable {
  var a: String
  var b: String
  /// The exit statuses of alice's program and bob's; nil for one that had not ended in time.
  var statuses: [Int?]
  var isLate: Bool
  var outputs: [String]
  var serverOutput: String?
  var milliseconds: Int
  /// What natsh's own peers achieve there; nil if nobody asked.
  var expected: Bool?

  /// Whether both programs have succeeded.
  var isThrough: Bool { statuses.allSatisfy { $0 == 0 } }
  /// Whether that is what was wanted: everything, or what natsh's own peers achieve.
  var isAsWanted: Bool { isThrough == (expected ?? true) }

  private enum CodingKeys: String, CodingKey {
    case a, b, statuses, through, wanted
    case isLate = "timed_out"
    case outputs
    case serverOutput = "server_output"
    case milliseconds = "ms"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(a, forKey: .a)
    try container.encode(b, forKey: .b)
    try container.encode(isThrough, forKey: .through)
    try container.encode(expected ?? true, forKey: .wanted)
    try container.encode(statuses, forKey: .statuses)
    try container.encode(isLate, forKey: .isLate)
    try container.encode(outputs, forKey: .outputs)
    try container.encodeIfPresent(serverOutput, forKey: .serverOutput)
    try container.encode(milliseconds, forKey: .milliseconds)
  }
}
