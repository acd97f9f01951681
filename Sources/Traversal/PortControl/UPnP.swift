// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// UPnP's Internet Gateway Device: how a host finds the router, and how it asks for a port (WANIPConnection:1).
public enum UPnP {
  /// The destination of a search: a group, so that every device of the network hears it.
  public static let discoveryAddress = PortControlSetting.discoveryGroup
  public static let discoveryPort: UInt16 = 1_900
  /// The port where the routers here serve their description and their control.
  public static let controlPort: UInt16 = 5_000
  public static let gatewayDevice = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"
  public static let connectionService = "urn:schemas-upnp-org:service:WANIPConnection:1"
  public static let descriptionPath = "/rootDesc.xml"
  public static let controlPath = "/ctl/IPConn"
  /// The path of the list of what the connection can be asked for (SCPD).
  public static let actionsPath = "/WANIPCn.xml"

  /// Why the router refuses (WANIPConnection:1 §2.4.16).
  public struct ErrorCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let invalidAction = ErrorCode(rawValue: 401)
    public static let invalidArguments = ErrorCode(rawValue: 402)
    public static let actionFailed = ErrorCode(rawValue: 501)
    public static let notAuthorized = ErrorCode(rawValue: 606)
    public static let noSuchEntry = ErrorCode(rawValue: 714)
    public static let conflict = ErrorCode(rawValue: 718)
    public static let onlyPermanentLeases = ErrorCode(rawValue: 725)

    /// The standard's words for it.
    public var phrase: String {
      switch self {
      case .invalidAction: "Invalid Action"
      case .invalidArguments: "Invalid Args"
      case .actionFailed: "Action Failed"
      case .notAuthorized: "Action not authorized"
      case .noSuchEntry: "NoSuchEntryInArray"
      case .conflict: "ConflictInMappingEntry"
      case .onlyPermanentLeases: "OnlyPermanentLeasesSupported"
      default: "error \(rawValue)"
      }
    }
  }

  /// The search for a router.
  public static func search() -> HTTPMessage {
    HTTPMessage(
      "M-SEARCH * HTTP/1.1",
      [
        .init("HOST", "\(discoveryAddress):\(discoveryPort)"), .init("MAN", "\"ssdp:discover\""), .init("MX", "2"),
        .init("ST", gatewayDevice),
      ])
  }

  /// Whether a message is a search that a router answers.
  public static func isSearch(_ message: HTTPMessage) -> Bool {
    message.method == "M-SEARCH" && message["MAN"] == "\"ssdp:discover\""
      && [gatewayDevice, connectionService, "ssdp:all", "upnp:rootdevice"].contains(message["ST"])
  }

  /// A router's answer to a search.
  public static func found(at router: IPAddress) -> HTTPMessage {
    HTTPMessage(
      "HTTP/1.1 200 OK",
      [
        .init("CACHE-CONTROL", "max-age=1800"), .init("EXT", ""), .init("ST", gatewayDevice),
        .init("USN", "\(Part.gateway.name(at: router))::\(gatewayDevice)"), .init("SERVER", "natsh UPnP/1.0 IGD/1.0"),
        .init("LOCATION", "http://\(Endpoint(router, controlPort))\(descriptionPath)"),
      ])
  }

  /// The request for the description that the answer to a search names.
  public static func descriptionRequest(to router: Endpoint) -> HTTPMessage {
    HTTPMessage("GET \(descriptionPath) HTTP/1.1", [.init("Host", "\(router)"), .init("Connection", "close")])
  }

  /// The control path in a description; nil if it has no connection to control.
  public static func controlPath(in description: HTTPMessage) -> String? {
    guard description.body.contains(connectionService),
      let start = description.body.firstRange(of: "<controlURL>"),
      let end = description.body[start.upperBound...].firstRange(of: "</controlURL>")
    else { return nil }
    return String(description.body[start.upperBound..<end.lowerBound])
  }

  /// A call of the connection's service.
  public static func call(_ action: SOAPMessage, at path: String, of router: Endpoint) -> HTTPMessage {
    HTTPMessage(
      "POST \(path) HTTP/1.1",
      [
        .init("Host", "\(router)"), .init("Content-Type", "text/xml; charset=\"utf-8\""),
        .init("SOAPAction", "\"\(connectionService)#\(action.name)\""), .init("Connection", "close"),
      ], body: action.envelope(service: connectionService))
  }

  /// The answer to a call: a refusal is an HTTP error as well.
  public static func answer(_ message: SOAPMessage) -> HTTPMessage {
    HTTPMessage(
      message.name == "Fault" ? "HTTP/1.1 500 Internal Server Error" : "HTTP/1.1 200 OK",
      [.init("Content-Type", "text/xml; charset=\"utf-8\"")], body: message.envelope(service: connectionService))
  }
}

extension UPnP {
  /// The arguments of AddPortMapping.
  public struct PortMapping: Hashable, Sendable {
    public var transport: TransportProtocol
    public var externalPort: UInt16
    public var inside: Endpoint
    /// Seconds; 0 means for ever.
    public var lease: UInt32
    public var label: String

    public init(
      _ transport: TransportProtocol, externalPort: UInt16, to inside: Endpoint, lease: UInt32, label: String
    ) {
      self.transport = transport
      self.externalPort = externalPort
      self.inside = inside
      self.lease = lease
      self.label = label
    }

    /// The call that asks for it.
    public var action: SOAPMessage {
      SOAPMessage(
        "AddPortMapping",
        [
          .init("NewRemoteHost", ""), .init("NewExternalPort", "\(externalPort)"),
          .init("NewProtocol", transport.name.uppercased()), .init("NewInternalPort", "\(inside.port)"),
          .init("NewInternalClient", "\(inside.address)"), .init("NewEnabled", "1"),
          .init("NewPortMappingDescription", label), .init("NewLeaseDuration", "\(lease)"),
        ])
    }

    /// Reads a call; nil if an argument is missing or invalid.
    public init?(_ action: SOAPMessage) {
      guard action.name == "AddPortMapping", let outside = action["NewExternalPort"].flatMap({ UInt16($0) }),
        let port = action["NewInternalPort"].flatMap({ UInt16($0) }),
        let address = action["NewInternalClient"].flatMap({ IPAddress($0) }),
        let lease = action["NewLeaseDuration"].flatMap({ UInt32($0) }), let name = action["NewProtocol"],
        let transport = [TransportProtocol.udp, .tcp].first(where: { $0.name.uppercased() == name })
      else { return nil }
      self.init(
        transport, externalPort: outside, to: Endpoint(address, port), lease: lease,
        label: action["NewPortMappingDescription"] ?? "")
    }

    /// The call that gives it up.
    public var deletion: SOAPMessage {
      SOAPMessage(
        "DeletePortMapping",
        [
          .init("NewRemoteHost", ""), .init("NewExternalPort", "\(externalPort)"),
          .init("NewProtocol", transport.name.uppercased()),
        ])
    }
  }

  /// The call for the router's outside address.
  public static let externalAddressAction = SOAPMessage("GetExternalIPAddress", [])
}
