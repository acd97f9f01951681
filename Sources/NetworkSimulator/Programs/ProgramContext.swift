// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A program's view of the host that it runs on: the time, the host's addresses and ports, and its possible actions.
///
/// Its actions are carried out in order as soon as it returns.
public struct ProgramContext: Sendable {
  enum Effect: Sendable {
    case send(Packet)
    case act(HostAction, port: UInt16?, remote: Endpoint)
    case event(String, EventData, EventSubject)
    case setTimer(Int, at: Instant, TimerUrgency)
    case cancelTimer(Int)
    case finish
  }

  /// Which packet an event is about.
  public enum EventSubject: Hashable, Sendable {
    /// The one that the program has just received; none if a timer woke it.
    case arrival
    /// The one that the program sent last before the event.
    case lastSent
    case nothing
  }

  public let now: Instant
  /// The learner's name for the host.
  public let hostName: String
  /// The source of the program's random numbers.
  public var generator: SeededGenerator
  var host: Host
  /// The ports that the program owns.
  private(set) var ports: [LocalPort]
  private let owner: PortOwner
  var effects: [Effect] = []

  /// A context without its host's part, which is put in by whoever makes it.
  init(now: Instant, hostName: String, ports: [LocalPort], owner: PortOwner, generator: SeededGenerator) {
    self.now = now
    self.hostName = hostName
    host = Host(addresses: [], generator: generator)
    self.ports = ports
    self.owner = owner
    self.generator = generator
  }

  /// The host's addresses, at most one per family, IPv4 first.
  public var addresses: [IPAddress] { host.addresses }
  /// Whether an address is one of the host's own.
  public func has(_ address: IPAddress) -> Bool { host.has(address) }
  /// Additional addresses at which packets reach the host.
  public var alternateAddresses: [IPAddress] { host.alternateAddresses }
  /// The address from which the host sends to `remote`.
  public func address(towards remote: IPAddress) -> IPAddress? { host.address(remote.family) }

  // MARK: Ports

  /// Makes a port the program's own: it gets all deliveries to it, and all reports about packets from it.
  ///
  /// - Parameter port: nil means the host's next ephemeral one.
  /// - Throws: `portInUse` if another program has it.
  @discardableResult
  public mutating func open(_ transport: TransportProtocol, _ port: UInt16? = nil) throws(HostError) -> UInt16 {
    let number = port ?? host.takeEphemeral(transport)
    let local = LocalPort(transport: transport, port: number)
    if let other = host.owners[local], other != owner {
      throw .portInUse(transport, number, host: hostName)
    }
    host.owners.set(owner, of: local)
    if !ports.contains(local) { ports.append(local) }
    return number
  }

  /// Gives up a port of the program.
  public mutating func close(_ transport: TransportProtocol, _ port: UInt16) {
    let local = LocalPort(transport: transport, port: port)
    guard let place = ports.firstIndex(of: local) else { return }
    ports.remove(at: place)
    host.giveUp(local)
  }

  // MARK: Packets

  /// Sends a datagram.
  ///
  /// - Parameter local: one of the host's endpoints.
  /// - Returns: whether it could be sent: the host has an address of that family, and the destination is valid.
  @discardableResult
  public mutating func send(
    _ payload: Payload, from local: Endpoint, to remote: Endpoint, timeToLive: UInt8 = 64, dontFragment: Bool = false
  ) -> Bool {
    guard local.address.family == remote.address.family, host.has(local.address), remote.address.scope != .unspecified
    else { return false }
    host.use(.udp, local.port)
    var packet = Packet(.udp, from: local, to: remote, timeToLive: timeToLive, payload: payload)
    packet.dontFragment = dontFragment
    effects.append(.send(packet))
    return true
  }

  /// Sends a datagram from `port` of the host's address of that family.
  @discardableResult
  public mutating func send(
    _ payload: Payload, from port: UInt16, to remote: Endpoint, timeToLive: UInt8 = 64, dontFragment: Bool = false
  ) -> Bool {
    guard let address = address(towards: remote.address) else { return false }
    return send(
      payload, from: Endpoint(address, port), to: remote, timeToLive: timeToLive, dontFragment: dontFragment)
  }

  /// Opens a TCP connection; `opened` or `reset` is delivered if anything answers.
  @discardableResult
  public mutating func connect(from port: UInt16? = nil, to remote: Endpoint) throws(HostError) -> Endpoint {
    guard let address = address(towards: remote.address) else {
      throw .noAddress(remote.address.family, host: hostName)
    }
    let local = Endpoint(address, try open(.tcp, port))
    effects.append(.send(try host.open(ConnectionKey(local: local, remote: remote), payload: .empty, at: now)))
    return local
  }

  /// Sends data on an open TCP connection; false if there is none.
  @discardableResult
  public mutating func sendData(_ payload: Payload, from local: Endpoint, to remote: Endpoint) -> Bool {
    let segments = host.segments(carrying: payload, on: ConnectionKey(local: local, remote: remote), at: now)
    effects += segments.map { .send($0) }
    return !segments.isEmpty
  }

  /// Closes an open TCP connection; false if there is none.
  @discardableResult
  public mutating func closeConnection(from local: Endpoint, to remote: Endpoint) -> Bool {
    guard let packet = host.close(ConnectionKey(local: local, remote: remote)) else { return false }
    effects.append(.send(packet))
    return true
  }

  /// Forgets a TCP connection that is only half open, so that it can be asked for again from the same port.
  public mutating func abandonConnection(from local: Endpoint, to remote: Endpoint) {
    host.connections[ConnectionKey(local: local, remote: remote)] = nil
    host.retransmissions[ConnectionKey(local: local, remote: remote)] = nil
  }

  /// Whether the host has an open TCP connection with `remote`, from `port` if one is given.
  public func isConnected(port: UInt16?, to remote: Endpoint) -> Bool { host.isConnected(port: port, to: remote) }

  /// Sends what a person at the host would send, as soon as the program returns. If that fails, the program is said to
  /// report `failed`, with the error's word as the `reason`.
  public mutating func act(_ action: HostAction, from port: UInt16?, to remote: Endpoint) {
    effects.append(.act(action, port: port, remote: remote))
  }

  // MARK: Time and telling

  /// Sets a timer, or resets it.
  ///
  /// - Parameter timer: the program's own number for it.
  public mutating func setTimer(_ timer: Int, after wait: Interval, _ urgency: TimerUrgency) {
    effects.append(.setTimer(timer, at: now + max(wait, .zero), urgency))
  }

  public mutating func cancelTimer(_ timer: Int) { effects.append(.cancelTimer(timer)) }

  /// Reports something that the program has learned or decided.
  public mutating func tell(_ event: String, _ data: EventData = [:], about subject: EventSubject = .arrival) {
    effects.append(.event(event, data, subject))
  }

  /// Ends the program when it returns: its ports close and its timers are removed. Its state can still be looked at.
  public mutating func finish() { effects.append(.finish) }

  /// Closes all of the program's ports.
  mutating func closeAll() {
    for local in ports { host.giveUp(local) }
    ports = []
  }
}
