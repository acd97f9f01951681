// SPDX-License-Identifier: GPL-3.0-or-later

/// A QR code of bytes (ISO/IEC 18004, byte mode, error correction M), large enough for an address on the web.
struct QRCode: Hashable, Sendable {
  /// The modules' number in a row and in a column.
  let size: Int
  /// The mask's number, from 0 to 7.
  let mask: Int
  /// Row by row; true is dark.
  private(set) var modules: [Bool]

  /// A version of the standard: how its data are cut into blocks, each of which is corrected by itself.
  private struct Version {
    var number: Int
    var blocks: Int
    var dataPerBlock: Int
    var correctionPerBlock: Int

    var data: Int { blocks * dataPerBlock }
    var size: Int { 17 + 4 * number }
  }

  /// Up to version 6, which needs no version information and has blocks of one length.
  private static let versions = [
    Version(number: 1, blocks: 1, dataPerBlock: 16, correctionPerBlock: 10),
    Version(number: 2, blocks: 1, dataPerBlock: 28, correctionPerBlock: 16),
    Version(number: 3, blocks: 1, dataPerBlock: 44, correctionPerBlock: 26),
    Version(number: 4, blocks: 2, dataPerBlock: 32, correctionPerBlock: 18),
    Version(number: 5, blocks: 2, dataPerBlock: 43, correctionPerBlock: 24),
    Version(number: 6, blocks: 4, dataPerBlock: 27, correctionPerBlock: 16),
  ]

  /// The most bytes that a code holds.
  static let mostBytes = 106

  /// Nil if the text is longer than ``mostBytes``. `mask` is for tests: else the standard's rules choose it.
  init?(_ text: String, mask: Int? = nil) {
    let bytes = Array(text.utf8)
    guard let version = Self.versions.first(where: { bytes.count <= $0.data - 2 }) else { return nil }
    let codewords = Self.codewords(bytes, version)
    var unmasked = QRDrawing(size: version.size, version: version.number)
    unmasked.place(codewords)
    var best: (penalty: Int, mask: Int, drawing: QRDrawing)?
    for candidate in mask.map({ $0...$0 }) ?? 0...7 {
      var drawing = unmasked
      drawing.apply(mask: candidate)
      let penalty = drawing.penalty
      if best.map({ penalty < $0.penalty }) ?? true { best = (penalty, candidate, drawing) }
    }
    guard let best else { return nil }
    size = version.size
    self.mask = best.mask
    modules = best.drawing.modules
  }

  /// Whether the module is dark; what lies outside is light.
  func isDark(_ row: Int, _ column: Int) -> Bool {
    (0..<size).contains(row) && (0..<size).contains(column) && modules[row * size + column]
  }

  /// A row a string of 0 and 1.
  var rows: [String] {
    (0..<size).map { row in String((0..<size).map { isDark(row, $0) ? "1" : "0" }) }
  }

  /// The data with what pads them, block by block, and what corrects them, as they follow each other in the code.
  private static func codewords(_ bytes: [UInt8], _ version: Version) -> [UInt8] {
    var bits: [Bool] = []
    func add(_ value: Int, _ count: Int) {
      for place in (0..<count).reversed() { bits.append(value >> place & 1 == 1) }
    }
    add(0b0100, 4)
    add(bytes.count, 8)
    for byte in bytes { add(Int(byte), 8) }
    add(0, min(4, version.data * 8 - bits.count))
    add(0, (8 - bits.count % 8) % 8)
    var data = stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
    }
    let padding: [UInt8] = [0xEC, 0x11]
    for index in 0..<(version.data - data.count) { data.append(padding[index % 2]) }

    let blocks = (0..<version.blocks).map { Array(data[$0 * version.dataPerBlock..<($0 + 1) * version.dataPerBlock]) }
    let corrections = blocks.map { ReedSolomon.correction(of: $0, count: version.correctionPerBlock) }
    return (0..<version.dataPerBlock).flatMap { index in blocks.map { $0[index] } }
      + (0..<version.correctionPerBlock).flatMap { index in corrections.map { $0[index] } }
  }
}

/// Error correction over the field of 256 elements with the polynomial x⁸ + x⁴ + x³ + x² + 1.
enum ReedSolomon {
  static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
    var result = 0
    for place in (0..<8).reversed() {
      result = result << 1 ^ (result >> 7) * 0x11D
      if right >> place & 1 == 1 { result ^= Int(left) }
    }
    return UInt8(truncatingIfNeeded: result)
  }

  /// The remainder of the data, as a polynomial, by the product of (x - 2⁰), (x - 2¹) and so on, `count` of them.
  static func correction(of data: [UInt8], count: Int) -> [UInt8] {
    // The divisor's coefficients after the first, which is 1.
    var divisor = [UInt8](repeating: 0, count: count - 1) + [1]
    var root: UInt8 = 1
    for _ in 0..<count {
      for place in divisor.indices {
        divisor[place] = product(divisor[place], root) ^ (place + 1 < count ? divisor[place + 1] : 0)
      }
      root = product(root, 2)
    }
    var remainder = [UInt8](repeating: 0, count: count)
    for byte in data {
      let factor = byte ^ remainder.removeFirst()
      remainder.append(0)
      for place in remainder.indices { remainder[place] ^= product(divisor[place], factor) }
    }
    return remainder
  }
}
