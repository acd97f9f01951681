// SPDX-License-Identifier: GPL-3.0-or-later

/// Copies of the network that are kept under names, so that one can go on in any of them.
///
/// They are in the network itself, so that whoever keeps a network keeps them: `undo`, a saved session and a lesson's
/// snapshot.
public struct Worlds: Sendable {
  /// The name of the present world.
  public internal(set) var current = Worlds.firstName
  /// The one that was present before; nil if there has been only one.
  public internal(set) var previous: String?
  /// The others by their names, each without worlds of its own.
  var others: [String: Network] = [:]
  /// All names in the order in which they were made.
  public internal(set) var names = [Worlds.firstName]

  /// The world's name before anybody has forked it.
  public static let firstName = "main"
  /// The most worlds; more are refused.
  public static let most = 64
}

/// Why a world was not made or entered.
public enum WorldError: Error, Hashable, Sendable {
  case nameTaken(String)
  case noSuchWorld(String, names: [String])
  case tooMany(limit: Int)
}

extension Network {
  /// The present state of the world of that name; nil if there is none.
  public func world(named name: String) -> Network? {
    name.lowercased() == worlds.current.lowercased() ? self : worlds.others[name.lowercased()]
  }

  /// Keeps the network as it is under its name, and goes on in a copy under another.
  ///
  /// - Parameter name: nil means the next free `world-N`.
  /// - Returns: the new world's name.
  @discardableResult
  public mutating func fork(named name: String? = nil) throws(WorldError) -> String {
    guard worlds.names.count < Worlds.most else { throw .tooMany(limit: Worlds.most) }
    let taken = Set(worlds.names.map { $0.lowercased() })
    var number = worlds.names.count + 1
    while taken.contains("world-\(number)") { number += 1 }
    let name = name ?? "world-\(number)"
    guard !taken.contains(name.lowercased()) else { throw .nameTaken(name) }
    var kept = self
    kept.worlds = Worlds()
    worlds.others[worlds.current.lowercased()] = kept
    worlds.names.append(name)
    worlds.previous = worlds.current
    worlds.current = name
    return name
  }

  /// Keeps the network as it is under its name, and goes on in another world.
  public mutating func enterWorld(named name: String) throws(WorldError) {
    guard let place = worlds.names.firstIndex(where: { $0.lowercased() == name.lowercased() }) else {
      throw .noSuchWorld(name, names: worlds.names)
    }
    guard var next = worlds.others.removeValue(forKey: name.lowercased()) else { return }
    var kept = self
    kept.worlds = Worlds()
    var all = worlds
    all.others[worlds.current.lowercased()] = kept
    all.previous = worlds.current
    all.current = worlds.names[place]
    next.worlds = all
    self = next
  }
}
