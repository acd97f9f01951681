// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Rendering
import Wording

/// The packets that cross a session's links, as the blocks of a capture file.
///
/// A packet is there once for each link that it has crossed, with the addresses that it had on that link, from the moment
/// it is across. What is undone stays: the next packet's comment tells that the clock went back.
package struct TrafficCapture: Sendable {
  /// A link as the file knows it. A number can come to belong to another device after `undo`.
  private struct Interface: Hashable {
    var link: DeviceID
    var name: String
    var parent: String
  }

  /// The devices whose links are captured, by their names in lower case; nil means all.
  private let devices: Set<String>?
  private var interfaces: [Interface: Int] = [:]
  private var names: [IPAddress: String] = [:]
  /// The number of the next hop to be looked at, and where the last command left it.
  private var next: Int
  private var toldNext: Int
  private var lastHop: Hop?
  private var lastTime = Instant.zero
  private var pendingComments: [String] = []
  /// Packets written, and hops that were forgotten before they could be.
  package private(set) var packets = 0
  package private(set) var missed = 0
  private var reportedMissed = 0

  /// So many addresses are remembered as named.
  private static let mostNames = 65_536
  /// The most devices whose names are put together for an address that they share.
  private static let mostSharers = 3

  /// A capture of what happens from now on.
  ///
  /// - Parameter devices: whose links; nil means all.
  package init(of session: Session, devices: [String]?) {
    self.devices = devices.map { Set($0.map { $0.lowercased() }) }
    next = session.network.trace.hopCount + 1
    toldNext = next
    lastTime = session.clock
    lastHop = session.network.trace.hop(next - 1)
  }

  /// The file's beginning.
  package var head: [UInt8] { CaptureBlocks.section(application: "natsh \(Version.current)") }

  /// The blocks of everything that has happened since the last call, at most so many hops of it; empty when there is
  /// nothing left.
  ///
  /// - Parameter command: the command that has just ended, if one has.
  package mutating func take(from session: Session, atMost limit: Int = 4_096, after command: String?) -> [UInt8]? {
    let trace = session.network.trace
    noteReturn(session, after: command)
    if next < trace.oldestHop {
      missed += trace.oldestHop - next
      next = trace.oldestHop
    }
    guard next <= trace.hopCount else {
      if command != nil { toldNext = next }
      return nil
    }
    var bytes: [UInt8] = []
    let last = min(trace.hopCount, next + limit - 1)
    for number in next...last {
      if let hop = trace.hop(number) { add(hop, session, to: &bytes) }
    }
    next = last + 1
    lastHop = trace.hop(last)
    lastTime = max(lastTime, lastHop?.time ?? lastTime)
    return bytes
  }

  /// Notices that the past has changed since the last call: an `undo`, or a new network.
  private mutating func noteReturn(_ session: Session, after command: String?) {
    let trace = session.network.trace
    let isOther = trace.hopCount < next - 1 || next - 1 >= trace.oldestHop && trace.hop(next - 1) != lastHop
    guard isOther || session.clock < lastTime else { return }
    if isOther {
      next = min(toldNext, trace.hopCount + 1)
      toldNext = next
    }
    lastHop = trace.hop(next - 1)
    if let command {
      pendingComments = [
        said("after '\(command)': the clock is back at \(SimulatedTime.text(session.clock.microseconds))")
      ]
    }
    lastTime = session.clock
  }

  private mutating func add(_ hop: Hop, _ session: Session, to bytes: inout [UInt8]) {
    let network = session.network
    guard let record = network.trace.packet(hop.packet) else {
      missed += 1
      return
    }
    let crossings = network.crossings(before: hop).filter { isWanted($0.link, network) }
    guard !crossings.isEmpty else { return }
    let writer = CrossingBytes(network: network, hop: hop, record: record)
    for crossing in crossings {
      guard let packet = writer.bytes(of: crossing) else {
        missed += 1
        continue
      }
      let interface = interface(of: crossing.link, network, &bytes)
      name([crossing.source.address, crossing.destination.address], network, &bytes)
      if missed > reportedMissed {
        pendingComments.append(said("\(missed - reportedMissed) packets before this one are not in this file"))
        reportedMissed = missed
      }
      let comments = pendingComments + [said("packet \(hop.packet): ") + session.words(for: hop, crossing)]
      pendingComments = []
      bytes += CaptureBlocks.packet(packet, on: interface, at: hop.time, comments: comments)
      packets += 1
    }
  }

  private func isWanted(_ link: DeviceID, _ network: Network) -> Bool {
    guard let devices else { return true }
    let device = network.device(link)
    return devices.contains(device.name.lowercased())
      || devices.contains(network.device(device.parent).name.lowercased())
  }

  /// The number of a link's interface, which is described on its first use.
  private mutating func interface(of link: DeviceID, _ network: Network, _ bytes: inout [UInt8]) -> Int {
    let device = network.device(link)
    let interface = Interface(link: link, name: device.name, parent: network.device(device.parent).name)
    if let number = interfaces[interface] { return number }
    let number = interfaces.count
    interfaces[interface] = number
    bytes += CaptureBlocks.interface(
      named: device.name, description: said("the link between \(device.name) and \(interface.parent)"))
    return number
  }

  /// Writes down the names of addresses that have not been named yet.
  private mutating func name(_ addresses: [IPAddress], _ network: Network, _ bytes: inout [UInt8]) {
    if names.count > Self.mostNames { names = [:] }
    var news: [(address: IPAddress, name: String)] = []
    for address in addresses where names[address] == nil {
      var owners = network.devices(withAddress: address).map { network.device($0).name }
      if network.addresses(of: .internet).contains(address) { owners = ["internet"] }
      let name = owners.count <= Self.mostSharers ? owners.joined(separator: "-or-") : ""
      names[address] = name
      if !name.isEmpty { news.append((address, name)) }
    }
    if !news.isEmpty { bytes += CaptureBlocks.names(news) }
  }
}

extension TrafficCapture {
  /// The last place in `blocks`, of which only `count` bytes have been written, where a block ends; and the packets
  /// before it.
  package static func whole(_ blocks: [UInt8], upTo count: Int) -> (bytes: Int, packets: Int) {
    var (end, packets) = (0, 0)
    while end + 8 <= count {
      let kind = blocks[end..<end + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let length = blocks[end + 4..<end + 8].reduce(0) { $0 << 8 | Int($1) }
      guard length >= 12, end + length <= count else { break }
      end += length
      if kind == CaptureBlocks.Kind.packet { packets += 1 }
    }
    return (end, packets)
  }
}
