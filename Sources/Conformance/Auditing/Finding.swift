// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// How well a router meets a requirement.
package enum RequirementOutcome: String, Encodable, Sendable, CaseIterable {
  case met
  /// The requirement is met, but a lesser one that belongs to it is not.
  case partly
  case notMet = "not-met"
  case notApplicable = "not-applicable"
}

/// The audit's finding about one requirement, or about a part of one.
package struct Finding: Encodable, Sendable {
  /// `REQ-9`, `REQ-3a`, `7857-9`
  package var requirement: String
  package var rfc: Int
  package var section: String
  package var level: RequirementLevel
  package var asks: String
  package var outcome: RequirementOutcome
  /// Whether the requirement itself is met, regardless of its parts; nil if the question does not arise.
  package var met: Bool?
  /// The setting that decides.
  package var setting: PropertyValue?
  /// Commands that make the router meet it; nil if nothing has to be fixed, or no setting can fix it.
  package var mend: String?
  /// The result of the experiment.
  package var shown: String
  /// The damage if it is not met.
  package var why: String
  package var experiment: [ExperimentRow]
  package var parts: [Finding]

  /// The result, and if that is bad, its damage.
  package var explanation: String { met == false ? shown + " " + why : shown }

  private enum CodingKeys: String, CodingKey {
    case requirement, rfc, section, level, asks, outcome, met, setting, mend, explanation, experiment, parts
  }

  private enum SettingKeys: String, CodingKey { case property, value }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(requirement, forKey: .requirement)
    try container.encode(rfc, forKey: .rfc)
    try container.encode(section, forKey: .section)
    try container.encode(level, forKey: .level)
    try container.encode(asks, forKey: .asks)
    try container.encode(outcome, forKey: .outcome)
    try container.encode(met, forKey: .met)
    if let setting {
      var pair = container.nestedContainer(keyedBy: SettingKeys.self, forKey: .setting)
      try pair.encode(setting.property.name, forKey: .property)
      try pair.encode(setting, forKey: .value)
    } else {
      try container.encodeNil(forKey: .setting)
    }
    try container.encode(mend, forKey: .mend)
    try container.encode(explanation, forKey: .explanation)
    try container.encode(experiment, forKey: .experiment)
    if !parts.isEmpty { try container.encode(parts, forKey: .parts) }
  }
}
