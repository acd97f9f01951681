// SPDX-License-Identifier: GPL-3.0-or-later

/// Values by their type: the outer layer lends them to a session for commands that this target knows nothing of, such
/// as the lessons of a folder.
struct Provisions: Sendable {
  private var values: [ObjectIdentifier: any Sendable] = [:]

  subscript<Provision: Sendable>(type: Provision.Type) -> Provision? {
    get { values[ObjectIdentifier(type)] as? Provision }
    set { values[ObjectIdentifier(type)] = newValue }
  }

  /// The same for a session that replays another: nothing that would record the learner's work.
  var forReplay: Provisions {
    var copy = self
    copy.values = values.mapValues { ($0 as? any Recording)?.withoutRecord ?? $0 }
    return copy
  }

  /// The words of the values that keep a list of that name.
  func words(of list: String) -> [Completions.Candidate] {
    values.values.compactMap { $0 as? any WordListing }.flatMap { $0.words(of: list) }
  }
}

/// A value lent to a session that knows words which commands take: the ids of lessons.
public protocol WordListing: Sendable {
  /// The words of the list of that name, in order; none if it keeps no such list.
  func words(of list: String) -> [Completions.Candidate]
}

/// A value lent to a session that keeps a record of what happens in it.
public protocol Recording: Sendable {
  /// The same without the record, which is forgotten with the session.
  var withoutRecord: any Sendable { get }
}
