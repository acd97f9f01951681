// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons

/// Those who see a demonstration elsewhere than at the presenter's terminal: on a page.
public protocol DemonstrationAudience: AnyObject {
  /// Where it is to be seen.
  var invitation: String { get }

  /// Shows how it stands.
  func show(_ scene: DemonstrationScene)

  /// How many have taken each choice of the vote that is open; nil where that is as it was.
  func newVotes() -> [Int]?
}

/// Where a demonstration is.
public struct DemonstrationScene: Sendable {
  package var session: Session
  /// The command that was shown last, and the one before; empty where there is none.
  package var command: String
  package var previous: String
  /// The vote that is open, and its place in the demonstration.
  package var vote: Demonstration.Vote?
  package var beat: Int?
}
