// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension RandomLife {
  /// Gives a host the second outside address for itself, or takes it back.
  mutating func changeWholeAddress() -> String? {
    let now = now
    let external = nat.externalAddresses[1]
    let inside = Self.inside[Int(choices.below(3))]
    reference.pass(now)
    if reference.pairs.contains(where: { $0.external == external }) {
      reference.pairs = []
      let error = Self.attempt(&nat) { nat throws(StaticMappingError) in
        try nat.unpair(external)
        return 0
      }
      return error == nil ? compareTables() : "no such pair"
    }
    let isForwarded = reference.rows.contains { $0.isStatic && $0.inside.address == inside }
    if !isForwarded {
      let displaced = reference.rows.filter {
        !$0.isStatic && reference.isTranslated($0) && ($0.outside.address == external || $0.inside.address == inside)
      }
      for row in displaced { reference.end(row, at: now) }
      reference.pairs = [AddressPair(external: external, inside: inside)]
    }
    let error = Self.attempt(&nat) { nat throws(StaticMappingError) in
      try nat.pair(external, with: inside, at: now)
      return 0
    }
    guard error == (isForwarded ? .hasForwards(inside) : nil) else { return "pairing ended with \(error as Any)" }
    return compareTables()
  }
}
