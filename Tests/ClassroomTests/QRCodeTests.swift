// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Classroom

/// QR codes beside those that another encoder has made of the same texts (Python's qrcode, byte mode, error correction M).
@Suite struct QRCodeTests {
  @Test func aSmallCodeIsTheKnownOneModuleByModule() throws {
    let code = try #require(QRCode("natsh", mask: 0))
    #expect(
      code.rows == [
        "111111100111001111111", "100000101001101000001", "101110100000001011101", "101110100110101011101",
        "101110101010101011101", "100000100000101000001", "111111101010101111111", "000000000001100000000",
        "101010100011000010010", "101100001010001001011", "011001101000100011111", "000101011010001000011",
        "001000100110101011010", "000000001111010100011", "111111100011011100111", "100000100011110110000",
        "101110101101011101011", "101110100010001101010", "101110101110100011001", "100000100000001100010",
        "111111101100101000011",
      ])
  }

  /// FNV-1a over the rows with a newline between two.
  private static func digest(_ code: QRCode) -> UInt64 {
    code.rows.joined(separator: "\n").utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  @Test(
    arguments: [
      ("http://127.0.0.1:8420/learn#123456", 29, 5, 0x40BF_808F_1706_24D6),
      ("http://192.168.178.123:8420/learn#004217", 29, 2, 0x40BF_C7D3_C620_3396),
      ("http://[2001:db8:1234:5678:9abc:def0:1234:5678]:18420/learn#004217", 37, 7, 0xC13C_2291_EA8D_D515),
      (String(repeating: "x", count: 106), 41, 3, 0x7BB3_3801_2166_696F),
    ] as [(String, Int, Int, UInt64)])
  func longerCodesAreTheKnownOnes(text: String, size: Int, mask: Int, digest: UInt64) throws {
    let code = try #require(QRCode(text, mask: mask))
    #expect(code.size == size)
    #expect(Self.digest(code) == digest)
  }

  @Test func ofTheMasksTheOneThatIsEasiestToReadIsTaken() throws {
    for text in ["natsh", "http://127.0.0.1:8420/learn#123456"] {
      let chosen = try #require(QRCode(text))
      #expect(try #require(QRCode(text, mask: chosen.mask)) == chosen)
      #expect(Set((0...7).compactMap { QRCode(text, mask: $0)?.rows }).count == 8)
    }
  }

  @Test func aTextThatIsTooLongHasNone() {
    #expect(QRCode(String(repeating: "x", count: QRCode.mostBytes)) != nil)
    #expect(QRCode(String(repeating: "x", count: QRCode.mostBytes + 1)) == nil)
  }

  @Test func aTerminalGetsTwoRowsALineLightOnesDrawn() throws {
    let lines = try #require(QRCode("natsh")).lines
    #expect(lines.count == 13 && lines.allSatisfy { $0.count == 25 })
    #expect(lines[0] == String(repeating: "█", count: 25))
    #expect(lines[1].hasPrefix("██ ▄▄▄▄▄ █") && lines[1].hasSuffix(" ▄▄▄▄▄ ██"))
  }
}
