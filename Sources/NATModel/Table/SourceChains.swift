// SPDX-License-Identifier: GPL-3.0-or-later

/// The rows of each inside endpoint, the newest first, for overloaded outside ports.
///
/// A new flow first tries the outside port of its inside endpoint's newest row, as netfilter does; when that row goes,
/// the next older one stands for the endpoint. The index leads to the newest, and links lead on from there; they are
/// kept apart from the rows, since only such NATs have them.
struct SourceChains: Sendable {
  private struct Link: Sendable {
    var newer = MappingRow.none
    var older = MappingRow.none
  }

  private var links = PagedArray<Link>()

  /// Makes row `number` its endpoint's newest, before `older`.
  mutating func add(_ number: Int, before older: Int?) {
    while links.count <= number { links.append(Link()) }
    links[number] = Link(older: older.map(Int32.init) ?? MappingRow.none)
    if let older { links[older].newer = Int32(number) }
  }

  /// Removes row `number`; returns the next older row, and whether this one was the newest.
  mutating func remove(_ number: Int) -> (older: Int?, wasNewest: Bool) {
    let link = links[number]
    if link.newer != MappingRow.none { links[Int(link.newer)].older = link.older }
    if link.older != MappingRow.none { links[Int(link.older)].newer = link.newer }
    return (link.older == MappingRow.none ? nil : Int(link.older), link.newer == MappingRow.none)
  }
}
