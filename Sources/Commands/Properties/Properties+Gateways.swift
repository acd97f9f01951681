// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// Switches of application level gateways: those that are named are on or off, the others stay as they are.
public struct GatewaySwitches: Hashable, Sendable {
  public var named: ApplicationGateways
  public var on: ApplicationGateways

  /// All of them.
  public init(_ on: ApplicationGateways) { self.init(named: Self.all, on: on) }

  init(named: ApplicationGateways, on: ApplicationGateways) {
    self.named = named
    self.on = on
  }

  static let all: ApplicationGateways = [.sip, .ftp]
  static let words: [(word: String, gateway: ApplicationGateways)] = [("sip", .sip), ("ftp", .ftp)]

  /// What `set` takes: of a router's own value, only what is on.
  var text: String {
    if named == Self.all, on.isEmpty { return "off" }
    return Self.words.compactMap { word, gateway in
      guard named.contains(gateway), named != Self.all || on.contains(gateway) else { return nil }
      return "\(word) \(on.contains(gateway) ? "on" : "off")"
    }.joined(separator: " ")
  }
}

/// What a router reads of the texts that pass.
extension Properties {
  public static let gateways = TypedProperty<GatewaySwitches>(
    axis: "alg", .gateways,
    said(
      "Whether the router reads the text of FTP (TCP port 21) and SIP (UDP port 5060), and writes outside endpoints where ",
      "it names inside ones: an application level gateway (RFC 2663 §2.9)."), said("for new packets"),
    get: { GatewaySwitches($0.gateways) }, set: { $0.gateways = $0.gateways.subtracting($1.named).union($1.on) })
}

extension PropertyReader {
  /// `off`, or a protocol and `on` or `off`, perhaps for both.
  func gateways() throws(SyntaxError) -> GatewaySwitches {
    try checkCount(4)
    let protocols = GatewaySwitches.words.map(\.word)
    var switches = GatewaySwitches(named: [], on: [])
    var place = 0
    while place < tokens.count {
      let (token, word) = (tokens[place], property.grammar.words[try indexOfWord(tokens[place])].name)
      if word == "off" {
        try checkCount(place == 0 ? 1 : place)
        return GatewaySwitches([])
      }
      guard let index = protocols.firstIndex(of: word) else { throw unknown(token, of: property.name, protocols) }
      let gateway = GatewaySwitches.words[index].gateway
      guard place + 1 < tokens.count else {
        throw SyntaxError(.missingArgument(label: "on|off", after: nil, usage: usage), column: token.columns.upperBound)
      }
      let state = tokens[place + 1]
      guard state.isKeyword("on") || state.isKeyword("off") else {
        throw unknown(state, of: "\(property.name) \(word)", ["on", "off"])
      }
      if switches.named.contains(gateway) { throw SyntaxError(.unexpectedWord(token.text, usage: usage), at: token) }
      switches.named.insert(gateway)
      if state.isKeyword("on") { switches.on.insert(gateway) }
      place += 2
    }
    return switches
  }

  private func unknown(_ token: Token, of name: String, _ allowed: [String]) -> SyntaxError {
    SyntaxError(
      .unknownValue(token.text, of: name, allowed: allowed), at: token,
      suggestion: Nearest.candidate(to: token.text, among: allowed))
  }
}
