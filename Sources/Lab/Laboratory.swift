// SPDX-License-Identifier: GPL-3.0-or-later

import CNamespaces
import NATModel
import NetworkSimulator
import Shell
import WireFormat
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The network that a laboratory moves: a session's, or one of its own.
protocol NetworkHolder: AnyObject {
  /// Lets `body` change the network.
  func changeNetwork<Result>(_ body: (inout Network) -> Result) -> Result

  /// Called after packets have moved.
  func look()
}

/// Real programs in the places of simulated hosts. Every packet of theirs is one of the simulation's, which follows the
/// machine's clock as long as the laboratory is open.
public final class Laboratory {
  let holder: any NetworkHolder
  /// The loop in which the laboratory itself waits for programs.
  let loop: EventLoop
  /// All loops in which it goes on: its own, and the prompt's.
  private var loops: [EventLoop]
  private(set) var places: [Place] = []
  var programs: [LabProgram] = []
  private var carried = CarriedPackets()
  private var clock = FollowedClock()
  /// Whether the last beat left something to be done at once.
  private var isBehind = false
  /// Whether its devices wait: too many packets are on their way.
  private var isFull = false
  /// When the next packet or timer is due.
  private var nextDue = Instant.never
  /// Something to look at again after a while, whatever comes; in nanoseconds.
  var attention: Int64?

  /// The packets read from one device before the others have their turn.
  private static let batch = 256
  /// The events handled before keys and other descriptors have their turn.
  private static let mostEvents = 8_192
  /// The packets on their way at which devices have to wait.
  private static let mostInFlight = CarriedPackets.capacity / 2

  init(_ holder: any NetworkHolder, loop: EventLoop) {
    self.holder = holder
    self.loop = loop
    loops = [loop]
    clock.begin(at: holder.changeNetwork { $0.clock })
  }

  /// Goes on in another loop as well, where the prompt waits.
  func join(_ loop: EventLoop) {
    loops.append(loop)
    loop.accompany(by: self)
    for place in places { watch(place, in: loop) }
  }

  /// Ends all places, and all programs in them.
  func end() {
    while let place = places.last { loseTouch(with: place) }
    for program in programs where program.source >= 0 { forget(program.source) }
    programs = []
  }

  /// Watches a descriptor of its own, and no longer.
  func watch(_ descriptor: Int32, _ meet: @escaping () -> Void) { for loop in loops { loop.watch(descriptor, meet) } }
  func forget(_ descriptor: Int32) { for loop in loops { loop.forget(descriptor) } }

  // MARK: Places

  /// The place of the host called `name`, opened if it has none yet.
  func place(named name: String) throws(LabFault) -> Place {
    let network = holder.changeNetwork { $0 }
    let device = try HostChoice.host(named: name, in: network)
    if let place = places.first(where: { $0.host == device.id }) { return place }
    let place = try Place(of: device.id, in: network)
    holder.changeNetwork { $0.setStack(of: device.id, isOutside: true) }
    places.append(place)
    for loop in loops { watch(place, in: loop) }
    return place
  }

  private func watch(_ place: Place, in loop: EventLoop) {
    if !isFull { loop.watch(place.device) { [weak place] in place?.isReady = true } }
    loop.watch(place.control) { [weak self, weak place] in if let place { self?.takeEnds(in: place) } }
  }

  /// Lets go of a place, which ends.
  func loseTouch(with place: Place) {
    forget(place.control)
    forget(place.device)
    places.removeAll { $0 === place }
  }

  /// Brings the places up to what a command has made of the network.
  func keepUp() {
    let places = places
    holder.changeNetwork { network in
      let hosts = places.isEmpty ? "" : PlaceDescription.hostsText(of: network)
      for place in places {
        place.keepUp(with: network, hostsText: hosts)
        if let host = place.host, !network.hasStackOutside(host) { network.setStack(of: host, isOutside: true) }
      }
    }
  }

  /// Sees to it that places may be opened: an ordinary user gets a user namespace, in which natsh is root from then on.
  /// That is possible only before other threads begin.
  static func prepare() throws(LabFault) {
    guard geteuid() != 0, namespaces_become_root() != 0 else { return }
    throw .refused(step: said("making a user namespace"), .last)
  }

  // MARK: Packets

  private func advance(_ network: inout Network, to now: Instant) -> Bool {
    var left = Self.mostEvents
    while left > 0, network.step(until: now) { left -= 1 }
    if left > 0 { network.moveClock(to: now) }
    return left > 0
  }

  /// Takes in what the kernels have sent, moves the simulation to now, and gives the kernels what has arrived.
  private func exchange(_ network: inout Network) {
    let now = clock.now(network.clock)
    isBehind = !advance(&network, to: now)
    if !isFull {
      for place in places where place.isReady {
        readBatch(of: place, into: &network)
        if place.isReady { isBehind = true }
        if place.isCut { forget(place.device) }
      }
    }
    if !advance(&network, to: now) { isBehind = true }
    deliver(network.takeOutsideArrivals())
    nextDue = network.nextDue
    clock.note(network.clock)
    holdBack(network.inFlight)
  }

  private func readBatch(of place: Place, into network: inout Network) {
    var left = Self.batch
    var isThere = true
    while left > 0, isThere {
      isThere = place.read { bytes, isSummed in
        take(bytes, isSummed: isSummed, from: place, into: &network)
        left -= 1
      }
    }
  }

  private func take(_ bytes: [UInt8], isSummed: Bool, from place: Place, into network: inout Network) {
    guard let host = place.host, let header = RawHeader(bytes) else { return place.noteStrange() }
    var whole = bytes
    var limit: Int?
    if let piece = header.piece {
      guard let found = place.pieces.add(bytes, header, piece) else { return }
      whole = found.bytes
      limit = found.limit
    }
    guard let packet = try? CarriedPacket(whole, isSummed: isSummed) else { return place.noteStrange() }
    let number = network.inject(packet.packet, from: host, inPiecesOf: limit)
    carried.keep(packet, number: number)
  }

  private func deliver(_ arrivals: [OutsideArrival]) {
    for arrival in arrivals {
      guard let place = places.first(where: { $0.host == arrival.host }) else { continue }
      if let packet = arrival.packet.arrived(carriedAs: carried[arrival.number]) { place.write(packet) }
      if arrival.packet.fragment == nil { carried.drop(arrival.number) }
    }
    if !arrivals.isEmpty { for place in places { place.flush() } }
  }

  /// Lets the kernels' own queues fill and overflow while too much is on its way, as before any slow link.
  private func holdBack(_ inFlight: Int) {
    let isFull = inFlight > (self.isFull ? Self.mostInFlight / 2 : Self.mostInFlight)
    guard isFull != self.isFull else { return }
    self.isFull = isFull
    for loop in loops {
      for place in places where !place.isCut {
        if isFull {
          loop.forget(place.device)
        } else {
          place.isReady = true
          loop.watch(place.device) { [weak place] in place?.isReady = true }
        }
      }
    }
  }
}

extension Laboratory: LoopCompanion {
  /// Until the next event of the simulation is due.
  public var patience: Int64? {
    if isBehind { return 0 }
    let due: Int64? = nextDue == .never ? nil : clock.nanoseconds(until: nextDue)
    guard let due, let attention else { return due ?? attention }
    return min(due, attention)
  }

  public func beat() {
    holder.changeNetwork { exchange(&$0) }
    holder.look()
  }
}
