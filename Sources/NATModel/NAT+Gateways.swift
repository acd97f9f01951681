// SPDX-License-Identifier: GPL-3.0-or-later

/// Application level gateways: the router reads what passes on the port of a protocol that names endpoints in its text,
/// and writes outside endpoints where a text from inside names inside ones (RFC 2663 §2.9, RFC 3022 §4.4).
///
/// It can only do so for text that it can read, and only where addresses are translated. IPv6 and untranslated IPv4 pass
/// as they are.
extension NAT {
  /// As ``translate(_:from:at:number:using:)``, for a router whose behaviour has ``NATBehavior/gateways``.
  @inline(never)
  public mutating func translateThroughGateways(
    _ packet: inout Packet, from side: Side, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> Translation {
    let (source, destination) = (packet.source, packet.destination)
    let translation = translate(&packet, from: side, at: now, number: number, using: &generator)
    guard case .forward(let to, _) = translation, to != side, source.address.isIPv4, packet.source.address.isIPv4,
      packet.fragment == nil, packet.source != source || packet.destination != destination
    else { return translation }
    let ports = [source.port, packet.source.port, destination.port, packet.destination.port]
    switch packet.transport {
    case .tcp where ports.contains(ApplicationGateways.ftpPort):
      if side == .inside {
        passFTPOutward(&packet, from: source, at: now, number: number, using: &generator)
      } else {
        passFTPInward(&packet)
      }
    case .udp where behavior.gateways.contains(.sip) && ports.contains(ApplicationGateways.sipPort):
      if side == .inside {
        passSIPOutward(&packet, from: source, at: now, number: number, using: &generator)
      } else {
        passSIPInward(&packet, to: destination)
      }
    case .udp, .tcp, .icmp: break
    }
    return translation
  }

  /// What gateways have done since the last call.
  public mutating func takeGatewayNotes() -> [GatewayNote] {
    defer { gateway.notes = [] }
    return gateway.notes
  }

  /// How many TCP connections' sequence numbers differ inside and outside, since their text was changed.
  public var rewrittenConnections: Int { gateway.connections.count }

  // MARK: FTP

  /// A segment from inside, translated: its text is changed first, then its numbers.
  private mutating func passFTPOutward(
    _ packet: inout Packet, from inside: Endpoint, at now: Instant, number: Int,
    using generator: inout SeededGenerator
  ) {
    if packet.tcpFlags.contains(.syn) {
      // A new connection counts anew.
      return gateway.forget(inside, packet.destination)
    }
    let arrived = packet
    if let earlier = gateway.earlierText(of: packet, from: inside) {
      packet.payload = Payload(bytes: earlier)
    } else if let text = rewriteFTP(in: packet, from: inside, at: now, number: number, using: &generator) {
      gateway.add(packet, from: inside, before: packet.payload.bytes ?? [], after: text)
      packet.payload = Payload(bytes: text)
    }
    if let place = gateway.place(inside, packet.destination) {
      packet.sequenceNumber = gateway.connections[place].outward(arrived.sequenceNumber)
    }
    if packet.tcpFlags.contains(.rst) { gateway.forget(inside, packet.destination) }
  }

  /// A segment from outside, translated: it acknowledges what the inside has sent, in the outside's numbers.
  private mutating func passFTPInward(_ packet: inout Packet) {
    guard let place = gateway.place(packet.destination, packet.source) else { return }
    if packet.tcpFlags.contains(.ack) {
      packet.acknowledgementNumber = gateway.connections[place].inward(packet.acknowledgementNumber)
    } else if packet.tcpFlags.contains(.rst) {
      gateway.forget(packet.destination, packet.source)
    }
  }

  /// The text of a segment from inside with outside endpoints; nil if it stays as it is.
  private mutating func rewriteFTP(
    in packet: Packet, from inside: Endpoint, at now: Instant, number: Int, using generator: inout SeededGenerator
  ) -> [UInt8]? {
    let isServer = inside.port == ApplicationGateways.ftpPort
    guard behavior.gateways.contains(.ftp), isServer || packet.destination.port == ApplicationGateways.ftpPort,
      var text = TextLines(packet.payload),
      gateway.place(inside, packet.destination).map({ gateway.connections[$0].isNew(packet.sequenceNumber) }) ?? true
    else { return nil }
    var isChanged = false
    for place in text.lines.indices {
      let line = text.text(place)
      // Another's endpoint is none of this router's business: a client could point the server at anybody (RFC 2577 §3).
      guard let announced = FTPAnnouncement(line, fromServer: isServer), announced.port != 0,
        announced.address ?? inside.address == inside.address
      else { continue }
      let own = Endpoint(inside.address, announced.port)
      do throws(DropReason) {
        let external = try expect(
          .tcp, to: own, from: packet.destination.address, at: now, number: number, using: &generator)
        let new = announced.line(naming: external)
        if new != line {
          text.replace(place, with: new)
          gateway.notes.append(.rewrote(.ftp, before: line, after: new))
          isChanged = true
        }
        gateway.notes.append(
          .expects(.ftp, .tcp, inside: own, external: external, remote: packet.destination.address))
      } catch {
        gateway.notes.append(.refused(.ftp, inside: own, error))
      }
    }
    return isChanged && text.bytes.count + packet.length - packet.payload.length <= Packet.mostLength ? text.bytes : nil
  }
}
