// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One end's description of itself for the other: credentials and candidates, in lines as in SDP (RFC 8839 §5).
public struct ICEDescription: Hashable, Sendable {
  public var credentials: ICEAgent.Credentials
  public var candidates: [ICECandidate]
  /// Candidates that give a name in place of the host's address.
  var named: [ICENames.Candidate] = []
  /// Whether there will be no more candidates (RFC 8838 §8).
  public var isComplete: Bool

  public init(credentials: ICEAgent.Credentials, candidates: [ICECandidate], isComplete: Bool) {
    self.credentials = credentials
    self.candidates = candidates
    self.isComplete = isComplete
  }

  /// The lines.
  public var text: String {
    var lines = ["ice-ufrag:\(credentials.fragment)", "ice-pwd:\(credentials.password)"]
    lines += named.map { "candidate:\($0.foundation) 1 udp \($0.priority) \($0.name) \($0.port) typ host" }
    lines += candidates.map { candidate in
      let address = candidate.address
      var line =
        "candidate:\(candidate.foundation) 1 udp \(candidate.priority) \(address.address) \(address.port) typ \(candidate.type.rawValue)"
      if candidate.base != address { line += " raddr \(candidate.base.address) rport \(candidate.base.port)" }
      return line
    }
    if isComplete { lines.append("end-of-candidates:") }
    return lines.joined(separator: "\n")
  }

  /// Reads the lines; nil without credentials. An unknown line is skipped (RFC 8839 §5.1).
  public init?(_ text: String) {
    var (fragment, password): (String?, String?) = (nil, nil)
    candidates = []
    isComplete = false
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = String(line[line.index(after: colon)...])
      switch line[..<colon] {
      case "ice-ufrag": fragment = value
      case "ice-pwd": password = value
      case "end-of-candidates": isComplete = true
      case "candidate":
        guard candidates.count + named.count < 100 else { continue }
        if let candidate = Self.candidate(value) {
          candidates.append(candidate)
        } else if let candidate = Self.named(value) {
          named.append(candidate)
        }
      default: continue
      }
    }
    guard let fragment, let password, !fragment.isEmpty, !password.isEmpty else { return nil }
    credentials = ICEAgent.Credentials(fragment: fragment, password: password)
  }

  private static func candidate(_ text: String) -> ICECandidate? {
    guard let parts = Parts(text), let address = IPAddress(parts.address) else { return nil }
    let endpoint = Endpoint(address, parts.port)
    return ICECandidate(
      parts.type, endpoint, base: endpoint, priority: parts.priority, foundation: parts.foundation)
  }

  /// A host's candidate with a name of the local link; no other name is looked for.
  private static func named(_ text: String) -> ICENames.Candidate? {
    guard let parts = Parts(text), parts.type == .host, parts.address.hasSuffix(".local"), parts.address.utf8.count < 64
    else { return nil }
    return ICENames.Candidate(
      name: parts.address, port: parts.port, priority: parts.priority, foundation: parts.foundation)
  }

  /// A candidate's line, taken apart.
  private struct Parts {
    var foundation: String
    var priority: UInt32
    var address: String
    var port: UInt16
    var type: ICECandidate.Kind

    init?(_ text: String) {
      let words = text.split(separator: " ").map(String.init)
      guard words.count >= 8, words[1] == "1", words[2] == "udp", let priority = UInt32(words[3]), priority > 0,
        priority < 1 << 31, let port = UInt16(words[5]), words[6] == "typ",
        let type = ICECandidate.Kind(rawValue: words[7])
      else { return nil }
      (foundation, self.priority, address) = (words[0], priority, words[4])
      (self.port, self.type) = (port, type)
    }
  }
}
