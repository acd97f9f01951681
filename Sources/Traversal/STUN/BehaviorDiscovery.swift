// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// RFC 5780's tests, and the conclusions from their answers.
///
/// Filtering comes first: its tests must not find the router's memory of the alternate address, which the mapping tests
/// leave behind (§4.4).
public struct BehaviorDiscovery: Hashable, Sendable {
  public enum Test: String, Hashable, Sendable, CaseIterable {
    /// Whether the server answers at all, and how it sees the host.
    case reachable
    /// An answer from the other address and the other port.
    case filteringII = "filtering-2"
    /// An answer from the same address and the other port.
    case filteringIII = "filtering-3"
    /// A question to the other address, at the first port.
    case mappingII = "mapping-2"
    /// A question to the other address and the other port.
    case mappingIII = "mapping-3"
  }

  /// The result of a test.
  public enum Answer: Hashable, Sendable {
    case mapped(Endpoint, other: Endpoint?)
    case silence
    case refused(STUNErrorCode)
  }

  /// A test's request: its destination and its contents.
  public struct Request: Hashable, Sendable {
    public var test: Test
    public var destination: Endpoint
    public var attributes: [STUNAttribute]
  }

  /// The findings in the end; nil means that it cannot be known.
  public struct Findings: Hashable, Sendable {
    public var mapping: EndpointDependence?
    public var filtering: EndpointDependence?
    /// Whether the server saw the host's own endpoint.
    public var isUntranslated: Bool
    /// What the tests cannot tell apart from the findings.
    public var doubts: [Doubt] = []
  }

  /// A reason why the findings may not be the whole truth, although every packet has arrived.
  public enum Doubt: String, Hashable, Sendable, CaseIterable {
    /// The outside port is the inside one: a router with a row for each destination looks the same from outside if it
    /// gives all of them that port (port overloading, RFC 4787 §4.2.1; Linux does so).
    case keptPort = "kept-port"
    /// The server has the host's own outside address, so the router turned each packet round (RFC 4787 §6).
    case hairpinned
    /// The server is on the host's side of the router.
    case insideServer = "inside-server"
    /// The server saw an address that means nothing on the internet: a router beyond it translates once more.
    case privateMapping = "private-mapping"
  }

  public enum Step: Hashable, Sendable {
    case ask(Request)
    case found(Findings)
    /// The server has not answered, or has only one address.
    case failed(Failure)
  }

  public enum Failure: String, Hashable, Sendable {
    case noAnswer = "no-answer"
    case noOtherAddress = "no-other-address"
  }

  public let server: Endpoint
  public let local: Endpoint
  private var first: Endpoint?
  private var other: Endpoint?
  private var second: Endpoint?
  private var filtering: EndpointDependence?

  public init(server: Endpoint, local: Endpoint) {
    self.server = server
    self.local = local
  }

  /// The first test.
  public var opening: Request { Request(test: .reachable, destination: server, attributes: []) }

  /// The conclusion from the answer to a test.
  public mutating func next(after test: Test, _ answer: Answer) -> Step {
    switch test {
    case .reachable:
      guard case .mapped(let endpoint, let alternate) = answer else { return .failed(.noAnswer) }
      first = endpoint
      guard let alternate else { return .failed(.noOtherAddress) }
      other = alternate
      return ask(.filteringII, server, [.changeRequest(address: true, port: true)])
    case .filteringII:
      if case .mapped = answer {
        filtering = .endpointIndependent
        return mappingTest()
      }
      return ask(.filteringIII, server, [.changeRequest(address: false, port: true)])
    case .filteringIII:
      if case .mapped = answer { filtering = .addressDependent } else { filtering = .addressAndPortDependent }
      return mappingTest()
    case .mappingII:
      guard case .mapped(let endpoint, _) = answer, let other else { return found(nil) }
      second = endpoint
      return endpoint == first ? found(.endpointIndependent) : ask(.mappingIII, other, [])
    case .mappingIII:
      guard case .mapped(let endpoint, _) = answer else { return found(nil) }
      return found(endpoint == second ? .addressDependent : .addressAndPortDependent)
    }
  }

  /// Without translation there is no reason to ask the alternate address (RFC 5780 §4.3).
  private func mappingTest() -> Step {
    guard first != local, let other else { return found(.endpointIndependent) }
    return ask(.mappingII, Endpoint(other.address, server.port), [])
  }

  private func ask(_ test: Test, _ destination: Endpoint, _ attributes: [STUNAttribute]) -> Step {
    .ask(Request(test: test, destination: destination, attributes: attributes))
  }

  private func found(_ mapping: EndpointDependence?) -> Step {
    .found(Findings(mapping: mapping, filtering: filtering, isUntranslated: first == local, doubts: doubts(mapping)))
  }

  private func doubts(_ mapping: EndpointDependence?) -> [Doubt] {
    guard let first else { return [] }
    let isPublic = first.address.scope.isRoutedOnInternet
    if first == local { return isPublic ? [] : [.insideServer] }
    var doubts: [Doubt] = []
    if mapping == .endpointIndependent, first.port == local.port { doubts.append(.keptPort) }
    if first.address == server.address { doubts.append(.hairpinned) }
    if !isPublic { doubts.append(.privateMapping) }
    return doubts
  }
}
