// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing
import Traversal

/// A server's answers, and the endpoints that they come from.
struct BindingServiceTests {
  static let (a1, a2) = (IPAddress(ipv4: 0xCB00_7101), IPAddress(ipv4: 0xCB00_7102))
  static let client = Endpoint(IPAddress(ipv4: 0x3124_0A19), 62_000)
  let service = BindingService(primary: Endpoint(a1, 3_478), alternate: Endpoint(a2, 3_479))
  let id = STUNMessage.TransactionID(high: 1, low: 2)

  private func request(_ attributes: [STUNAttribute]) -> STUNMessage {
    STUNMessage(.request, .binding, id, attributes)
  }

  /// RFC 5780 §6.1, table 1, for every endpoint of the server.
  @Test(arguments: [(a1, a2), (a2, a1)], [(3_478, 3_479), (3_479, 3_478)] as [(UInt16, UInt16)])
  func anAnswerLeavesFromTheRequestedAddressAndPort(address: (IPAddress, IPAddress), port: (UInt16, UInt16)) throws {
    let asked = Endpoint(address.0, port.0)
    for (changesAddress, changesPort) in [(false, false), (true, false), (false, true), (true, true)] {
      let message = request([.changeRequest(address: changesAddress, port: changesPort)])
      let answer = try #require(service.answer(message, from: Self.client, to: asked))
      let origin = Endpoint(changesAddress ? address.1 : address.0, changesPort ? port.1 : port.0)
      #expect(answer.source == origin && answer.destination == Self.client)
      #expect(answer.message.attributes.contains(.responseOrigin(origin)))
      #expect(answer.message.otherAddress == Endpoint(address.1, port.1))
      #expect(answer.message.mappedAddress == Self.client && answer.message.transaction == id)
    }
    #expect(service.endpoints.contains(asked))
  }

  static let refused: [(attributes: [STUNAttribute], code: STUNErrorCode, unknown: [UInt16])] = [
    ([.unknown(0x7F00, []), .unknown(0x4001, [1])], .unknownAttribute, [0x7F00, 0x4001]),
    ([.channelNumber(0x4000)], .unknownAttribute, [0x000C]),
    ([.malformed(.priority, [1])], .badRequest, []),
    ([.responsePort(9), .padding([1, 2])], .badRequest, []),
  ]

  @Test(arguments: refused) func aRequestThatAsksTooMuchIsRefused(
    attributes: [STUNAttribute], code: STUNErrorCode, unknown: [UInt16]
  ) throws {
    let answer = try #require(service.answer(request(attributes), from: Self.client, to: service.primary))
    #expect(answer.message.errorCode == code && answer.message.kind == .error)
    #expect(answer.message.attributes.contains(.unknownAttributes(unknown)) == !unknown.isEmpty)
  }

  @Test func aServerWithOneAddressCannotChangeIt() throws {
    let service = BindingService(primary: service.primary)
    let change = request([.changeRequest(address: false, port: true)])
    #expect(service.answer(change, from: Self.client, to: service.primary)?.message.errorCode == .unknownAttribute)
    let plain = try #require(service.answer(request([]), from: Self.client, to: service.primary))
    #expect(plain.message.otherAddress == nil && plain.message.mappedAddress == Self.client)
  }

  @Test func onlyBindingRequestsAreAnswered() {
    for kind in STUNMessage.Kind.allCases where kind != .request {
      #expect(service.answer(STUNMessage(kind, .binding, id), from: Self.client, to: service.primary) == nil)
    }
    #expect(service.answer(STUNMessage(.request, .allocate, id), from: Self.client, to: service.primary) == nil)
  }

  @Test func anAnswerGoesToAnotherPortIfAsked() {
    let answer = service.answer(request([.responsePort(9)]), from: Self.client, to: service.primary)
    #expect(answer?.destination == Endpoint(Self.client.address, 9))
  }
}
