// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import NATModel
import Rendering
import Shell
import Wording

/// Shows a demonstration on a page, and lets a class vote where there is one.
public final class DemonstrationPage: DemonstrationAudience {
  private let server: PageServer
  public let invitation: String
  /// The vote that the class is asked, by its place in the demonstration.
  private var asked: Int?
  private var votes: [Int] = []

  /// - Parameter address: the address at which a class may join; nil for the page alone.
  /// - Throws: why it cannot be served.
  public init(session: Session, port: Int?, address: String?) throws(RequestFault) {
    let console = Console(session: session, format: .text, progress: nil)
    server = try PageRequest.page(at: port, in: console)
    guard let address else {
      invitation = said("The page is \(server.url)")
      return
    }
    do throws(RequestFault) {
      let opening = ClassRequest.Opening(name: "demonstration", address: IPAddress(address), port: nil, size: nil)
      var report = try ClassOpening(opening).fulfil(in: console)
      report.hasPrompt = false
      invitation = report.text(style: .plain)
    } catch {
      server.close()
      throw error
    }
  }

  public func show(_ scene: DemonstrationScene) {
    var moment = PageState.Moment(command: scene.command, previous: scene.previous)
    moment.question = scene.vote.map { QuestionJSON(text: $0.question, choices: $0.choices) }
    server.publish(scene.session, moment)
    guard asked != scene.beat else { return }
    asked = scene.beat
    votes = []
    let vote = scene.vote
    _ = server.inClass { room in
      if let vote {
        room.ask(vote.question, vote.choices)
      } else {
        _ = room.reveal(because: nil)
      }
    }
  }

  public func newVotes() -> [Int]? {
    guard asked != nil, let counts = server.inClass({ $0.poll?.counts }) ?? nil, counts != votes,
      counts.contains(where: { $0 > 0 })
    else { return nil }
    votes = counts
    return counts
  }

  /// Ends it.
  public func close() { server.close() }
}

/// Checks of what an option may name.
public enum ClassAddress {
  public static func isAddress(_ text: String) -> Bool { IPAddress(text) != nil }
}
