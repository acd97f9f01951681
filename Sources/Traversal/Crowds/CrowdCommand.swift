// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// `crowd N [direct|via NAME|ice [mix MIX]] [rate RATE] [for DURATION]`
struct CrowdCommand: Command {
  let users: Located<Int>
  /// The server's name; nil means directly.
  let via: Located<String>?
  /// The users' homes; nil where everybody has a public address.
  let population: Population?
  let options: StreamOptions

  init(_ arguments: Arguments) throws(SyntaxError) {
    try StreamOptions.checkPath(arguments)
    users = try arguments.count("N")
    via = arguments.optionalText("via")
    let mix = arguments.optionalText("mix")
    if let mix, let other = via == nil ? arguments.choice("path")?.value : "via", other != "ice" {
      throw SyntaxError(.conflict(other, "mix"), column: mix.columns.lowerBound, length: mix.columns.count)
    }
    if let mix {
      population = try Population(mix, usage: arguments.usage)
    } else {
      population = arguments.choice("path")?.value == "ice" ? .standard : nil
    }
    options = StreamOptions(arguments)
  }

  static let declaration = CommandDeclaration(
    Self.self, "crowd", strangers: ["users", "scale", "benchmark"], group: .traffic, effect: .looks,
    forms: [
      [
        .required("N", .count(2...Crowd.mostUsers)), .choice("path", ["direct", "ice"]), .clause("via", "NAME", .label),
        .clause("mix", "MIX", .text),
      ] + StreamOptions.parameters
    ],
    summary: said("lets N users call each other in pairs, and measures the cost for a server"),
    details: [
      said(
        "N is even. Each user sends one stream and receives one, 2 megabits a second for 10 seconds, unless you say ",
        "otherwise, as real packets on a network of their own, where everybody has a public address. Your own network ",
        "is not touched."),
      said(
        "`via NAME` puts a server of that name in the middle and measures the traffic into it and out of it, for smaller ",
        "crowds too, so that you see it grow. `direct`, the default, has no server."),
      said(
        "`ice` gives every user a home with a router, and lets each pair find its way as browsers do: directly, by a punched ",
        "hole, or through a relay. It tells how many got through, and what the relay then carries. `mix` says how ",
        "common each kind of router is, by presets or behaviors as `matrix` names them; `cgnat` is a home router behind ",
        "the provider's. Unless you say otherwise it is `mix linux:70,symmetric:20,cgnat:10`."),
      said("Ctrl-C stops it; the measurements so far are shown."),
    ],
    examples: [
      "crowd 10 via server", "crowd 10 direct", "crowd 100 via server rate 500kbit for 2s",
      "crowd 20 ice mix home:60,symmetric:40 for 1s",
    ], seeAlso: ["call", "ice", "matrix", "peer-to-peer"])
}

extension CrowdCommand {
  /// The longest run for one point of the plot, and the fewest packets of each user.
  private static let sample = (duration: Interval.seconds(1), packets: 10)

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let count = users.value
    guard count.isMultiple(of: 2) else {
      throw CommandError(.other(TrafficFault.oddCrowd(count)), at: users.columns, suggestion: "\(count + 1)")
    }
    let most = session.monitor?.mostDevices ?? .max
    guard count <= most else {
      throw CommandError(.other(TrafficFault.crowdTooLarge(most: most)), at: users.columns, suggestion: "\(most)")
    }
    let plan = try options.plan(users: count)
    if let population { return try execute(population, count, plan, in: session) }
    let path = via.map { Crowd.Path.via($0.value) } ?? .direct
    let seed = session.network.seed
    let monitor = session.trafficMonitor
    func measure(_ users: Int, _ plan: StreamPlan) throws(CommandError) -> TrafficResult? {
      do throws(BuildError) {
        return try Crowd(users: users, path: path, plan: plan, seed: seed).run(watchedBy: monitor)
      } catch {
        throw CommandError(.build(error), at: via?.columns)
      }
    }
    guard let whole = try measure(count, plan) else { throw CommandError(.other(TrafficFault.stopped)) }
    var report = CrowdReport(
      traffic: TrafficReport(whole, users: count, via: via?.value) { _ in "" }, growth: [])
    guard via != nil else { return outcome(report, whole) }
    if !whole.wasStopped {
      let shortened = plan.shortened(to: max(Self.sample.packets, plan.packets(in: Self.sample.duration)))
      for quarter in 1...3 {
        let users = max(count * quarter / 4 & ~1, 2)
        guard users < count, users > report.growth.last?.users ?? 0 else { continue }
        // Stopping the smaller crowds still gives the large one's result.
        guard let result = try measure(users, shortened), !result.wasStopped else { break }
        report.growth.append(CrowdReport.Point(result, users: users))
      }
    }
    report.growth.append(CrowdReport.Point(whole, users: count))
    return outcome(report, whole)
  }

  private func execute(
    _ population: Population, _ count: Int, _ plan: StreamPlan, in session: Session
  ) throws(CommandError) -> CommandOutcome {
    let monitor = session.monitor
    let crowd = ICECrowd(users: count, population: population, plan: plan, seed: session.network.seed)
    let outcome: ICECrowd.Outcome
    do throws(BuildError) {
      outcome = try crowd.run(
        doingAll: session.doAll,
        watchedBy: { monitor?.goesOn(.trying, $0, of: count / 2) ?? true })
    } catch {
      throw CommandError(.build(error))
    }
    guard !outcome.pairs.isEmpty else { throw CommandError(.other(TrafficFault.stopped)) }
    let pairs = outcome.pairs.values.reduce(0, +)
    var traffic = TrafficReport(outcome.traffic, users: pairs * 2, via: nil) { _ in "" }
    traffic.isByICE = true
    let homes = CrowdReport.Homes(population: population, pairs: outcome.pairs)
    return self.outcome(CrowdReport(traffic: traffic, growth: [], homes: homes), outcome.traffic, users: pairs * 2)
  }

  /// - Parameter users: How many counted before the crowd was stopped; nil if all did, for a shorter time.
  private func outcome(_ report: CrowdReport, _ result: TrafficResult, users: Int? = nil) -> CommandOutcome {
    var outcome = CommandOutcome(report)
    if result.wasStopped {
      // The line must lead to the same measurements when it is redone.
      let path = population.map { "ice mix \($0.text)" } ?? via.map { "via \($0.value)" } ?? "direct"
      let rate = options.rate.map { " rate \($0.value)" } ?? ""
      outcome.equivalentLine = "crowd \(users ?? self.users.value) \(path)\(rate) for \(result.plan.duration)"
    }
    return outcome
  }
}
