// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import WireFormat
import Wording

/// A packet's headers as they are on the wire, field by field: as it was sent, and after each device that passed it on.
struct PacketHeaders {
  /// The packet as a link carried it.
  private struct Leg {
    /// `alice sends`, `after home-a`.
    var title: String
    var isIPv4: Bool
    var fields: [(field: WireField, text: String)]
  }

  private var legs: [Leg] = []

  /// Nothing can be shown of a packet in fragments, which have a header each, or of an ICMP error, since the trace does
  /// not tell how its quoted packet was changed.
  init(of report: PacketReport) {
    guard let sent = report.sent, !sent.icmp.isError, !report.beginIsForgotten,
      !report.trace.contains(where: { $0.fragment != nil })
    else { return }
    var packet = sent
    guard let sender = Self.fields(of: packet, report) else { return }
    legs = [Leg(title: said("\(report.packet.origin) sends"), isIPv4: packet.source.address.isIPv4, fields: sender)]
    for hop in report.trace where hop.verdict == .forwarded || hop.verdict == .translated {
      packet.source = Endpoint(hop.sourceAfter.address, hop.sourceAfter.port ?? packet.source.port)
      packet.destination = Endpoint(hop.destinationAfter.address, hop.destinationAfter.port ?? packet.destination.port)
      packet.timeToLive = UInt8(clamping: hop.timeToLive)
      hop.rewriting?.apply(to: &packet)
      if let size = hop.newMaximumSegmentSize { packet.maximumSegmentSize = UInt16(clamping: size) }
      if packet.source.address.family != sent.source.address.family { packet.crossFamily(from: sent) }
      guard let fields = Self.fields(of: packet, report) else { return }
      legs.append(Leg(title: said("after \(hop.node)"), isIPv4: packet.source.address.isIPv4, fields: fields))
    }
  }

  func add(to page: inout Page) {
    guard let first = legs.first else { return }
    page.addGap()
    page.addHeading(said("Headers"))
    guard let place = legs.firstIndex(where: { $0.isIPv4 != first.isIPv4 }) else { return add(legs, to: &page) }
    // A router made it a packet of the other family: its fields are others from there on.
    add(Array(legs[..<place]), to: &page)
    page.addGap()
    add(Array(legs[place...]), to: &page)
  }

  /// Adds legs with the same fields.
  private func add(_ legs: [Leg], to page: inout Page) {
    let table = table(of: legs)
    if table.fits(page) { return table.add(to: &page) }
    self.table(of: [legs[0]]).add(to: &page)
    for (before, after) in zip(legs, legs.dropFirst()) {
      let changes = zip(before.fields, after.fields).filter { $0.text != $1.text }.map { before, after in
        "\(before.field.layer.rawValue) \(before.field.name.rawValue) \(before.text) → \(after.text)"
      }
      page.add(StyledText("\(after.title): \(changes.joined(separator: ", "))"), indent: 2, hanging: 4)
    }
  }

  /// One row per field, in the order of the wire; one column per leg.
  private func table(of legs: [Leg]) -> TextTable {
    var table = TextTable([.init(""), .init(said("field"))] + legs.map { .init($0.title) })
    var layer: WireField.Layer?
    for (place, entry) in legs[0].fields.enumerated() {
      let cells = legs.indices.map { index in
        let text = legs[index].fields[place].text
        let isChanged = index > 0 && text != legs[index - 1].fields[place].text
        return isChanged ? StyledText("\(text) *", .changed) : StyledText(text)
      }
      let isFirst = layer != entry.field.layer
      layer = entry.field.layer
      table.addRow(
        [StyledText(isFirst ? entry.field.layer.rawValue : "", .faint), StyledText(entry.field.name.rawValue)] + cells)
    }
    return table
  }

  /// The fields of the headers; nil if no header can express the packet.
  private static func fields(of packet: Packet, _ report: PacketReport) -> [(field: WireField, text: String)]? {
    let identification = packet.identification(
      ofNumber: report.packet.number, sent: report.sent ?? packet, meetsLimits: report.meetsLimits)
    guard let bytes = try? packet.encoded(identification: identification) else { return nil }
    return Dissection(of: bytes).fields.filter { $0.field.layer != .payload }.map { value in
      (value.field, text(of: value, in: packet))
    }
  }

  private static func text(of value: WireFieldValue, in packet: Packet) -> String {
    switch value.field.name {
    case .source: packet.source.address.description
    case .destination: packet.destination.address.description
    case .options where value.bits.count == 16: "2, length 4"
    case .checksum: hexadecimal(value.value)
    case .flags where value.field.layer == .tcp: packet.tcpFlags.names.joined(separator: " ")
    case .flags: value.value & 2 != 0 ? said("do not fragment") : "none"
    default: "\(value.value)"
    }
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
