// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A STUN server's handling of a Binding request, behaviour discovery included (RFC 8489 §12, RFC 5780 §6).
public struct BindingService: Hashable, Sendable {
  /// The address and port that clients know.
  public var primary: Endpoint
  /// A second address and port, both different from the first; nil if the server has one address, and then behaviour
  /// discovery is refused.
  public var alternate: Endpoint?

  /// The server's name for itself.
  public static let software = "natsh"

  public init(primary: Endpoint, alternate: Endpoint? = nil) {
    self.primary = primary
    self.alternate = alternate
  }

  /// An answer, with its source and destination.
  public struct Answer: Hashable, Sendable {
    public var message: STUNMessage
    public var source: Endpoint
    public var destination: Endpoint
  }

  /// The endpoints that the server listens at: each of its addresses with each of its ports.
  public var endpoints: [Endpoint] {
    guard let alternate else { return [primary] }
    return [
      primary, Endpoint(primary.address, alternate.port), Endpoint(alternate.address, primary.port), alternate,
    ]
  }

  /// The answer to a request that came from `source` to `destination`; nil for anything but a Binding request (RFC 8489
  /// §6.3).
  public func answer(_ request: STUNMessage, from source: Endpoint, to destination: Endpoint) -> Answer? {
    guard request.kind == .request, request.method == .binding else { return nil }
    func answer(_ message: STUNMessage) -> Answer {
      Answer(message: message, source: destination, destination: source)
    }
    let known = alternate == nil ? Self.knownTypes.subtracting([.changeRequest]) : Self.knownTypes
    let unknown = request.unknownRequiredTypes(understanding: known)
    guard unknown.isEmpty else {
      return answer(request.refusal(.unknownAttribute, [.unknownAttributes(unknown), .software(Self.software)]))
    }
    let port = request.first { if case .responsePort(let port) = $0 { port } else { nil } }
    let padding = request.first { if case .padding(let bytes) = $0 { bytes } else { nil } }
    guard !request.isMalformed, port == nil || padding == nil else {
      return answer(request.refusal(.badRequest, [.software(Self.software)]))
    }
    var origin = destination
    if let alternate {
      let change = request.first {
        if case .changeRequest(let address, let port) = $0 { (address: address, port: port) } else { nil }
      }
      let other = other(than: destination, alternate)
      if change?.address == true { origin.address = other.address }
      if change?.port == true { origin.port = other.port }
    }
    var attributes: [STUNAttribute] = [
      .xorMappedAddress(source), .mappedAddress(source), .responseOrigin(origin),
    ]
    if let alternate { attributes.append(.otherAddress(other(than: destination, alternate))) }
    if let padding { attributes.append(.padding(padding)) }
    attributes.append(.software(Self.software))
    return Answer(
      message: request.response(attributes), source: origin,
      destination: Endpoint(source.address, port ?? source.port))
  }

  /// The other address with the other port, as seen from the one at which a request arrived (RFC 5780 §6.1, table 1).
  private func other(than destination: Endpoint, _ alternate: Endpoint) -> Endpoint {
    Endpoint(
      destination.address == primary.address ? alternate.address : primary.address,
      destination.port == primary.port ? alternate.port : primary.port)
  }

  private static let knownTypes: Set<STUNAttribute.Kind> = [
    .mappedAddress, .xorMappedAddress, .username, .userhash, .messageIntegrity, .messageIntegritySHA256, .errorCode,
    .unknownAttributes, .realm, .nonce, .passwordAlgorithm, .changeRequest, .padding, .responsePort, .priority,
    .useCandidate,
  ]
}
