// SPDX-License-Identifier: GPL-3.0-or-later

/// Every property that `set` can change. `ports` is one of a router and another of a host.
public enum Property: Hashable, Sendable, CaseIterable {
  case preset, mapping, filtering, portAssignment, parity, hairpinning, pooling, addresses, refresh
  case udpTimeout, udpStreamTimeout, tcpEstablishedTimeout, tcpTransitoryTimeout, icmpTimeout
  case maximumMappings, maximumMappingsPerHost, rejects, firewall, nat
  case hostPorts
  case delay, rate, loss

  /// How it is written, what it takes and what it means.
  public var declaration: PropertyDeclaration { PropertyDeclaration.declaration(of: self) }
}

/// Whose property it is.
public enum PropertyOwner: String, Hashable, Sendable {
  case router
  case host
  /// Of hosts and routers alike.
  case any

  /// Whether a device of `kind` has it.
  public func includes(_ kind: DeviceKind) -> Bool {
    switch self {
    case .router: kind == .router
    case .host: kind == .host
    case .any: kind != .internet
    }
  }
}

/// A property as `set` reads it, help explains it, completion offers it and `show` prints it.
public struct PropertyDeclaration: Hashable, Sendable {
  public let property: Property
  public let name: String
  public let owner: PropertyOwner
  public let grammar: PropertyGrammar
  /// What it decides.
  public let summary: String
  /// When a change takes hold on a network that is running.
  public let takesHold: String

  /// The property called `name` of a device of `kind`, in any case.
  public static func named(_ name: String, of kind: DeviceKind) -> PropertyDeclaration? {
    all.first { $0.owner.includes(kind) && $0.name.matches(name) }
  }

  /// The properties that a device of `kind` has, in the order in which they are shown.
  public static func all(of kind: DeviceKind) -> [PropertyDeclaration] {
    all.filter { $0.owner.includes(kind) }
  }

  /// The properties of that name, whoever has them.
  static func all(named name: String) -> [PropertyDeclaration] {
    all.filter { $0.name.matches(name) }
  }

  static func declaration(of property: Property) -> PropertyDeclaration {
    let found = all.first { $0.property == property }
    // A test holds the table to every case; the empty declaration is never seen.
    return found ?? PropertyDeclaration(property, "", .any, .onOff(first: false), "", "")
  }

  init(
    _ property: Property, _ name: String, _ owner: PropertyOwner, _ grammar: PropertyGrammar, _ summary: String,
    _ takesHold: String
  ) {
    self.property = property
    self.name = name
    self.owner = owner
    self.grammar = grammar
    self.summary = summary
    self.takesHold = takesHold
  }
}

/// What a property can be set to.
public enum PropertyGrammar: Hashable, Sendable {
  /// One of some words; the first is the default.
  case words([Word])
  /// `off` or `on`; `first` is the default.
  case onOff(first: Bool)
  /// A router's port assignment: the only values of several words.
  case portAssignment
  /// Addresses, with spaces or commas between them, or `none`.
  case addresses
  /// A duration; of more than zero unless said; or `instead`, a word that stands for another.
  case duration(allowsZero: Bool, default: String, instead: String?)
  /// A count of one at least, or `unlimited`.
  case limit
  /// A bit rate, or `unlimited`.
  case rate
  /// A percentage.
  case loss

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

  /// What it takes, as help shows it; the first is the default.
  public var usage: String {
    switch self {
    case .words(let words): words.map { $0.short == nil ? $0.name : "\($0.name)" }.joined(separator: " | ")
    case .onOff(let first): first ? "on | off" : "off | on"
    case .portAssignment: "sequential [FIRST] | preserve | overload | random [FIRST LAST]"
    case .addresses: "none | ADDRESS…"
    case .duration(_, let standard, let instead):
      (instead.map { "\($0) | DURATION" } ?? "DURATION") + (instead == nil ? " (\(standard))" : "")
    case .limit: "unlimited | N"
    case .rate: "unlimited | RATE"
    case .loss: "PERCENT (0%)"
    }
  }
}
