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
  private let programs: MatrixPrograms
  private let names: [String]
  private let address: String
  private var ends: [LabProgram] = []
  private var server: StartingServer?
  private let begun = RealTime.milliseconds()

  /// Opens the cell's places and starts its programs, the server's first.
  init(
    _ first: MatrixKind, _ second: MatrixKind, _ programs: MatrixPrograms, seed: UInt64, loop: EventLoop
  ) throws(LabFault) {
    (self.first, self.second, self.programs) = (first, second, programs)
    var place: MatrixPlace
    do throws(BuildError) { place = try MatrixPlace(first, second, seed: seed) } catch { throw .noNetwork }
    if programs.server == nil { place.serve() }
    network = place.network
    // Nobody looks at the packets of a cell afterwards.
    network.isTracing = false
    names = place.hosts.map { place.network.device($0).name }
    address = place.network.addresses(of: place.server).first?.description ?? ""
    let laboratory = Laboratory(self, loop: loop)
    self.laboratory = laboratory
    do throws(LabFault) {
      guard let command = programs.server else {
        try startEnds()
        return
      }
      let host = try laboratory.place(named: place.network.device(place.server).name)
      server = try StartingServer(
        Self.words(command), in: host, of: laboratory, .collected,
        environment: environment(of: host.name, peer: "", router: "none"), patience: 2_000)
      laboratory.attention = StartingServer.attention
    } catch {
      laboratory.end()
      throw error
    }
  }

  /// Starts the two ends once the server listens.
  func goOn() throws(LabFault) {
    guard ends.isEmpty, let server, server.isSettled else { return }
    laboratory?.attention = nil
    try startEnds()
  }

  private func startEnds() throws(LabFault) {
    let commands = [programs.command, programs.peer]
    for (index, kind) in [first, second].enumerated() {
      ends.append(try start(commands[index], on: names[index], peer: names[1 - index], router: kind.name))
    }
  }

  private func start(_ command: String, on name: String, peer: String, router: String) throws(LabFault) -> LabProgram {
    guard let laboratory else { throw .placeGone(name) }
    return try laboratory.start(
      Self.words(command), in: try laboratory.place(named: name), .collected,
      environment: environment(of: name, peer: peer, router: router))
  }

  private static func words(_ command: String) -> [String] { ["/bin/sh", "-c", command] }

  private func environment(of name: String, peer: String, router: String) -> [String: String] {
    [
      "NATSH_SELF": name, "NATSH_PEER": peer, "NATSH_SERVER": address, "NATSH_NAT": router,
      "NATSH_CELL": "\(first.name) \(second.name)",
    ]
  }

  func changeNetwork<Result>(_ body: (inout Network) -> Result) -> Result { body(&network) }

  func look() {}

  /// Whether both ends have ended, or their time is up.
  var isOver: Bool { !ends.isEmpty && ends.allSatisfy { $0.status != nil } || nanosecondsLeft == 0 }

  /// Nanoseconds until its time is up.
  var nanosecondsLeft: Int64 {
    Int64(max(0, begun + Int(programs.timeLimit * 1_000) - RealTime.milliseconds())) * 1_000_000
  }

  /// What came of it; its places end.
  func finish() -> MatrixOutcome {
    let isLate = ends.isEmpty || ends.contains { $0.status == nil }
    for program in ends + [server?.program].compactMap(\.self) { _ = program.takeOutput() }
    let outcome = MatrixOutcome(
      a: first.name, b: second.name,
      statuses: ends.map { $0.status.map { Int($0) } }, isLate: isLate,
      outputs: ends.map(\.outputText), serverOutput: server?.program.outputText,
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
  var isThrough: Bool { !statuses.isEmpty && statuses.allSatisfy { $0 == 0 } }
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
