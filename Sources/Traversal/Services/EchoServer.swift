// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Sends back whatever comes: RFC 862's service, over UDP and TCP.
struct EchoServer: HostProgram {
  let port: UInt16?

  var name: String { "echo" }
  var state: String { "serving" }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    try host.open(.udp, port)
    try host.open(.tcp, port)
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    switch delivery.content {
    case .datagram(let payload): host.send(payload, from: delivery.local, to: delivery.remote)
    case .data(let payload): host.sendData(payload, from: delivery.local, to: delivery.remote)
    case .opened, .closed, .reset, .error: return
    }
  }
}

extension EchoServer {
  static let service = Service(
    "echo", port: nil,
    ProgramDescription(
      "echo", summary: said("sends back every datagram and everything said on a TCP connection"), events: [:])
  ) { EchoServer(port: $0.port) }
}
