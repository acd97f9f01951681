// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

/// The first byte chooses the tolerance; the others are a packet.
enum PacketsTarget {
  static func finding(in bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    let tolerance = WireTolerance(rawValue: first & 7)
    let bytes = Array(bytes.dropFirst())
    let dissection = Dissection(of: bytes, accepting: tolerance)
    if let gap = gap(in: dissection, of: bytes) { return gap }
    let decoded: Packet
    do throws(WireError) {
      decoded = try Packet(decoding: bytes, accepting: tolerance)
    } catch {
      guard case .failure(error) = dissection.outcome else { return "refused with \(error), but taken apart" }
      return (0...bytes.count).contains(error.offset) ? nil : "\(error) is not in the packet"
    }
    guard case .success(decoded) = dissection.outcome else { return "read, but not taken apart" }
    return writtenAgain(decoded) ?? translated(decoded)
  }

  /// The fields follow each other without gaps, from the packet's start.
  private static func gap(in dissection: Dissection, of bytes: [UInt8]) -> String? {
    var end = 0
    for value in dissection.fields {
      guard value.bits.lowerBound == end, value.bits.upperBound >= end else { return "a gap before \(value)" }
      end = value.bits.upperBound
    }
    return end <= bytes.count * 8 ? nil : "fields up to bit \(end) of \(bytes.count) bytes"
  }

  private static func writtenAgain(_ packet: Packet) -> String? {
    let bytes: [UInt8]
    do throws(UnencodablePacket) {
      bytes = try packet.encoded()
    } catch {
      return "\(packet) cannot be written: \(error)"
    }
    guard bytes.count == packet.length else { return "\(packet) has \(bytes.count) bytes, not \(packet.length)" }
    do throws(WireError) {
      // A truncated quote is read back unchanged.
      let again = try Packet(decoding: bytes, accepting: .nonsenseQuotes)
      return again == packet ? nil : "\(packet)\nbecame \(again)"
    } catch {
      return "\(packet) was written as what is refused: \(error)"
    }
  }

  /// Whatever was read, a NAT forwards it as something that can be written, or drops it unchanged.
  private static func translated(_ packet: Packet) -> String? {
    guard let home = IPAddress("49.36.10.25") else { return "no address" }
    var generator = SeededGenerator(seed: 1)
    let settings: [ApplicationGateways] = [ApplicationGateways(), [.ftp, .sip]]
    for (side, gateways) in [Side.inside, .outside].flatMap({ side in settings.map { (side, $0) } }) {
      var behavior = NATBehavior()
      behavior.gateways = gateways
      var nat = NAT(behavior: behavior, externalAddresses: [home])
      var rewritten = packet
      let translation =
        nat.readsText
        ? nat.translateThroughGateways(&rewritten, from: side, at: .zero, number: 1, using: &generator)
        : nat.translate(&rewritten, from: side, at: .zero, number: 1, using: &generator)
      switch translation {
      case .drop:
        if rewritten != packet { return "dropped, but changed: \(packet)\nto \(rewritten)" }
      case .forward:
        if (try? rewritten.encoded()) == nil { return "\(packet)\nbecame \(rewritten), which cannot be written" }
      }
      if nat.count != nat.mappings.count { return "\(nat.count) rows are counted, \(nat.mappings.count) exist" }
    }
    return nil
  }
}
