// SPDX-License-Identifier: GPL-3.0-or-later

/// Values by their type: the outer layer lends them to a session for commands that this target knows nothing of, such
/// as the lessons of a folder.
struct Provisions: Sendable {
  // There are a handful of them, which are searched faster than a dictionary is made.
  private var values: [(type: ObjectIdentifier, value: any Sendable)] = []

  subscript<Provision: Sendable>(type: Provision.Type) -> Provision? {
    get { values.first { $0.type == ObjectIdentifier(type) }?.value as? Provision }
    set {
      values.removeAll { $0.type == ObjectIdentifier(type) }
      if let newValue { values.append((ObjectIdentifier(type), newValue)) }
    }
  }

  /// The same for a session that replays another: nothing that would record the learner's work.
  var forReplay: Provisions {
    var copy = self
    copy.values = values.map { ($0.type, ($0.value as? any Recording)?.withoutRecord ?? $0.value) }
    return copy
  }

  /// The words of the values that keep a list of that name.
  func words(of list: String) -> [Completions.Candidate] {
    values.compactMap { $0.value as? any WordListing }.flatMap { $0.words(of: list) }
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
