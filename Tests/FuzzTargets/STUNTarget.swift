// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Traversal

/// Bytes as a STUN message, or as one of DNS, or of the multicast DNS that ICE speaks besides: what is read is written so
/// that it is read as the same again, and two services take the STUN message.
enum STUNTarget {
  static func finding(in bytes: [UInt8]) -> String? {
    if let names = MDNSMessage(decoding: bytes[...]), MDNSMessage(decoding: names.encoded()[...]) != names {
      return "\(names) is not read again"
    }
    if let message = DNSMessage(decoding: bytes) {
      if DNSMessage(decoding: message.encoded()) != message { return "\(message) is not read again" }
      if let fault = ShownText.fault(in: message.description.summary) { return fault }
    }
    let received: ReceivedSTUNMessage
    do throws(STUNDecodingError) {
      received = try ReceivedSTUNMessage(decoding: bytes[...])
    } catch {
      return nil
    }
    let again = try? STUNMessage(decoding: received.message.encoded()[...])
    guard again == received.message else { return "\(received.message)\nbecame \(String(describing: again))" }
    if let fault = ShownText.fault(in: received.message.description.summary) { return fault }
    _ = (received.isSigned(with: [1, 2, 3]), received.hasRightFingerprint)
    let (server, client) = (
      Endpoint(IPAddress(ipv4: 0xCB00_7101), 3_478), Endpoint(IPAddress(ipv4: 0x3124_0A19), 62_000)
    )
    let alternate = Endpoint(IPAddress(ipv4: 0xCB00_7102), 3_479)
    for service in [BindingService(primary: server), BindingService(primary: server, alternate: alternate)] {
      guard let answer = service.answer(received.message, from: client, to: server) else { continue }
      guard answer.message.transaction == received.message.transaction else { return "answered another request" }
      guard service.endpoints.contains(answer.source) else { return "answered from \(answer.source)" }
    }
    return nil
  }
}
