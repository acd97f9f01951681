// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// A router as a file describes it.
struct RouterDraft: Sendable {
  /// A static mapping.
  struct Forward: Hashable, Sendable {
    enum What: Hashable, Sendable {
      /// Ports of an outside address, or of any if it is nil; the first goes to the endpoint, the next to the next one.
      case ports(TransportProtocol, ClosedRange<UInt16>, of: IPAddress?, to: Endpoint)
      case address(IPAddress, to: IPAddress)
      /// What is nobody else's at an outside address, or at any if it is nil.
      case all(of: IPAddress?, to: IPAddress)

      /// The host inside.
      var inside: IPAddress {
        switch self {
        case .ports(_, _, _, let target): target.address
        case .address(_, let inside), .all(_, let inside): inside
        }
      }

      /// Whether it is for all ports.
      var isWhole: Bool {
        switch self {
        case .ports: false
        case .address, .all: true
        }
      }
    }

    var line: Int
    var what: What

    var inside: IPAddress { what.inside }

    /// The outside address that it names.
    var address: IPAddress? {
      switch what {
      case .ports(_, _, let address, _), .all(let address, _): address
      case .address(let address, _): address
      }
    }
  }

  /// Its own name for itself.
  var name: String?
  /// Where the settings begin.
  var base: NATPreset
  var behavior: NATBehavior
  /// Its outside addresses, each with the line that names it; none if they are an interface's.
  private(set) var outside: [(line: Int, address: IPAddress)] = []
  /// The networks inside, each with the line that names it.
  private(set) var inside: [(line: Int, prefix: IPPrefix)] = []
  private(set) var forwards: [Forward] = []
  private(set) var filters: [RouterFilter] = []
  /// Whether it lowers the maximum segment size in the SYNs that pass it.
  private(set) var clampsSegmentSize = false
  var notes = LineNotes()

  /// The most outside addresses, exempt destinations, filters and forwards that are taken from one file.
  static let mostAddresses = 256
  static let mostExemptions = 256
  static let mostFilters = 256
  static let mostForwards = 1_024

  init(base: NATPreset) {
    self.base = base
    behavior = base.behavior
  }

  /// Sets an axis, and says so of the line.
  mutating func set(_ line: Int, _ value: PropertyValue, because words: String? = nil) {
    value.apply(to: &behavior)
    notes.became(line, "\(value.property.name) \(value)" + (words.map { ": \($0)" } ?? ""))
  }

  /// Notes that the router clamps the maximum segment size, to a size of its own if the file names one.
  mutating func clampSegmentSize(_ line: Int, to size: String? = nil) {
    clampsSegmentSize = true
    let other = size.map { said(": to what its links carry, rather than to \($0.filter(\.isNumber))") }
    notes.became(line, "mss clamp" + (other ?? ""))
  }

  /// Notes that the router reads the texts of a protocol, as a helper of connection tracking does.
  mutating func read(_ line: Int, _ helper: String) {
    guard let gateway = [ApplicationGateways.ftp, .sip].first(where: { $0.word == helper }) else {
      return notes.unread(line, said("natsh has no helper '\(helper)'"))
    }
    behavior.gateways.insert(gateway)
    notes.became(line, "alg \(helper) on")
  }

  mutating func addOutside(_ line: Int, _ addresses: [IPAddress]) {
    for address in addresses where !outside.contains(where: { $0.address == address }) {
      guard outside.count < Self.mostAddresses else {
        notes.unread(line, said("a router has \(Self.mostAddresses) outside addresses at most here"))
        return
      }
      outside.append((line, address))
    }
    if let first = addresses.first, let last = addresses.last {
      notes.became(
        line, first == last ? said("outside address \(first)") : said("outside addresses \(first) to \(last)"))
    }
  }

  /// Makes `address` the router's own.
  mutating func putFirst(_ line: Int, _ address: IPAddress) {
    outside.removeAll { $0.address == address }
    outside.insert((line, address), at: 0)
    notes.became(line, said("outside address \(address)"))
  }

  mutating func addInside(_ line: Int, _ prefix: IPPrefix) {
    guard prefix.family == .ipv4, prefix.length >= 8 else { return }
    guard prefix.length <= 30 else {
      notes.unread(line, said("it is for \(prefix) alone; natsh's routers translate for every host inside"))
      return
    }
    notes.became(line, "lan \(prefix)")
    if inside.count < Self.mostAddresses, !inside.contains(where: { $0.prefix == prefix }) {
      inside.append((line, prefix))
    }
  }

  mutating func addForward(_ line: Int, _ what: Forward.What) {
    guard !forwards.contains(where: { $0.what == what }) else {
      notes.became(line, said("the same forward again"))
      return
    }
    guard forwards.count < Self.mostForwards else {
      notes.unread(line, said("\(Self.mostForwards) forwards are taken from one file at most"))
      return
    }
    forwards.append(Forward(line: line, what: what))
  }

  /// Whether a forward does the same, be it at another outside address.
  func forwards(what: Forward.What) -> Bool {
    forwards.contains { forward in
      switch (what, forward.what) {
      case (.ports(let transport, let ports, _, let target), .ports(let other, let range, _, let first)):
        transport == other && range.contains(ports.lowerBound) && range.contains(ports.upperBound)
          && target.address == first.address
          && Int(target.port) - Int(ports.lowerBound) == Int(first.port) - Int(range.lowerBound)
      default: forward.inside == what.inside && forward.what.isWhole
      }
    }
  }

  mutating func addFilter(_ line: Int, _ transport: TransportProtocol, port: UInt16?, isOneSided: Bool) {
    let filter = RouterFilter(transport, port: port)
    guard filters.count < Self.mostFilters else {
      notes.unread(line, said("\(Self.mostFilters) filters are taken from one file at most"))
      return
    }
    if !filters.contains(filter) { filters.append(filter) }
    notes.became(
      line,
      "filter drop \(transport.name)" + (port.map { " port \($0)" } ?? "")
        + (isOneSided ? said(" (here from either side)") : ""))
  }

  mutating func addExemption(_ line: Int, _ prefixes: [IPPrefix]) {
    guard behavior.exemptions.count + prefixes.count <= Self.mostExemptions else {
      notes.unread(line, said("\(Self.mostExemptions) exempt destinations are taken from one file at most"))
      return
    }
    for prefix in prefixes where !behavior.exemptions.contains(prefix) { behavior.exemptions.append(prefix) }
    notes.became(line, said("exempt \(prefixes.map(\.description).joined(separator: " "))"))
  }
}
