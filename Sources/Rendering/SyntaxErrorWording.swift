// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// The words for faults in a line, each with a way out. The suggestion is not part of them; it comes after.
public enum SyntaxErrorWording {
  /// One or two sentences, without a full stop at the end if it is one.
  public static func message(for error: SyntaxError) -> String {
    lineMessage(error.kind) ?? shapeMessage(error.kind) ?? nameMessage(error.kind) ?? valueMessage(error.kind)
      ?? error.kind.word
  }

  // MARK: The line

  private static func lineMessage(_ kind: SyntaxError.Kind) -> String? {
    switch kind {
    case .invalidUTF8: said("this is not UTF-8 text; save it as UTF-8")
    case .controlCharacter(let scalar):
      said("an invisible control character (\(codePoint(scalar))) is here; delete it and type the line again")
    case .lineTooLong(let bytes):
      said(
        "this line has \(Count.grouped(bytes)) bytes, and a line may have \(Count.grouped(Statement.longestLine)); split it"
      )
    case .unclosedQuote: said("this quote is never closed; put a \" where the text ends")
    case .badEscape(let character):
      said(
        "\\\(shown("\(character)")) means nothing here; in quotes only \\\" and \\\\ and \\n do, ",
        "and a backslash itself is \\\\")
    case .typographicQuote(let character): said("\(character) is a printer's quotation mark; use the plain \"")
    case .quoteInsideWord:
      said("a quote begins in the middle of a word; put a space before it, or quote the whole word")
    case .wordAfterQuote:
      said("something follows the closing quote directly; put a space between, or write \\\" inside a text")
    case .textTooLong(let bytes, let limit):
      said("this text has \(Count.grouped(bytes)) bytes, and one packet carries at most \(Count.grouped(limit))")
    default: nil
    }
  }

  // MARK: The command's shape

  private static func shapeMessage(_ kind: SyntaxError.Kind) -> String? {
    switch kind {
    case .unknownCommand(let word): said("there is no command \(quoted(word)); `help` lists them all")
    case .missingArgument(let label, let after, let usage):
      said("\(alternatives(label)) is missing\(after.map { said(" after '\($0)'") } ?? ""); write it as: \(usage)")
    case .missingKeyword(let keyword, let usage): said("the word '\(keyword)' is missing here; write it as: \(usage)")
    case .unexpectedWord(let word, let usage): said("\(quoted(word)) does not fit here; write it as: \(usage)")
    case .textNeedsQuotes: said("a text of several words needs quotes around it")
    case .duplicateClause(let word): said("'\(word)' is given twice; once is enough. As a text, quote it: \"\(word)\"")
    case .duplicateFamily(let family):
      said("there is already an \(family.words) one; give at most one of each family")
    case .conflict(let first, let second):
      said("'\(first)' and '\(second)' exclude each other; leave one of them out")
    default: nil
    }
  }

  // MARK: Names

  private static func nameMessage(_ kind: SyntaxError.Kind) -> String? {
    switch kind {
    case .badName(let name):
      IPAddress(name) == nil
        ? said(
          "\(quoted(name)) is not a name; a name begins with a letter, and goes on with letters, digits, '.', '-' and '_'"
        )
        : said("\(quoted(name)) is an address, and a name is missing before it")
    case .nameTooLong(let count, let limit): said("this name has \(count) letters, and a name has at most \(limit)")
    case .nameTaken("internet"): said("the name 'internet' is taken for good; choose another name")
    case .nameTaken(let name): said("there is \(article(name)) already; choose another name, or `remove` it first")
    case .unknownName(let name, let wanted, let exist):
      exist
        ? said("there is no \(noun(wanted)) called \(quoted(name)); `show` lists them")
        : said("there is no \(noun(wanted)) called \(quoted(name)), nor any other yet; \(making(wanted)) makes one")
    case .wrongDeviceKind(let name, let kind, let wanted):
      said(
        "'\(name)' is \(kind == .internet ? said("the internet") : one(of: kind)), and \(wantedHere(wanted)) is wanted here"
      )
    case .unknownScene(let name): said("there is no scene \(quoted(name)); `scene` lists them")
    case .unknownPreset(let name): said("there is no preset \(quoted(name)); `help presets` explains them")
    case .unknownSubject(let subject):
      said("there is no help on \(quoted(subject)); `help` lists all commands and topics")
    case .unknownProperty(let name, let kind):
      said("\(one(of: kind)) has no property \(quoted(name)); it has ")
        + Property.all(of: kind).map(\.name).listed(.and)
    case .propertyOfOtherKind(let property, let device):
      said(
        "'\(device)' does not have the property '\(property)'; `show \(device)` lists what it has"
      )
    default: nil
    }
  }

  // MARK: Values

  private static func valueMessage(_ kind: SyntaxError.Kind) -> String? {
    switch kind {
    case .badAddress(let text):
      said("\(quoted(text)) is not an address; one looks like 192.168.1.10 (four numbers from 0 to 255) or 2001:db8::1")
    case .badEndpoint(let text):
      said("\(quoted(text)) is not an endpoint; one looks like alice:5000, 192.168.1.10:5000 or [2001:db8::1]:5000")
    case .prefixEmbedsNothing(let prefix):
      said(
        "IPv4 addresses cannot be part of addresses under \(prefix): it must be an IPv6 prefix of 32, 40, 48, 56, 64 or 96 ",
        "bits, with bits 64 to 71 zero")
    case .badPrefix(let text): said("\(quoted(text)) is not a prefix; one looks like 192.168.1.0/24")
    case .prefixTooLong(let length, let limit):
      said(
        "/\(shown(length)) is too long; an \(limit == 32 ? "IPv4" : "IPv6") address has \(limit) bits, ",
        "so the longest prefix is /\(limit)")
    case .hostBitsSet(let text):
      said("\(quoted(text)) is an address in a network, not the network; the bits after the prefix have to be zero")
    case .badPort(let text):
      text.isEmpty
        ? said("a port is missing after the ':'; it is a number from 1 to 65535")
        : said("\(quoted(text)) is not a port; a port is a number from 1 to 65535")
    case .portOutOfRange(let text, let range):
      said(
        "\(shown(text)) is not a port that can be used here; ports go from \(range.lowerBound) to \(range.upperBound)")
    case .badNumber(let text): said("\(quoted(text)) is not a number; write it in digits")
    case .numberOutOfRange(let text, let range):
      range.upperBound == .max
        ? said("\(shown(text)) is out of range; it has to be at least \(range.lowerBound)")
        : said("\(shown(text)) is out of range; it goes from \(range.lowerBound) to \(Count.grouped(range.upperBound))")
    case .badSeed(let text): said("\(quoted(text)) is not a seed; a seed is a number from 0 to \(UInt64.max)")
    case .badDuration(let text):
      said("\(quoted(text)) is not a duration; it needs a number and a unit: 250us, 20ms, 30s, 5m, 2h or 2h4m")
    case .durationTooLong(let text):
      said("\(quoted(text)) is longer than natsh can wait; the longest is \(Interval.longest)")
    case .durationNotPositive(let text): said("\(quoted(text)) is too short; it has to be more than zero")
    case .badRate(let text):
      said("\(quoted(text)) is not a rate; one is a number and a unit, from 1bit to \(BitRate.fastest), such as 2mbit")
    case .badLoss(let text):
      said("\(quoted(text)) is not a share of packets; write a percentage from 0% to 100%, such as 0.5%")
    case .unknownValue(let text, let property, let allowed):
      property.contains("|")
        ? said("\(quoted(text)) does not fit here; write \(allowed.listed(.or))")
        : said("'\(property)' cannot be \(quoted(text)); it is \(allowed.listed(.or))")
    case .rangeReversed(let first, let last):
      said("the range from \(first) to \(last) is upside down; the smaller comes first")
    case .tooManyPorts(let count, let most):
      said(
        "a range of \(count) ports is too long; \(most) is the most, and `forward ROUTER all to HOST` forwards every port"
      )
    case .duplicateAddress(let text): said("\(text) is given twice")
    case .unknownProtocol(let text):
      said(
        "\(quoted(text)) is not a protocol that hosts here speak: they send udp, tcp and icmp. To send it as text, quote it: \"\(text)\""
      )
    default: nil
    }
  }

  // MARK: Pieces

  /// The typed text in quotes, cut if it is long, without anything that could move a terminal.
  private static func quoted(_ text: String) -> String { text.isEmpty ? said("an empty text") : "'\(shown(text))'" }

  private static func shown(_ text: String) -> String {
    let start = text.count > 40 ? "\(text.prefix(39))…" : text
    return start.unicodeScalars.reduce(into: "") { result, scalar in
      if scalar == "\n" {
        result += "\\n"
      } else if scalar.value < 32 || (0x7F...0x9F).contains(scalar.value) {
        result += codePoint(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  /// `on|off` as people say it; a placeholder as it is.
  private static func alternatives(_ label: String) -> String {
    let words = label.split(separator: "|").map { $0.contains(where: \.isLowercase) ? "'\($0)'" : String($0) }
    return words.count == 1 ? label : words.listed(.or)
  }

  private static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }

  private static func article(_ name: String) -> String {
    name.lowercased() == "internet" ? said("an 'internet'") : said("a device called '\(name)'")
  }

  private static func noun(_ kinds: DeviceKinds) -> String {
    kinds == .hosts ? said("host") : kinds == .routers ? said("router") : said("device")
  }

  private static func making(_ kinds: DeviceKinds) -> String {
    kinds == .hosts
      ? said("`host NAME`") : kinds == .routers ? said("`router NAME`") : said("`host NAME` or `router NAME`")
  }

  private static func one(of kind: DeviceKind) -> String { wantedHere(kind == .host ? .hosts : .routers) }

  private static func wantedHere(_ kinds: DeviceKinds) -> String {
    kinds == .hosts ? said("a host") : kinds == .routers ? said("a router") : said("a host or a router")
  }
}
