// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

@Suite("Storage")
struct StorageTests {
  @Test(arguments: UInt64(1)...20)
  func aPagedArrayIsAnArrayAndItsCopiesGoTheirOwnWay(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var paged = PagedArray<String>()
    var plain: [String] = []
    var kept: [(PagedArray<String>, [String])] = []
    #expect(paged.isEmpty && paged.popLast() == nil)
    for round in 0..<2_000 {
      switch generator.below(plain.isEmpty ? 3 : 6) {
      case 0...2:
        paged.append("\(round)")
        plain.append("\(round)")
      case 3: #expect(paged.popLast() == plain.popLast())
      default:
        let place = Int(generator.below(UInt64(plain.count)))
        paged[place] += "!"
        plain[place] += "!"
      }
      if generator.below(200) == 0 { kept.append((paged, plain)) }
    }
    kept.append((paged, plain))
    for (paged, plain) in kept { #expect(Array(paged) == plain && paged.count == plain.count) }
  }

  @Test(arguments: 0..<8)
  func portSpacesAgreeWithSets(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var space = PortSpace()
    var taken: Set<UInt16> = []
    let low = UInt16(generator.below(65_000))
    let range = low...(low + UInt16(generator.below(min(400, UInt64(65_535 - low)))))
    func expected(_ start: UInt16, _ parity: UInt16?) -> UInt16? {
      let start = range.contains(start) ? start : range.lowerBound
      func isFree(_ port: UInt16) -> Bool { !taken.contains(port) && (parity == nil || port & 1 == parity) }
      return (start...range.upperBound).first(where: isFree) ?? (range.lowerBound..<start).first(where: isFree)
    }
    var differences = 0
    for step in 0..<900 {
      let port = range.lowerBound + UInt16(generator.below(UInt64(range.count)))
      let parity: UInt16? = [nil, nil, 0, 1][Int(generator.below(4))]
      let start = generator.below(20) == 0 ? UInt16(generator.below(65_536)) : port
      let found = space.firstFree(from: start, in: range, parity: parity)
      if found != expected(start, parity) { differences += 1 }
      // Fill up at first, then go up and down.
      if let found, step < 450 || generator.below(2) == 0 {
        space.take(found)
        taken.insert(found)
      } else if step >= 450 {
        space.free(port)
        taken.remove(port)
      }
      if space.isTaken(port) != taken.contains(port) { differences += 1 }
    }
    #expect(differences == 0 && !taken.isEmpty)
  }

  @Test func theEdgesOfThePortSpace() {
    var space = PortSpace()
    #expect(space.firstFree(from: 65_535, in: 0...65_535) == 65_535)
    space.take(65_535)
    #expect(space.firstFree(from: 65_535, in: 0...65_535) == 0)
    #expect(space.firstFree(from: 65_535, in: 65_535...65_535) == nil)
    #expect(space.firstFree(from: 63, in: 63...64, parity: 0) == 64)
    space.free(65_535)
    #expect(space.firstFree(from: 0, in: 65_535...65_535, parity: 1) == 65_535)
    #expect(space.firstFree(from: 0, in: 65_535...65_535, parity: 0) == nil)
  }

  /// A mapping's memory has a price that documentation states; rows are plain data.
  @Test func rowsArePlainAndSmall() {
    #expect(MemoryLayout<MappingRow>.stride == 64 && MemoryLayout<RowDetails>.stride <= 24)
    #expect(_isPOD(MappingRow.self) && _isPOD(PermissionStore.Record.self))
  }

  /// One host scanning a server from one port shares its outside port with itself thousands of times: that must not
  /// cost more and more for each packet, and every answer finds its row.
  @Test func manySharersOfOneOutsidePort() throws {
    var table = PacketTable(.linux)
    table.change { $0.filtering = .addressDependent }
    let (alice, bob) = (try #require(PacketTable.endpoint("alice:5000")), try #require(PacketTable.endpoint("bob:1")))
    for port in UInt16(1)...10_000 {
      var packet = Packet(.udp, from: alice, to: Endpoint(bob.address, port))
      _ = table.nat.translate(&packet, from: .inside, at: .zero, number: 1, using: &table.generator)
    }
    #expect(table.nat.mappings.allSatisfy { $0.external.port == 5_000 } && table.nat.count == 10_000)
    table.play(
      """
      in udp bob:1 > home:5000     | bob:1 > alice:5000 ~1
      in udp bob:9999 > home:5000  | bob:9999 > alice:5000 ~9999
      in udp bob:20000 > home:5000 | bob:20000 > alice:5000 ~10000   # the last that turned to bob
      in udp dave:1 > home:5000    | filtered =10000
      wait 10m
      in udp bob:1 > home:5000     | expired =10000
      """)
  }

  /// Tables that are copied, changed and forgotten in turn: none ever sees what was written into another.
  @Test(arguments: 0..<4)
  func rowTablesAreValues(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    func row(_ id: UInt32) -> MappingRow {
      let end = EndpointWord(id, 1)
      let key = FlowKey(.udp, .ipv4, inside: end, remote: end)
      return MappingRow(key, external: end, binding: .endpointIndependent, id: id, traits: [])
    }
    var tables: [(table: RowTable, ids: [UInt32])] = [(RowTable(), [])]
    for step in UInt32(0)..<3_000 {
      let chosen = Int(generator.below(UInt64(tables.count)))
      switch generator.below(12) {
      case 0 where tables.count < 6: tables.append(tables[chosen])
      case 1 where tables.count > 1: tables.remove(at: chosen)
      case 2...6:
        #expect(
          tables[chosen].table.insert(row(step), RowDetails(createdAt: .zero, createdBy: step))
            == tables[chosen].ids.count)
        tables[chosen].ids.append(step)
      default:
        guard !tables[chosen].ids.isEmpty else { continue }
        let number = Int(generator.below(UInt64(tables[chosen].ids.count)))
        tables[chosen].table[number].id = step
        tables[chosen].table[details: number].createdBy = step
        tables[chosen].ids[number] = step
      }
      guard step % 50 == 0 else { continue }
      for (table, ids) in tables {
        #expect(table.indices.map { table[$0].id } == ids && table.indices.map { table[details: $0].createdBy } == ids)
      }
    }
  }

  @Test func addressesKeepTheirNumbersWhileTheyAreNamed() throws {
    var book = AddressBook()
    let addresses = try (1...300).map { try #require(IPAddress(ipv6High: 0x2001_0DB8 << 32, low: $0)) }
    let words = addresses.map { book.name(Endpoint($0, 7)) }
    #expect(Set(words).count == 300 && book.word(Endpoint(addresses[9], 7)) == words[9])
    #expect(zip(words, addresses).allSatisfy { book.endpoint($0, .ipv6) == Endpoint($1, 7) })
    #expect(book.name(Endpoint(addresses[0], 8)) == EndpointWord(words[0].address, 8))
    book.forget(words[0], .ipv6)
    #expect(book.word(Endpoint(addresses[0], 7)) == words[0], "it is named once more")
    book.forget(words[0], .ipv6)
    #expect(book.word(Endpoint(addresses[0], 7)) == EndpointWord(AddressBook.unknown, 7))
    let new = try #require(IPAddress(ipv6High: 1, low: 1))
    #expect(book.name(Endpoint(new, 7)) == words[0], "a number that is free is given again")
    #expect(book.word(Endpoint(IPAddress(ipv4: 5), 7)) == EndpointWord(5, 7))
  }
}
