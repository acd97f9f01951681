// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// One packet of an experiment, and the NAT's handling of it.
package struct ExperimentRow: Encodable, Sendable {
  /// The time since the previous packet, in microseconds.
  package var waitMicroseconds: Int64
  /// The sender: one of the laboratory's hosts.
  package var from: String
  /// The owner of the address it was sent to: a host or the router.
  package var to: String
  /// The NAT's handling, as any trace has it.
  package var hop: HopReport

  private enum CodingKeys: String, CodingKey {
    case number = "n"
    case wait = "waits_us"
    case time = "time_us"
    case from, to
    case transport = "protocol"
    case source, destination
    case newSource = "new_source"
    case newDestination = "new_destination"
    case verdict, reason, mapping
    case mappingChange = "mapping_change"
    case text, icmp, flags, fragment
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(hop.number, forKey: .number)
    try container.encode(waitMicroseconds, forKey: .wait)
    try container.encode(hop.timeMicroseconds, forKey: .time)
    try container.encode(from, forKey: .from)
    try container.encode(to, forKey: .to)
    try container.encode(hop.transport.name, forKey: .transport)
    try container.encode(hop.source, forKey: .source)
    try container.encode(hop.destination, forKey: .destination)
    try container.encode(hop.newSource, forKey: .newSource)
    try container.encode(hop.newDestination, forKey: .newDestination)
    try container.encode(hop.verdict, forKey: .verdict)
    try container.encode(hop.reason, forKey: .reason)
    try container.encode(hop.mapping, forKey: .mapping)
    try container.encode(hop.mappingChange, forKey: .mappingChange)
    try container.encodeIfPresent(hop.text, forKey: .text)
    try container.encodeIfPresent(hop.icmp, forKey: .icmp)
    try container.encodeIfPresent(hop.flags, forKey: .flags)
    try container.encodeIfPresent(hop.fragment, forKey: .fragment)
  }
}
