// SPDX-License-Identifier: GPL-3.0-or-later

extension Session {
  /// Carries out past commands again, on the same network on which they succeeded, so that they succeed again.
  ///
  /// - Throws: ``CommandError/Kind/interrupted`` if the monitor stopped it; the session is then to be put back to its
  ///   earlier state.
  mutating func doAgain(_ entries: [Past.Entry]) throws(CommandError) {
    let outer = monitor
    defer { monitor = outer }
    let watch = outer.map { ReplayMonitor(of: entries.reduce(0) { $0 + $1.commands.count }, watchedBy: $0) }
    monitor = watch
    var done = 0
    for (index, entry) in entries.enumerated() {
      let hops = network.trace.hopCount
      for command in entry.commands {
        watch?.begin(done, in: network)
        _ = try command.execute(in: &self)
        // A run stopped on the way has not reached its earlier state.
        if watch?.wasStopped == true { throw CommandError(.interrupted) }
        done += 1
      }
      past.append(
        entry, result: network, work: network.trace.hopCount - hops,
        at: Past.ReplayPlace(count: entries.count, remaining: entries.count - 1 - index))
    }
  }
}
