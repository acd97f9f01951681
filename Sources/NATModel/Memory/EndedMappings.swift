// SPDX-License-Identifier: GPL-3.0-or-later

/// The last 4,096 mappings that ended in one way: those that timed out, or those removed otherwise.
///
/// A real router forgets them. They are kept to tell a learner what existed and how it ended, which the router itself
/// cannot tell from an endpoint that never existed.
struct EndedMappings: Sendable {
  static let capacity = 4_096

  private var mappings = PagedArray<Mapping>()
  private var index = HashIndex()
  /// Mappings that ever ended this way.
  private(set) var total = 0

  private func slot(_ transport: TransportProtocol, _ external: Endpoint) -> Int? {
    index.first(KeyHash.value(of: transport, external)) {
      mappings[$0].transport == transport && mappings[$0].external == external
    }
  }

  mutating func remember(_ mapping: Mapping) {
    // Of two mappings that had the same outside endpoint only the later one can be looked up.
    forget(mapping.transport, mapping.external)
    let slot = total % Self.capacity
    if slot < mappings.count {
      let old = mappings[slot]
      index.remove(KeyHash.value(of: old.transport, old.external), row: slot)
      mappings[slot] = mapping
    } else {
      mappings.append(mapping)
    }
    index.insert(KeyHash.value(of: mapping.transport, mapping.external), row: slot)
    total += 1
  }

  /// Stops judging packets to `external` by a mapping that ended: the endpoint is in use again.
  mutating func forget(_ transport: TransportProtocol, _ external: Endpoint) {
    guard total > 0, let slot = slot(transport, external) else { return }
    index.remove(KeyHash.value(of: transport, external), row: slot)
  }

  /// The number of the mapping that had the outside endpoint `external`.
  func findID(_ transport: TransportProtocol, _ external: Endpoint) -> Int? {
    slot(transport, external).map { mappings[$0].id }
  }

  /// The mapping that had the outside endpoint `external`.
  func find(_ transport: TransportProtocol, _ external: Endpoint) -> Mapping? {
    slot(transport, external).map { mappings[$0] }
  }

  /// Those that ended after the first `count`, as far as they are kept, in order.
  func since(_ count: Int) -> [Mapping] {
    (max(count, total - Self.capacity, 0)..<max(count, total)).map { mappings[$0 % Self.capacity] }
  }
}
