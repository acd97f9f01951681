// SPDX-License-Identifier: GPL-3.0-or-later

/// Who is connected: so many in all, and so many from one other machine, lest one of them keep everybody out. It is used on
/// the server's thread alone.
final class Attendance {
  /// The most that may be connected at once; more are told so and sent away.
  static let most = 600
  /// The most from one machine; a whole class may sit behind one NAT.
  static let mostOfOne = 200

  private var total = 0
  private var byPeer: [String: Int] = [:]

  /// Somebody comes; returns whether there is room.
  func enter(_ peer: String, isLocal: Bool) -> Bool {
    total += 1
    byPeer[peer, default: 0] += 1
    return total <= Self.most && (isLocal || byPeer[peer, default: 0] <= Self.mostOfOne)
  }

  func leave(_ peer: String) {
    total -= 1
    let rest = byPeer[peer, default: 1] - 1
    byPeer[peer] = rest > 0 ? rest : nil
  }
}
