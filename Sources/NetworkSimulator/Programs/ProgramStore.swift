// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The programs of all hosts, and when they want to be woken.
struct ProgramStore: Sendable {
  struct TimerSetting: Hashable, Sendable {
    var urgency: TimerUrgency
    /// Which setting of the timer this is: a timer that was reset does not wake its program for the old setting.
    var setting: Int
  }

  struct Entry: Sendable {
    /// Counted from 1 through the life of the network.
    var id: Int
    var host: DeviceID
    /// Nil while it runs.
    var program: (any HostProgram)?
    var isRunning = true
    /// Somebody at the host has ended it.
    var wasStopped = false
    var ports: [LocalPort] = []
    var timers: [Int: TimerSetting] = [:]
    var generator: SeededGenerator
  }

  private struct WakeUp: Sendable {
    var place: Int32
    var timer: Int32
    var setting: Int
  }

  private(set) var entries = PagedArray<Entry?>()
  private var free: [Int] = []
  private var placesByID: [Int: Int] = [:]
  private var placesByHost: [DeviceID: [Int]] = [:]
  private var wakeUps = EventQueue<WakeUp>()
  private var settings = 0
  private var lastID = 0
  /// Timers that `run` waits for.
  private(set) var pressing = 0
  /// Programs that run.
  private(set) var running = 0
  /// No program is woken before this; ``Instant/never`` if none will be.
  private(set) var nextDue = Instant.never

  /// The places of all programs, in the order in which they were begun.
  var places: [Int] {
    entries.indices.filter { entries[$0] != nil }.sorted { entries[$0]?.id ?? 0 < entries[$1]?.id ?? 0 }
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
    guard let entry = entries[place] else { return }
    placesByID[entry.id] = nil
    placesByHost[entry.host]?.removeAll { $0 == place }
    if placesByHost[entry.host]?.isEmpty == true { placesByHost[entry.host] = nil }
    entries[place] = nil
    free.append(place)
  }

  /// Ends a program; its state can still be looked at.
  mutating func end(_ place: Int) {
    guard let entry = entries[place], entry.isRunning else { return }
    for timer in entry.timers.values where timer.urgency == .pressing { pressing -= 1 }
    entries[place]?.timers = [:]
    entries[place]?.ports = []
    entries[place]?.isRunning = false
    running -= 1
  }

  /// Takes note that somebody at the host has ended a program.
  mutating func noteStopped(_ place: Int) { entries[place]?.wasStopped = true }

  /// Takes a program out to let it run; it is put back when it has.
  mutating func take(_ place: Int) -> (any HostProgram)? {
    let program = entries[place]?.program
    entries[place]?.program = nil
    return program
  }

  /// Puts back a program that has run.
  mutating func putBack(_ program: any HostProgram, _ context: ProgramContext, at place: Int) {
    entries[place]?.program = program
    entries[place]?.ports = context.ports
    entries[place]?.generator = context.generator
  }

  mutating func setTimer(_ timer: Int, of place: Int, at due: Instant, _ urgency: TimerUrgency) {
    cancelTimer(timer, of: place)
    guard entries[place]?.isRunning == true else { return }
    settings += 1
    entries[place]?.timers[timer] = TimerSetting(urgency: urgency, setting: settings)
    if urgency == .pressing { pressing += 1 }
    wakeUps.add(
      WakeUp(place: Int32(truncatingIfNeeded: place), timer: Int32(truncatingIfNeeded: timer), setting: settings),
      at: due)
    nextDue = wakeUps.nextDue
  }

  mutating func cancelTimer(_ timer: Int, of place: Int) {
    guard let old = entries[place]?.timers.removeValue(forKey: timer) else { return }
    if old.urgency == .pressing { pressing -= 1 }
  }

  /// Takes the timer that runs out next; nil if it has been reset or cancelled since.
  mutating func next() -> (place: Int, timer: Int, due: Instant)? {
    guard let wakeUp = wakeUps.next(until: nextDue) else { return nil }
    nextDue = wakeUps.nextDue
    let (place, timer) = (Int(wakeUp.item.place), Int(wakeUp.item.timer))
    guard let set = entries[place]?.timers[timer], set.setting == wakeUp.item.setting else { return nil }
    cancelTimer(timer, of: place)
    return (place, timer, wakeUp.due)
  }
}
