// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Lists the words that fit one place of a command.
struct CompletionSource {
  let catalog: Catalog
  let names: any NameContext
  let matcher: ParameterMatcher

  /// All words that may stand there; the typed part only decides between a name and a name with its port.
  func candidates(for expectation: ParameterMatcher.Expectation, typed: String) -> [Completions.Candidate] {
    switch expectation {
    case .word(let word): [.init(word)]
    case .property(let kind):
      Property.all(of: kind).map { .init($0.name, note: $0.summary) }
    case .propertyValue(let property, let tokens): Self.words(of: property.grammar, after: tokens)
    case .value(let kind): candidates(of: kind, typed: typed)
    }
  }

  private func candidates(of kind: ArgumentKind, typed: String) -> [Completions.Candidate] {
    switch kind {
    case .device(let kinds): fitting(typed, kinds).map { .init($0, note: note(on: $0)) }
    case .endpoint(let kinds): endpoints(kinds, typed: typed)
    case .preset: Self.words(of: Properties.preset.property.grammar, after: [])
    case .scene: names.sceneNames.map { .init($0) }
    case .word(let words): words.map { .init($0) }
    case .listed(let list): names.listedWords(list)
    case .helpSubject: catalog.helpSubjects.map { .init($0) }
    case .forwardedPort(let label): forwardedPorts(label)
    case .newName, .label, .address, .prefix, .port, .ports, .duration, .rate, .count, .timeToLive, .text, .property,
      .propertyValue, .file, .seed:
      []
    }
  }

  /// Names first, left open for a port unless the whole name is typed; after `NAME:` the ports known of it.
  private func endpoints(_ kinds: DeviceKinds, typed: String) -> [Completions.Candidate] {
    if let colon = typed.firstIndex(of: ":"), let device = names.device(named: String(typed[..<colon])),
      kinds.includes(device.kind)
    {
      return names.knownPorts(of: device.name).map { .init("\(typed[..<colon]):\($0)") }
    }
    let devices = fitting(typed, kinds).map { name in
      Completions.Candidate(name, note: note(on: name), appendsSpace: typed.matches(name))
    }
    guard kinds.contains(.routers) else { return devices }
    let asked = kinds.contains(.asked) ? names.knownNames.filter { $0.begins(with: typed) } : []
    return devices + asked.map { .init($0, appendsSpace: typed.matches($0)) } + names.knownEndpoints.map { .init($0) }
  }

  /// The devices whose names begin with the typed part.
  private func fitting(_ typed: String, _ kinds: DeviceKinds) -> [String] {
    names.deviceNames(kinds).filter { $0.begins(with: typed) }
  }

  /// The forwarded ports of the router whose forwarding is to be removed.
  private func forwardedPorts(_ label: String) -> [Completions.Candidate] {
    guard let router = matcher.device(label) else { return [] }
    return names.forwardedPorts(of: router.name).map { .init("\($0)") }
  }

  private func note(on name: String) -> String? { names.device(named: name)?.kind.rawValue }

  /// The words that may come next in a property's value.
  private static func words(of grammar: PropertyGrammar, after tokens: [Token]) -> [Completions.Candidate] {
    grammar.words(after: tokens).map { .init($0.name, note: $0.note) }
  }
}
