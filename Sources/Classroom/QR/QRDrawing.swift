// SPDX-License-Identifier: GPL-3.0-or-later

/// The square of a QR code while it is drawn.
struct QRDrawing {
  let size: Int
  private(set) var modules: [Bool]
  /// Modules that are not data: patterns to find the code by, and its format.
  private var isFixed: [Bool]

  init(size: Int, version: Int) {
    self.size = size
    modules = [Bool](repeating: false, count: size * size)
    isFixed = modules
    for index in 0..<size {
      fix(6, index, index % 2 == 0)
      fix(index, 6, index % 2 == 0)
    }
    for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] { drawFinder(row, column) }
    // Up to version 6 there is one pattern for alignment, from version 2 on.
    if version > 1 { drawAlignment(size - 7, size - 7) }
    drawFormat(mask: 0)
  }

  private subscript(row: Int, column: Int) -> Bool {
    get { modules[row * size + column] }
    set { modules[row * size + column] = newValue }
  }

  private mutating func fix(_ row: Int, _ column: Int, _ isDark: Bool) {
    guard (0..<size).contains(row), (0..<size).contains(column) else { return }
    self[row, column] = isDark
    isFixed[row * size + column] = true
  }

  private mutating func drawFinder(_ row: Int, _ column: Int) {
    for down in -4...4 {
      for right in -4...4 {
        let ring = max(abs(down), abs(right))
        fix(row + down, column + right, ring != 2 && ring != 4)
      }
    }
  }

  private mutating func drawAlignment(_ row: Int, _ column: Int) {
    for down in -2...2 {
      for right in -2...2 { fix(row + down, column + right, max(abs(down), abs(right)) != 1) }
    }
  }

  /// Error correction M and the mask, with ten bits that correct them, in two places.
  private mutating func drawFormat(mask: Int) {
    // M is 00.
    var rest = mask
    for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
    let bits = (mask << 10 | rest) ^ 0x5412
    func bit(_ place: Int) -> Bool { bits >> place & 1 == 1 }
    for place in 0...5 { fix(place, 8, bit(place)) }
    fix(7, 8, bit(6))
    fix(8, 8, bit(7))
    fix(8, 7, bit(8))
    for place in 9..<15 { fix(8, 14 - place, bit(place)) }
    for place in 0..<8 { fix(8, size - 1 - place, bit(place)) }
    for place in 8..<15 { fix(size - 15 + place, 8, bit(place)) }
    fix(size - 8, 8, true)
  }

  /// Fills in the codewords, in columns of two from the right, up and down in turn.
  mutating func place(_ codewords: [UInt8]) {
    var next = 0
    var right = size - 1
    var isUpward = true
    while right >= 1 {
      // The column of the pattern that counts the rows is left out.
      if right == 6 { right = 5 }
      for step in 0..<size {
        let row = isUpward ? size - 1 - step : step
        for column in [right, right - 1] where !isFixed[row * size + column] && next < codewords.count * 8 {
          self[row, column] = codewords[next / 8] >> (7 - next % 8) & 1 == 1
          next += 1
        }
      }
      isUpward.toggle()
      right -= 2
    }
  }

  /// Turns the data over where the mask says so.
  mutating func apply(mask: Int) {
    for row in 0..<size {
      for column in 0..<size where !isFixed[row * size + column] && Self.isTurned(mask, row, column) {
        self[row, column].toggle()
      }
    }
    drawFormat(mask: mask)
  }

  private static func isTurned(_ mask: Int, _ row: Int, _ column: Int) -> Bool {
    switch mask {
    case 0: (row + column) % 2 == 0
    case 1: row % 2 == 0
    case 2: column % 3 == 0
    case 3: (row + column) % 3 == 0
    case 4: (row / 2 + column / 3) % 2 == 0
    case 5: row * column % 2 + row * column % 3 == 0
    case 6: (row * column % 2 + row * column % 3) % 2 == 0
    default: ((row + column) % 2 + row * column % 3) % 2 == 0
    }
  }

  // MARK: Which mask

  /// How hard the code is to read, by the standard's four rules.
  var penalty: Int {
    var sum = 0
    for line in 0..<size {
      sum += Self.penalty((0..<size).map { self[line, $0] })
      sum += Self.penalty((0..<size).map { self[$0, line] })
    }
    for row in 0..<size - 1 {
      for column in 0..<size - 1 {
        let one = self[row, column]
        if one == self[row, column + 1], one == self[row + 1, column], one == self[row + 1, column + 1] { sum += 3 }
      }
    }
    let dark = modules.count(where: \.self)
    // Ten for each five parts in a hundred that the dark ones are away from half.
    return sum + abs(dark * 20 - modules.count * 10) / modules.count * 10
  }

  /// Of a row or a column: runs of five and more, and what looks like the pattern to find a code by.
  private static func penalty(_ line: [Bool]) -> Int {
    var sum = 0
    var run = 0
    for (index, module) in line.enumerated() {
      run = index > 0 && line[index - 1] == module ? run + 1 : 1
      if run == 5 { sum += 3 } else if run > 5 { sum += 1 }
    }
    let finder = [true, false, true, true, true, false, true]
    for start in 0...(line.count - finder.count) where Array(line[start..<start + finder.count]) == finder {
      let before = line[max(0, start - 4)..<start]
      let after = line[(start + finder.count)..<min(line.count, start + finder.count + 4)]
      // Around the code it is light.
      if before.allSatisfy({ !$0 }) || after.allSatisfy({ !$0 }) { sum += 40 }
    }
    return sum
  }
}
