// SPDX-License-Identifier: GPL-3.0-or-later

/// Code that is fed with bytes that nobody would write on purpose.
///
/// A target is a function from bytes to a description of whatever went wrong with them. The fuzzer varies the bytes;
/// the ordinary tests run those that are kept in Tests/Corpus.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// Lines of the command language, carried out in a session with all commands, their results as text and as JSON.
  case commands
  /// A lesson's file, read, proved and played.
  case lessons
  /// A packet's bytes.
  case packets
  /// A NAT's behaviour and history, checked against the reference.
  case nat
  /// A STUN message's bytes.
  case stun
  /// What a TURN server is sent.
  case turn
  /// Bytes of NAT-PMP, PCP or UPnP.
  case portControl = "port-control"
  /// A capture file's bytes, read, replayed and made into a network.
  case captures

  /// The fault that `bytes` bring to light; nil if there is none. A crash is a finding too.
  package func finding(in bytes: [UInt8], checking checks: Checks = .all) -> String? {
    switch self {
    case .commands: CommandsTarget.finding(in: bytes, checking: checks)
    case .lessons: LessonsTarget.finding(in: bytes, checking: checks)
    case .packets: PacketsTarget.finding(in: bytes)
    case .nat: NATTarget.finding(in: bytes)
    case .stun: STUNTarget.finding(in: bytes)
    case .turn: TURNTarget.finding(in: bytes)
    case .portControl: PortControlTarget.finding(in: bytes)
    case .captures: CapturesTarget.finding(in: bytes)
    }
  }

  /// Words that make sense to the target, as lines of a libFuzzer dictionary.
  package var dictionary: [String] {
    let words: [String] =
      switch self {
      case .commands: CommandsTarget.words
      case .lessons: LessonsTarget.words
      case .packets, .nat, .stun, .turn, .portControl, .captures: []
      }
    return words.map { word in
      let escaped = word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\x0a")
      return "\"\(escaped)\""
    }
  }

  /// The longest inputs worth trying, in bytes.
  package var longest: Int {
    switch self {
    case .commands: 1_024
    case .lessons: 4_096
    case .packets: 1_600
    case .nat, .stun, .turn, .portControl, .captures: 1_024
    }
  }
}
