// SPDX-License-Identifier: GPL-3.0-or-later

extension Session {
  /// Carries out entries of the past that went well before, on the network that they went well on: they do so again.
  ///
  /// - Throws: ``CommandError/Kind/interrupted`` where the monitor stopped it, and then the session is to be put back to
  ///   what it was.
  mutating func doAgain(_ entries: [Past.Entry]) throws(CommandError) {
    let outer = monitor
    defer { monitor = outer }
    let watch = outer.map { ReplayMonitor(of: entries.reduce(0) { $0 + $1.commands.count }, watchedBy: $0) }
    monitor = watch
    var done = 0
    for entry in entries {
      let hops = network.trace.hopCount
      for command in entry.commands {
        watch?.begin(done, in: network)
        _ = try command.execute(in: &self)
        // What was stopped on the way has not become what it was.
        if watch?.wasStopped == true { throw CommandError(.interrupted) }
        done += 1
      }
      past.append(entry, result: network, work: network.trace.hopCount - hops)
    }
  }
}
