// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// How a router stands to a requirement.
package enum RequirementOutcome: String, Encodable, Sendable, CaseIterable {
  case met
  /// The requirement is met, and a lesser one that belongs to it is not.
  case partly
  case notMet = "not-met"
  case notApplicable = "not-applicable"
}

/// What the audit found about one requirement, or about a part of one.
package struct Finding: Encodable, Sendable {
  /// `REQ-9`, `REQ-3a`, `7857-9`
  package var requirement: String
  package var rfc: Int
  package var section: String
  package var level: RequirementLevel
  package var asks: String
  package var outcome: RequirementOutcome
  /// Whether what the requirement itself asks is kept, its parts aside; nil where the question does not arise.
  package var met: Bool?
  /// The setting that decides.
  package var setting: PropertyValue?
  /// Commands that make the router meet it; nil where nothing has to be mended, or no setting can.
  package var mend: String?
  /// What the experiment showed.
  package var shown: String
  /// What breaks where it is not met.
  package var why: String
  package var experiment: [ExperimentRow]
  package var parts: [Finding]

  /// What was shown, and where that is bad, why.
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
