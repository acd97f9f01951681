// SPDX-License-Identifier: GPL-3.0-or-later

/// A message of one of the protocols here in words: what `packet N` shows of it.
public struct MessageDescription: Hashable, Sendable {
  /// `STUN`, `TURN`, `NAT-PMP`, `PCP`, `SSDP`, `HTTP`.
  public var protocolName: String
  /// One line: `TURN Allocate error 401 (Unauthenticated)`.
  public var summary: String
  /// The message's fields in their order, called as their RFC calls them.
  public var fields: [Field]

  public init(protocolName: String, summary: String, fields: [Field]) {
    self.protocolName = protocolName
    self.summary = summary
    self.fields = fields
  }

  public struct Field: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What a payload is, as far as a protocol is known by its bytes and its ports; nil for anything else.
  ///
  /// - Parameters:
  ///   - source: The port the payload came from.
  ///   - destination: The port it was sent to.
  public init?(of payload: [UInt8], from source: UInt16, to destination: UInt16) {
    let ports = [destination, source]
    func uses(_ port: UInt16) -> Bool { ports.contains(port) }
    if let message = try? STUNMessage(decoding: payload[...]) {
      self = message.description
    } else if uses(STUNMessage.standardPort), let data = ChannelData(decoding: payload[...]) {
      self = data.description
    } else if uses(PortControl.serverPort) || uses(PortControl.clientPort),
      let description = PortControl.description(of: payload[...])
    {
      self = description
    } else if let text = HTTPMessage(decoding: payload[...]) {
      self = text.description(isDiscovery: uses(UPnP.discoveryPort))
    } else {
      return nil
    }
  }
}

/// Bytes as people write them: `2112a442`.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
