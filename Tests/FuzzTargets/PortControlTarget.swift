// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Traversal

/// Bytes as a message of NAT-PMP, PCP or UPnP: what is read is written so that it is read as the same again, and a router
/// takes it at each of its doors.
enum PortControlTarget {
  static func finding(in bytes: [UInt8]) -> String? {
    if let request = NATPMP.Request(decoding: bytes[...]), NATPMP.Request(decoding: request.encoded()[...]) != request {
      return "\(request) is not read again"
    }
    if let response = NATPMP.Response(decoding: bytes[...]) {
      guard NATPMP.Response(decoding: response.encoded()[...]) == response else {
        return "\(response) is not read again"
      }
    }
    do throws(PCPRequestError) {
      let request = try PCP.Request(decoding: bytes[...])
      guard (try? PCP.Request(decoding: request.encoded()[...])) == request else {
        return "\(request) is not read again"
      }
    } catch {
      if case .refused(let result) = error {
        let refusal = PCP.refusal(of: bytes[...], result, lifetime: 30, epoch: 1)
        guard refusal.count % 4 == 0, refusal.count <= PCP.mostBytes else {
          return "a refusal of \(refusal.count) bytes"
        }
      }
    }
    if let response = PCP.Response(decoding: bytes[...]) {
      guard PCP.Response(decoding: response.encoded()[...]) == response else { return "\(response) is not read again" }
    }
    if let message = HTTPMessage(decoding: bytes[...]) {
      guard let again = HTTPMessage(decoding: message.encoded()[...]), again.body == message.body else {
        return "\(message) is not read again"
      }
      _ = SOAPMessage(in: message.body).map { UPnP.PortMapping($0) }
    }
    return answered(bytes)
  }

  /// What a router that speaks everything makes of it.
  private static func answered(_ bytes: [UInt8]) -> String? {
    var network = Network()
    network.routerProgram = TraversalLanguage.routerProgram
    guard let prefix = IPPrefix("192.168.1.0/24"),
      let home = try? network.addRouter(named: "home", prefixes: [prefix]),
      let host = try? network.addHost(named: "host", behind: home),
      let inside = network.addresses(of: host).first, let router = network.router(home)?.insideAddresses.first
    else { return "no network" }
    network.setPortControl(of: home, PortControlSetting(PortControlSetting.Dialect.allCases))
    for port in [PortControl.serverPort, UPnP.discoveryPort] {
      _ = try? network.send(from: host, port: 4_000, to: Endpoint(router, port), payload: Payload(bytes: bytes))
      while network.step() {}
    }
    let control = Endpoint(router, UPnP.controlPort)
    _ = try? network.connect(from: host, port: 4_001, to: control)
    while network.step() {}
    _ = try? network.send(from: host, port: 4_001, to: control, .tcp, payload: Payload(bytes: bytes))
    while network.step() {}
    for lease in network.router(home)?.nat.portLeases ?? [] where lease.inside.address != inside {
      return "a lease for \(lease.inside), who did not ask"
    }
    for number in 1...network.trace.packetCount {
      guard let record = network.trace.packet(number), record.origin == home,
        record.packet.destination.port == 4_000
      else { continue }
      if record.packet.payload.length > PCP.mostBytes { return "an answer of \(record.packet.payload.length) bytes" }
    }
    return nil
  }
}
