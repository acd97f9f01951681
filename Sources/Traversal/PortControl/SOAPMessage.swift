// SPDX-License-Identifier: GPL-3.0-or-later

/// A call of a UPnP service, its answer or its refusal, in its envelope (UPnP Device Architecture 1.0 §3).
public struct SOAPMessage: Hashable, Sendable {
  /// `AddPortMapping`, `AddPortMappingResponse` or `Fault`.
  public var name: String
  public var arguments: [Argument]

  public init(_ name: String, _ arguments: [Argument]) {
    self.name = name
    self.arguments = arguments
  }

  public struct Argument: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// An argument's value; nil if there is none of that name.
  public subscript(_ name: String) -> String? { arguments.first { $0.name == name }?.value }

  /// A refusal.
  public static func fault(_ code: UPnP.ErrorCode) -> SOAPMessage {
    SOAPMessage(
      "Fault", [Argument("errorCode", "\(code.rawValue)"), Argument("errorDescription", code.phrase)])
  }

  /// The code of a refusal; nil for anything else.
  public var errorCode: UPnP.ErrorCode? {
    name == "Fault" ? self["errorCode"].flatMap { UInt16($0) }.map(UPnP.ErrorCode.init(rawValue:)) : nil
  }

  /// The message in its envelope.
  public func envelope(service: String) -> String {
    let opening =
      #"<?xml version="1.0"?>"# + "\n"
      + #"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" "#
      + #"s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>"#
    let content: String
    let values = arguments.map { "<\($0.name)>\(Self.escaped($0.value))</\($0.name)>" }.joined()
    if name == "Fault" {
      content =
        "<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>"
        + #"<UPnPError xmlns="urn:schemas-upnp-org:control-1-0">"# + values + "</UPnPError></detail></s:Fault>"
    } else {
      content = "<u:\(name) xmlns:u=\"\(service)\">\(values)</u:\(name)>"
    }
    return opening + content + "</s:Body></s:Envelope>\n"
  }

  /// Reads the one element in an envelope's body: its name, and as arguments the innermost elements in it. Nil if there
  /// is no such element.
  public init?(in text: String) {
    var scanner = XMLScanner(text)
    while let tag = scanner.next() {
      if case .opening(let name) = tag, name == "Body" { break }
    }
    guard case .opening(let name)? = scanner.next() else { return nil }
    var arguments: [Argument] = []
    var opened: (name: String, text: Int)?
    while let tag = scanner.next() {
      switch tag {
      case .opening(let name): opened = (name, scanner.position)
      case .closing(let closed):
        if let current = opened, current.name == closed, let value = scanner.text(since: current.text) {
          arguments.append(Argument(closed, Self.unescaped(value)))
        }
        opened = nil
        if closed == name {
          self.init(name, arguments)
          return
        }
      }
    }
    return nil
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
  }

  private static func unescaped(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[mark...]
      let known = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'")]
      let entity = known.first { rest.hasPrefix($0.0) } ?? ("&", "&")
      result += entity.1
      rest = rest.dropFirst(entity.0.count)
    }
    return result + rest
  }
}

/// Finds one tag after another, names without their prefix; declarations and comments are skipped. An empty element
/// counts as its beginning.
private struct XMLScanner {
  enum Tag {
    case opening(String)
    case closing(String)
  }

  private let bytes: [UInt8]
  private(set) var position = 0
  private var start = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func next() -> Tag? {
    while let opening = bytes[position...].firstIndex(of: UInt8(ascii: "<")),
      let end = bytes[opening...].firstIndex(of: UInt8(ascii: ">"))
    {
      start = opening
      position = end + 1
      var name = bytes[(opening + 1)..<end].prefix { $0 > 32 }
      let isClosing = name.first == UInt8(ascii: "/")
      if isClosing { name = name.dropFirst() }
      if name.first == UInt8(ascii: "?") || name.first == UInt8(ascii: "!") { continue }
      if let colon = name.firstIndex(of: UInt8(ascii: ":")) { name = name[(colon + 1)...] }
      let word = String(decoding: name, as: UTF8.self)
      return isClosing ? .closing(word) : .opening(word)
    }
    return nil
  }

  /// The text between a place and the tag found last.
  func text(since place: Int) -> String? {
    place <= start ? String(decoding: bytes[place..<start], as: UTF8.self) : nil
  }
}
