// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// Why a command with correct syntax was not carried out. Nothing has changed. The renderer words it.
public struct CommandError: Error, Sendable {
  public var kind: Kind
  /// The faulty words, counted from 1 in Characters of the line; nil means the whole command.
  public var columns: Range<Int>?
  /// A possible replacement for the faulty part.
  public var suggestion: String?

  public init(_ kind: Kind, at columns: Range<Int>? = nil, suggestion: String? = nil) {
    self.kind = kind
    self.columns = columns
    self.suggestion = suggestion
  }

  public enum Kind: Sendable {
    case build(BuildError)
    case host(HostError)
    /// `port` is nil where it is not about a single port.
    case staticMapping(StaticMappingError, port: UInt16?, router: String)
    /// A range of so many ports that begins with `first` inside would go beyond the last port.
    case insidePortsEnd(first: UInt16, count: Int)
    /// An address to send from that no device has.
    case unknownSource(IPAddress)
    /// An address to send from that several devices have.
    case ambiguousSource(IPAddress, owners: [String])
    /// A name to ask for, and nobody who could be asked.
    case nobodyServesNames(String)
    /// A name to ask for, and several servers, of which `host` is to ask one.
    case severalServeNames([String], host: String)
    /// A name that is no device's, in a language in which nobody asks for names.
    case nameNotAsked(String)
    /// A host that shares no address family with the other end.
    case noCommonFamily(from: String, to: String)
    case noPacketYet
    case noSuchPacket(Int, last: Int)
    case packetForgotten(Int, oldest: Int)
    /// `undo` or `redo` of more commands than there are.
    case tooFarBack(asked: Int, available: Int)
    case tooFarForward(asked: Int, available: Int)
    /// In a lesson: the step's start is as far as `undo` goes.
    case lessonStepStart(asked: Int, available: Int)
    case seedAfterBuilding
    /// It was stopped by the learner before it was finished.
    case interrupted
    /// The clock would pass its last microsecond.
    case endOfTime
    /// A static mapping to an address that is not behind the router.
    case notBehind(String, router: String)
    /// A line that is repeated, and cannot be read when its time has come.
    case inRepeat(time: Int, SyntaxError)
    /// A command that cannot be repeated.
    case notRepeated(String)
    /// An error of another part of natsh.
    case other(any CommandFault)
  }
}

/// An error that another part of natsh brings along, words included.
public protocol CommandFault: Error, Sendable {
  /// The kind's name in JSON.
  var word: String { get }
  /// The fault and what to do about it.
  var message: String { get }
}

extension CommandError.Kind {
  /// The kind's name in JSON: stable, and part of the contract.
  public var word: String {
    switch self {
    case .build(let error): error.word
    case .host(let error): error.word
    case .staticMapping(let error, _, _): error.word
    case .insidePortsEnd: "port-out-of-range"
    case .unknownSource: "unknown-source"
    case .ambiguousSource: "ambiguous-source"
    case .nobodyServesNames: "nobody-serves"
    case .severalServeNames: "several-serve"
    case .nameNotAsked: "unknown-name"
    case .noCommonFamily: "no-common-family"
    case .noPacketYet: "no-packet-yet"
    case .noSuchPacket: "no-such-packet"
    case .packetForgotten: "packet-forgotten"
    case .tooFarBack: "too-far-back"
    case .tooFarForward: "too-far-forward"
    case .lessonStepStart: "lesson-step-start"
    case .seedAfterBuilding: "seed-after-building"
    case .interrupted: "interrupted"
    case .endOfTime: "end-of-time"
    case .notBehind: "not-behind"
    case .inRepeat(_, let error): error.kind.word
    case .notRepeated: "not-repeated"
    case .other(let fault): fault.word
    }
  }
}

extension BuildError {
  fileprivate var word: String {
    switch self {
    case .nameTaken: "name-taken"
    case .addressTaken: "address-taken"
    case .addressNotUsable: "address-not-usable"
    case .addressNotTranslated: "address-not-translated"
    case .addressOutsidePrefix: "address-outside-prefix"
    case .privateOnInternet: "private-on-internet"
    case .sameFamilyTwice: "duplicate-family"
    case .noPrefix: "no-prefix"
    case .prefixOverlaps: "prefix-overlaps"
    case .prefixTooSmall: "prefix-too-small"
    case .prefixNotUsable: "prefix-not-usable"
    case .prefixNotExchangeable: "prefix-not-exchangeable"
    case .noFreeAddress: "no-free-address"
    case .notEmpty: "not-empty"
    case .sharesNetwork: "shares-network"
    case .gatewayNotNear: "gateway-not-near"
    case .gatewayOfOtherFamily: "no-common-family"
    case .noSuchRoute: "no-such-route"
    case .internetIsFixed: "internet-is-fixed"
    }
  }
}

extension StaticMappingError {
  fileprivate var word: String {
    switch self {
    case .portInUse: "port-in-use"
    case .noSuchMapping: "no-such-mapping"
    case .noExternalAddress: "no-external-address"
    case .addressNotOutside: "address-not-outside"
    case .addressIsFirst: "address-is-first"
    case .addressTaken: "address-taken"
    case .hasOwnAddress: "has-own-address"
    case .hasForwards: "has-forwards"
    }
  }
}

/// Why a statement was not carried out.
public enum SessionError: Error, Sendable {
  case syntax(SyntaxError)
  case command(CommandError)
}
