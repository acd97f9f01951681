// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A kind of router with which hole punching is tried: a pair of behaviours, such as `eim/adf`, or a preset.
package enum MatrixKind: Hashable, Sendable {
  case behavior(mapping: EndpointDependence, filtering: EndpointDependence)
  case preset(NATPreset)

  /// The nine pairs of a mapping and a filtering behaviour.
  package static let behaviors = EndpointDependence.allCases.flatMap { mapping in
    EndpointDependence.allCases.map { MatrixKind.behavior(mapping: mapping, filtering: $0) }
  }

  package static let presets = NATPreset.allCases.map { MatrixKind.preset($0) }

  /// `eim/adf`, `home`.
  package var name: String {
    switch self {
    case .behavior(let mapping, let filtering): "\(Self.letters[mapping] ?? "")m/\(Self.letters[filtering] ?? "")f"
    case .preset(let preset): preset.rawValue
    }
  }

  private static let letters: [EndpointDependence: String] = [
    .endpointIndependent: "ei", .addressDependent: "ad", .addressAndPortDependent: "apd",
  ]

  package static func named(_ word: String) -> MatrixKind? {
    (behaviors + presets).first { $0.name == word.lowercased() }
  }

  package var behavior: NATBehavior {
    switch self {
    case .behavior(let mapping, let filtering): NATBehavior(mapping: mapping, filtering: filtering)
    case .preset(let preset): preset.behavior
    }
  }

  var preset: NATPreset {
    switch self {
    case .behavior: .home
    case .preset(let preset): preset
    }
  }
}
