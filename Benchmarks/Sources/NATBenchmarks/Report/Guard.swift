// SPDX-License-Identifier: GPL-3.0-or-later

/// The guard against changes that make natsh slow unnoticed: ratios to a yardstick in the same run, beside those that
/// the document tells. Never an absolute time, which says more about the machine.
struct Guard {
  /// How many times the document's ratio is too much.
  static let factor = 2.0

  struct Finding {
    var row: Row
    var size: Int?
    var documented: Double
    var measured: Double

    var isTooMuch: Bool { !(measured <= documented * Guard.factor) }

    var text: String {
      "\(row.rawValue)\(size.map { " at \(grouped($0))" } ?? ""): \(decimal(measured))x its yardstick, documented \(decimal(documented))x"
    }
  }

  /// The document's figure for each row that this run has measured; the check's sizes at least must be there.
  static func findings(of found: Measurements, documented: Measurements) -> [Finding] {
    documented.all.compactMap { promise in
      guard promise.row.isGuarded, let ratio = promise.ratio, let own = found[promise.row, promise.size]?.ratio else {
        return nil
      }
      return Finding(row: promise.row, size: promise.size, documented: ratio, measured: own)
    }
  }
}
