// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A program as a list shows it.
public struct ProgramSummary: Hashable, Sendable {
  public var id: Int
  public var host: DeviceID
  public var name: String
  public var port: UInt16?
  /// One word: the program's own, or `stopped` where somebody at the host has ended it.
  public var state: String
  public var isRunning: Bool
  /// What it has passed on for others.
  public var carried: CarriedTraffic?
}

/// The programs of hosts.
extension Network {
  // MARK: Looking

  /// The programs of a host, or of all, in the order in which they were begun; one that has ended stays until another
  /// with its name begins on that host.
  public func programs(on id: DeviceID? = nil) -> [ProgramSummary] {
    (id.map { programStore.places(on: $0) } ?? programStore.places).compactMap { place in
      let entry = programStore.entries[place]
      guard let program = entry.program else { return nil }
      return ProgramSummary(
        id: entry.id, host: entry.host, name: program.name, port: program.port,
        state: entry.wasStopped ? "stopped" : program.state,
        isRunning: entry.isRunning, carried: program.carried)
    }
  }

  /// The present state of program `id`; nil if it does not exist or is of another type.
  public func program<Program: HostProgram>(_ id: Int, as type: Program.Type) -> Program? {
    programStore.place(ofID: id).flatMap { programStore.entries[$0].program as? Program }
  }

  /// The word for the activity of program `id`; nil if it does not exist.
  package func state(ofProgram id: Int) -> String? {
    programStore.place(ofID: id).flatMap { programStore.entries[$0].program?.state }
  }

  /// Whether `run` has anything to wait for: a packet on its way, a pressing timer, or a segment that is sent again
  /// unless it is acknowledged.
  public var isBusy: Bool { inFlight > 0 || programStore.pressing > 0 || !retransmittingHosts.isEmpty }

  // MARK: Beginning and ending

  /// Begins a program on a host.
  ///
  /// - Throws: the error of its start, such as `portInUse`; then nothing has changed.
  @discardableResult
  public mutating func start(_ program: some HostProgram, on id: DeviceID) throws(HostError) -> Int {
    guard case .host = nodes[id.index].role else { throw .notAHost(details[id.index].name) }
    let before = self
    for place in programStore.places(on: id) {
      guard !programStore.entries[place].isRunning, programStore.entries[place].program?.name == program.name else {
        continue
      }
      programStore.remove(place)
    }
    let number = programStore.nextID
    let place = programStore.add(
      on: id,
      generator: SeededGenerator(seed: seed, name: details[id.index].name, purpose: "program \(number)"))
    var program: any HostProgram = program
    do throws(HostError) {
      try perform(place, nil) { context throws(HostError) in
        try program.start(&context)
        return program
      }
    } catch {
      self = before
      throw error
    }
    return number
  }

  /// Ends a program; its ports close.
  public mutating func stop(_ id: Int) {
    guard let place = programStore.place(ofID: id), programStore.entries[place].isRunning,
      var program = programStore.take(place)
    else { return }
    perform(place, nil) { context in
      program.stop(&context)
      context.finish()
      return program
    }
    programStore.noteStopped(place)
  }

  /// Forgets a program, and ends it first if it is running.
  public mutating func forget(_ id: Int) {
    stop(id)
    if let place = programStore.place(ofID: id) { programStore.remove(place) }
  }

  /// Lets somebody at the host make a running program do something, such as beginning again.
  ///
  /// - Returns: the result of `body`; nil if the program does not exist, has ended or is of another type.
  @discardableResult
  public mutating func instruct<Program: HostProgram, Answer>(
    _ id: Int, as type: Program.Type, _ body: (inout Program, inout ProgramContext) -> Answer
  ) -> Answer? {
    guard let place = programStore.place(ofID: id), programStore.entries[place].isRunning,
      programStore.entries[place].program is Program, var program = programStore.take(place) as? Program
    else { return nil }
    var answer: Answer?
    perform(place, nil) { context in
      answer = body(&program, &context)
      return program
    }
    return answer
  }

  /// Ends the programs of a device that is being removed.
  mutating func removePrograms(of id: DeviceID) {
    for place in programStore.places(on: id) { programStore.remove(place) }
  }

  // MARK: Ports without a program

  /// Takes a host's next ephemeral port as a source; nil if the device is not a host.
  public mutating func takePort(of id: DeviceID, _ transport: TransportProtocol) -> UInt16? {
    guard case .host(let slot) = nodes[id.index].role else { return nil }
    return hosts[slot].takeEphemeral(transport)
  }

  /// Keeps deliveries to a port of a host for ``takeDelivery()``, for drivers of millions of packets.
  public mutating func own(_ id: DeviceID, _ transport: TransportProtocol, port: UInt16) {
    guard case .host(let slot) = nodes[id.index].role else { return }
    hosts[slot].owners.set(.driver, of: LocalPort(transport: transport, port: port))
  }

  /// The delivery by the last ``step(until:)`` to a port that is the driver's; it is given once.
  public mutating func takeDelivery() -> Delivery? {
    defer { driverDelivery = nil }
    return driverDelivery
  }

  /// The number that the next packet will get.
  public var nextPacketNumber: Int { packetNumber + 1 }

  // MARK: Running

  /// Hands a delivery to the owner of its port.
  mutating func deliver(_ delivery: Delivery, atHost slot: Int) {
    let port = LocalPort(transport: delivery.transport, port: delivery.local.port)
    switch hosts[slot].owners[port] {
    case .driver?: driverDelivery = delivery
    case .program(let place)?:
      guard var program = programStore.take(place) else { return }
      perform(place, delivery.number) { context in
        program.receive(delivery, &context)
        return program
      }
    case nil:
      guard let standby, standby.answers(delivery) else { return }
      beginStandby(standby, for: delivery)
    }
  }

  /// Begins the standby program on a host where something has arrived that it answers.
  private mutating func beginStandby(_ program: any HostProgram, for delivery: Delivery) {
    let place = programStore.add(
      on: delivery.host,
      generator: SeededGenerator(
        seed: seed, name: details[delivery.host.index].name, purpose: "program \(programStore.nextID)"))
    var program = program
    perform(place, delivery.number) { context in
      if (try? context.open(delivery.transport, delivery.local.port)) != nil { program.receive(delivery, &context) }
      return program
    }
  }

  /// Wakes the next program whose timer runs out.
  ///
  /// - Returns: whether that counts as a step: whether it sent anything or reported an event.
  mutating func wakeNext() -> Bool {
    guard let next = programStore.next(), var program = programStore.take(next.place) else { return false }
    clock = max(clock, next.due)
    let (packets, events) = (packetNumber, trace.eventCount)
    perform(next.place, nil) { context in
      program.wake(next.timer, &context)
      return program
    }
    return packetNumber > packets || trace.eventCount > events
  }

  /// Runs a program, which has been taken out of its place, and carries out its effects.
  private mutating func perform<Failure: Error>(
    _ place: Int, _ arrival: Int?,
    _ body: (inout ProgramContext) throws(Failure) -> any HostProgram
  ) throws(Failure) {
    let id = programStore.entries[place].host
    guard case .host(let slot) = nodes[id.index].role else { return }
    var context = ProgramContext(
      now: clock, hostName: details[id.index].name, ports: programStore.takePorts(place), owner: .program(place),
      generator: programStore.entries[place].generator)
    // While the program has the host's part, nobody else shares it, so nothing of it is copied.
    swap(&context.host, &hosts[slot])
    swap(&context.effects, &programStore.spareEffects)
    let program = try body(&context)
    swap(&context.host, &hosts[slot])
    programStore.putBack(program, context, at: place)
    carryOut(context.effects, of: place, id, name: program.name, arrival: arrival)
    context.effects.removeAll(keepingCapacity: true)
    swap(&context.effects, &programStore.spareEffects)
    if hosts[slot].retransmits { noteAwaiting(id, slot) }
  }

  private mutating func carryOut(
    _ effects: [ProgramContext.Effect], of place: Int, _ host: DeviceID, name: String, arrival: Int?
  ) {
    var lastSent: Int?
    for effect in effects {
      switch effect {
      case .send(let packet): lastSent = emit(packet, from: host, about: arrival)
      case .act(let action, let port, let remote):
        do throws(HostError) {
          lastSent = try act(action, from: host, port: port, to: remote)
        } catch {
          guard isTracing else { continue }
          trace.add("failed", by: name, on: host, at: clock, packet: nil, ["reason": .text(error.word)])
        }
      case .event(let event, let data, let subject):
        let packet: Int? =
          switch subject {
          case .arrival: arrival
          case .lastSent: lastSent
          case .nothing: nil
          }
        if isTracing { trace.add(event, by: name, on: host, at: clock, packet: packet, data) }
      case .setTimer(let timer, let due, let urgency): programStore.setTimer(timer, of: place, at: due, urgency)
      case .cancelTimer(let timer): programStore.cancelTimer(timer, of: place)
      case .finish: endProgram(at: place, on: host)
      }
    }
  }

  private mutating func endProgram(at place: Int, on host: DeviceID) {
    guard case .host(let slot) = nodes[host.index].role else { return }
    for port in programStore.entries[place].ports { hosts[slot].giveUp(port) }
    programStore.end(place)
  }
}
