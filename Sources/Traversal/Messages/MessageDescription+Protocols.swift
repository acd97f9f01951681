// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

extension MessageDescription {
  /// Describes a payload, as far as its protocol is recognised by its bytes and ports; nil for anything else.
  ///
  /// A server may be at any port, so only protocols whose ports are fixed are recognised by them. ChannelData has
  /// nothing but a number within a range and a length that fits, which no text has by chance (RFC 7983 §7).
  ///
  /// - Parameters:
  ///   - source: The port the payload came from.
  ///   - destination: The port it was sent to.
  public init?(of payload: [UInt8], from source: UInt16, to destination: UInt16) {
    let ports = [destination, source]
    func uses(_ port: UInt16) -> Bool { ports.contains(port) }
    if let message = try? STUNMessage(decoding: payload[...]) {
      self = message.description
    } else if let data = ChannelData(decoding: payload[...]) {
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

extension MessageReader {
  /// STUN, TURN, port control and the text protocols beside them.
  static let traversal = MessageReader { payload, packet in
    guard let bytes = payload.bytes else { return nil }
    return MessageDescription(of: bytes, from: packet.source.port, to: packet.destination.port)
  }
}

/// Bytes in hexadecimal: `2112a442`.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
