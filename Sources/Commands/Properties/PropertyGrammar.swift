// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// The values to which a property can be set.
public enum PropertyGrammar: Hashable, Sendable {
  /// One of some words; the first is the default.
  case words([Word])
  /// `off` or `on`; `first` is the default.
  case onOff(first: Bool)
  /// A router's port assignment: the only values of several words.
  case portAssignment
  /// Addresses, with spaces or commas between them, or `none`.
  case addresses
  /// One address, or `none`.
  case address
  /// Prefixes, with spaces or commas between them, or `none`.
  case prefixes
  /// `off`, or `on` and perhaps the prefix that stands for IPv4 addresses.
  case nat64
  /// `off`, or a prefix.
  case outsidePrefix
  /// `off`, or any of the protocols of port control.
  case portControl
  /// `off`, or protocols whose texts are read, each with `on` or `off`.
  case gateways
  /// A duration, more than zero unless `allowsZero`; or `instead`, a word for a special value.
  case duration(allowsZero: Bool, default: String, instead: String?)
  /// A count of at least one, or `unlimited`.
  case limit
  /// A bit rate, or `unlimited`.
  case rate
  /// A count of bytes from ``leastMTU`` up, or `unlimited`.
  case mtu
  /// A percentage.
  case loss

  /// The length that every link must carry (RFC 791 §3.2).
  static let leastMTU = 68

  /// One of the words, with its short form.
  public struct Word: Hashable, Sendable {
    public let name: String
    public let short: String?
    public let note: String?

    init(_ name: String, short: String? = nil, note: String? = nil) {
      self.name = name
      self.short = short
      self.note = note
    }
  }

  /// The words that it takes; for a duration, a count, a rate or addresses, the words allowed in their place.
  var words: [Word] {
    switch self {
    case .words(let words): words
    case .onOff: [Word("on"), Word("off")]
    case .portAssignment:
      [
        Word("sequential", note: said("one after another, from FIRST")),
        Word("preserve", note: said("the inside port if it is free, else the next free one, or with or-refuse none")),
        Word("overload", note: said("the inside port, shared towards different remotes; of FIRST to LAST only")),
        Word("random", note: said("at random, between FIRST and LAST")),
        Word("blocks", note: said("SIZE consecutive ports for each inside host, between FIRST and LAST")),
      ]
    case .addresses: [Word("none", note: said("only the router's own"))]
    case .address: [Word("none")]
    case .prefixes: [Word("none", note: said("everything is translated"))]
    case .nat64:
      [
        Word("off", note: said("IPv6 hosts reach IPv6 hosts only")),
        Word("on", note: said("under 64:ff9b::/96 they reach IPv4 hosts, or under PREFIX")),
      ]
    case .outsidePrefix: [Word("off", note: said("IPv6 addresses stay as they are"))]
    case .portControl:
      [
        Word("off", note: said("only people at the router make forwards")),
        Word("pcp", note: said("Port Control Protocol, for IPv6 as well")),
        Word("nat-pmp", note: said("NAT Port Mapping Protocol")),
        Word("upnp", note: said("Internet Gateway Device, found by SSDP")),
        Word("lying", note: said("it grants everything and maps nothing")),
      ]
    case .gateways:
      [
        Word("off", note: said("no text is read")),
        Word("sip", note: said("calls: Via, Contact and the media's endpoints, over UDP")),
        Word("ftp", note: said("files: PORT, EPRT and the answers to PASV and EPSV")),
        Word("on", note: said("after the protocol")),
      ]
    case .duration(_, _, let instead): instead.map { [Word($0)] } ?? []
    case .limit, .rate, .mtu: [Word("unlimited")]
    case .loss: []
    }
  }

  /// The words that may come next, after those that are typed.
  func words(after typed: [Token]) -> [Word] {
    if self == .gateways { return gatewayWords(after: typed) }
    guard self == .portControl else { return typed.isEmpty ? words : [] }
    if typed.contains(where: { $0.isKeyword("off") }) { return [] }
    // `off` stands alone, and a router that lies does so in some protocol, which is named first.
    let barred = typed.isEmpty ? "lying" : "off"
    return words.filter { word in word.name != barred && !typed.contains { $0.isKeyword(word.name) } }
  }

  private func gatewayWords(after typed: [Token]) -> [Word] {
    func are(_ names: [String]) -> [Word] { words.filter { names.contains($0.name) } }
    if typed.isEmpty { return are(["off", "sip", "ftp"]) }
    if typed.count.isMultiple(of: 2) {
      return typed.count > 2 ? [] : are(["sip", "ftp"]).filter { word in !typed.contains { $0.isKeyword(word.name) } }
    }
    return typed[0].isKeyword("off") ? [] : are(["on", "off"])
  }

  /// The values it takes, as help shows them; the first is the default.
  public var usage: String {
    switch self {
    case .words(let words): words.map(\.name).joined(separator: " | ")
    case .onOff(let first): first ? "on | off" : "off | on"
    case .portAssignment:
      "sequential [FIRST] | preserve [or-refuse] | overload [FIRST LAST] | random [FIRST LAST] | "
        + "blocks [SIZE [FIRST LAST]]"
    case .addresses: "none | ADDRESS…"
    case .address: "none | ADDRESS"
    case .prefixes: "none | PREFIX…"
    case .nat64: "off | on [PREFIX]"
    case .outsidePrefix: "off | PREFIX"
    case .portControl: "off | pcp nat-pmp upnp [lying]"
    case .gateways: "off | sip off|on | ftp off|on"
    case .duration(_, let standard, let instead):
      (instead.map { "\($0) | DURATION" } ?? "DURATION") + (instead == nil ? " (\(standard))" : "")
    case .limit: "unlimited | N"
    case .rate: "unlimited | RATE"
    case .mtu: "unlimited | BYTES"
    case .loss: "PERCENT (0%)"
    }
  }
}
