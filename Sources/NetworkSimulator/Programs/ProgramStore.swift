// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The programs of all hosts, and when they want to be woken.
struct ProgramStore: Sendable {
  struct TimerSetting: Hashable, Sendable {
    /// The program's own number for it.
    var timer: Int
    var urgency: TimerUrgency
    /// Which setting of the timer this is: a timer that was reset does not wake its program for the old setting.
    var setting: Int
  }

  struct Entry: Sendable {
    /// Counted from 1 through the life of the network; 0 for a place that is free.
    var id: Int
    var host: DeviceID
    /// Nil while it runs.
    var program: (any HostProgram)?
    var isRunning = true
    /// Somebody at the host has ended it.
    var wasStopped = false
    var ports: [LocalPort] = []
    /// A few at most, so they are looked through.
    var timers: [TimerSetting] = []
    var generator: SeededGenerator

    /// Sets a timer, or resets it; returns how it was set before.
    mutating func set(_ setting: TimerSetting) -> TimerSetting? {
      guard let place = timers.firstIndex(where: { $0.timer == setting.timer }) else {
        timers.append(setting)
        return nil
      }
      defer { timers[place] = setting }
      return timers[place]
    }

    mutating func removeTimer(_ timer: Int) -> TimerSetting? {
      timers.firstIndex { $0.timer == timer }.map { timers.remove(at: $0) }
    }
  }

  private struct WakeUp: Sendable {
    var place: Int32
    var timer: Int32
    var setting: Int
  }

  private(set) var entries = PagedArray<Entry>()
  private var free: [Int] = []
  private var placesByID: [Int: Int] = [:]
  private var placesByHost: [DeviceID: [Int]] = [:]
  private var wakeUps = EventQueue<WakeUp>()
  private var settings = 0
  private var lastID = 0
  /// The memory for the effects of the program that runs, kept from one to the next.
  var spareEffects: [ProgramContext.Effect] = []
  /// Timers that `run` waits for.
  private(set) var pressing = 0
  /// Programs that run.
  private(set) var running = 0
  /// No program is woken before this; ``Instant/never`` if none will be.
  private(set) var nextDue = Instant.never

  /// The places of all programs, in the order in which they were begun.
  var places: [Int] {
    entries.indices.filter { entries[$0].id > 0 }.sorted { entries[$0].id < entries[$1].id }
  }

  func place(ofID id: Int) -> Int? { placesByID[id] }

  /// The places of a host's programs, in the order in which they were begun.
  func places(on host: DeviceID) -> [Int] { placesByHost[host] ?? [] }

  /// Makes room for a program; returns its place.
  mutating func add(on host: DeviceID, generator: SeededGenerator) -> Int {
    lastID += 1
    running += 1
    let entry = Entry(id: lastID, host: host, generator: generator)
    let place = free.popLast() ?? entries.count
    if place < entries.count { entries[place] = entry } else { entries.append(entry) }
    placesByID[lastID] = place
    placesByHost[host, default: []].append(place)
    return place
  }

  /// The number that the next program gets.
  var nextID: Int { lastID + 1 }

  mutating func remove(_ place: Int) {
    end(place)
    let (id, host) = (entries[place].id, entries[place].host)
    guard id > 0 else { return }
    placesByID[id] = nil
    placesByHost[host]?.removeAll { $0 == place }
    if placesByHost[host]?.isEmpty == true { placesByHost[host] = nil }
    entries[place] = Entry(id: 0, host: host, isRunning: false, generator: entries[place].generator)
    free.append(place)
  }

  /// Ends a program; its state can still be looked at.
  mutating func end(_ place: Int) {
    guard entries[place].isRunning else { return }
    pressing -= entries[place].timers.count { $0.urgency == .pressing }
    entries[place].timers = []
    entries[place].ports = []
    entries[place].isRunning = false
    running -= 1
  }

  /// Takes note that somebody at the host has ended a program.
  mutating func noteStopped(_ place: Int) { entries[place].wasStopped = true }

  /// Takes a program out to let it run; it is put back when it has.
  mutating func take(_ place: Int) -> (any HostProgram)? {
    let program = entries[place].program
    entries[place].program = nil
    return program
  }

  /// Takes out the ports of a program that is to run; they are put back with it.
  mutating func takePorts(_ place: Int) -> [LocalPort] {
    let ports = entries[place].ports
    entries[place].ports = []
    return ports
  }

  /// Puts back a program that has run.
  mutating func putBack(_ program: any HostProgram, _ context: ProgramContext, at place: Int) {
    entries[place].program = program
    entries[place].ports = context.ports
    entries[place].generator = context.generator
  }

  mutating func setTimer(_ timer: Int, of place: Int, at due: Instant, _ urgency: TimerUrgency) {
    guard entries[place].isRunning else { return }
    settings += 1
    let old = entries[place].set(TimerSetting(timer: timer, urgency: urgency, setting: settings))
    if old?.urgency == .pressing { pressing -= 1 }
    if urgency == .pressing { pressing += 1 }
    wakeUps.add(
      WakeUp(place: Int32(truncatingIfNeeded: place), timer: Int32(truncatingIfNeeded: timer), setting: settings),
      at: due)
    nextDue = wakeUps.nextDue
  }

  mutating func cancelTimer(_ timer: Int, of place: Int) {
    if entries[place].removeTimer(timer)?.urgency == .pressing { pressing -= 1 }
  }

  /// Takes the timer that runs out next; nil if it has been reset or cancelled since.
  mutating func next() -> (place: Int, timer: Int, due: Instant)? {
    guard let wakeUp = wakeUps.next(until: nextDue) else { return nil }
    nextDue = wakeUps.nextDue
    let (place, timer) = (Int(wakeUp.item.place), Int(wakeUp.item.timer))
    let set = entries[place].timers.first { $0.timer == timer }
    guard let set, set.setting == wakeUp.item.setting else { return nil }
    cancelTimer(timer, of: place)
    return (place, timer, wakeUp.due)
  }
}
