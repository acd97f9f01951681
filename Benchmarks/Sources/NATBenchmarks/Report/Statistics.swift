// SPDX-License-Identifier: GPL-3.0-or-later

/// Values of the same thing measured again and again.
struct Samples {
  var values: [Double] = []

  var median: Double {
    values.isEmpty ? .nan : values.sorted()[values.count / 2]
  }

  /// The quarter of the values below which nothing disturbed the work: another program on the same core makes a value
  /// larger and never smaller.
  var lowerQuartile: Double {
    values.isEmpty ? .nan : values.sorted()[values.count / 4]
  }

  /// The median of the ratios of each value to the one with the same index in `others`.
  func ratio(to others: Samples) -> Double {
    Samples(values: zip(values, others.values).map { $0 / $1 }).median
  }
}

extension Duration {
  var nanoseconds: Double {
    Double(components.seconds) * 1e9 + Double(components.attoseconds) * 1e-9
  }
}
