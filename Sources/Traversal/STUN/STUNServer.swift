// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// A STUN server: it tells whoever asks how it sees them, and from another address or port if it is asked to
/// (RFC 8489, RFC 5780).
struct STUNServer: HostProgram {
  let port: UInt16?
  /// The second address, without which behaviour discovery is refused.
  let alternate: IPAddress?

  var name: String { "stun-server" }
  var state: String { "serving" }

  private var number: UInt16 { port ?? STUNMessage.standardPort }
  private var otherPort: UInt16 { number == .max ? number - 1 : number + 1 }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    try host.open(.udp, number)
    if alternate != nil { try host.open(.udp, otherPort) }
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard let bytes = delivery.bytes, let request = try? STUNMessage(decoding: bytes[...]),
      let primary = host.address(towards: delivery.local.address)
    else { return }
    let second = alternate.flatMap { $0.family == primary.family ? Endpoint($0, otherPort) : nil }
    let service = BindingService(primary: Endpoint(primary, number), alternate: second)
    guard let answer = service.answer(request, from: delivery.remote, to: delivery.local) else { return }
    host.send(Payload(bytes: answer.message.encoded()), from: answer.source, to: answer.destination)
    if let code = answer.message.errorCode {
      host.tell("refused", ["code": .number(Int(code.rawValue)), "client": .endpoint(delivery.remote)])
    } else {
      host.tell(
        "binding", ["client": .endpoint(delivery.remote), "from": .endpoint(answer.source)])
    }
  }
}

extension STUNServer {
  static let service = Service(
    "stun", port: STUNMessage.standardPort, takesAlternate: true,
    ProgramDescription(
      "stun-server", summary: said("tells whoever asks how it sees them (RFC 8489)"),
      events: ["binding": ["client", "from"], "refused": ["code", "client"]]
    ) { event in
      guard let client = event.data["client"]?.text else { return nil }
      switch event.event {
      case "binding":
        return said("tells \(client) that this is how it is seen, from \(event.data["from"]?.text ?? "here")")
      case "refused": return said("refuses \(client)'s request: \(event.data["code"]?.text ?? "")")
      default: return nil
      }
    }
  ) { STUNServer(port: $0.port, alternate: $0.alternate) }
}
