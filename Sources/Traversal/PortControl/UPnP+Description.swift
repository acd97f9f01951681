// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A router's description of itself, in the nesting that the standard wants: the gateway has a device towards the
/// provider, that one a connection, and the connection the service (InternetGatewayDevice:1 §2.3).
extension UPnP {
  /// One of the nested devices.
  enum Part: Int, CaseIterable {
    case gateway
    case provider
    case connection

    var type: String {
      switch self {
      case .gateway: gatewayDevice
      case .provider: "urn:schemas-upnp-org:device:WANDevice:1"
      case .connection: "urn:schemas-upnp-org:device:WANConnectionDevice:1"
      }
    }

    /// Its unique name, which it keeps: a UUID of the version for a maker's own scheme (RFC 9562 §5.8), with the
    /// router's address.
    func name(at router: IPAddress) -> String {
      let address = (0..<6).map { UInt8(truncatingIfNeeded: router.low >> (40 - 8 * $0)) }
      return "uuid:6e617473-6800-8000-800\(rawValue)-\(hexadecimal(address))"
    }
  }

  /// A router's description of itself, with the place where its connection is controlled.
  ///
  /// It is written without spaces, since it goes in one segment.
  public static func description(name: String, at router: IPAddress) -> HTTPMessage {
    let service = element(
      "service",
      element("serviceType", connectionService) + element("serviceId", "urn:upnp-org:serviceId:WANIPConn1")
        + element("SCPDURL", actionsPath) + element("controlURL", controlPath)
        + element("eventSubURL", "/evt/IPConn"))
    let device = Part.allCases.reversed().reduce("") { inner, part in
      element(
        "device",
        element("deviceType", part.type) + element("friendlyName", name) + element("manufacturer", "natsh")
          + element("modelName", "natsh") + element("UDN", part.name(at: router))
          + (part == .connection ? element("serviceList", service) : element("deviceList", inner)))
    }
    return document("root", "urn:schemas-upnp-org:device-1-0", device)
  }

  /// The list of what the connection can be asked for.
  public static var actions: HTTPMessage {
    let names = ["GetExternalIPAddress", "AddPortMapping", "DeletePortMapping"]
    return document(
      "scpd", "urn:schemas-upnp-org:service-1-0",
      element("actionList", names.map { element("action", element("name", $0)) }.joined()))
  }

  private static func document(_ root: String, _ namespace: String, _ content: String) -> HTTPMessage {
    let version = element("specVersion", element("major", "1") + element("minor", "0"))
    let body = "<?xml version=\"1.0\"?>\n<\(root) xmlns=\"\(namespace)\">\(version)\(content)</\(root)>\n"
    return HTTPMessage("HTTP/1.1 200 OK", [.init("Content-Type", "text/xml")], body: body)
  }

  private static func element(_ name: String, _ content: String) -> String { "<\(name)>\(content)</\(name)>" }
}
