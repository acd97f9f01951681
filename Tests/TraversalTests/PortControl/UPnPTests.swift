// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing
import Traversal

/// UPnP's text, from the search to the granted port.
struct UPnPTests {
  let router = Endpoint(IPAddress(ipv4: 0xC0A8_0101), UPnP.controlPort)
  let mapping = UPnP.PortMapping(
    .udp, externalPort: 4_000, to: Endpoint(IPAddress(ipv4: 0xC0A8_010A), 5_000), lease: 3_600,
    label: "a < b & \"c\"")

  @Test func aSearchIsAnswered() throws {
    let search = try #require(HTTPMessage(decoding: UPnP.search().encoded()[...]))
    #expect(UPnP.isSearch(search) && search.method == "M-SEARCH" && search["host"] == "239.255.255.250:1900")
    let found = try #require(HTTPMessage(decoding: UPnP.found(at: router.address).encoded()[...]))
    #expect(!UPnP.isSearch(found) && found.status == 200 && found.method == nil)
    #expect(found["Location"] == "http://192.168.1.1:5000/rootDesc.xml")
    let uuid = /uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    let name = try #require(found["USN"]?.firstMatch(of: uuid)?.output)
    #expect(found["USN"] == "\(name)::\(UPnP.gatewayDevice)")
    let description = UPnP.description(name: "home", at: router.address)
    #expect(UPnP.controlPath(in: description) == UPnP.controlPath && description.status == 200)
    #expect(UPnP.descriptionRequest(to: router).path == UPnP.descriptionPath)
    // The search and the description name the same device, and each device has a name of its own.
    let names = description.body.matches(of: uuid).map(\.output)
    #expect(names.first == name && Set(names).count == 3 && names.count == 3)
  }

  /// What control points look for, in its order: a gateway, in it a device towards the provider, in it the connection.
  @Test func theDescriptionHasTheStandardsShape() throws {
    let description = UPnP.description(name: "home", at: router.address)
    var rest = description.body[...]
    for part in [
      "<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1<", "<deviceList><device>",
      "<deviceType>urn:schemas-upnp-org:device:WANDevice:1<", "<deviceList><device>",
      "<deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1<", "<serviceList><service>",
      "<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1<",
      "<serviceId>urn:upnp-org:serviceId:WANIPConn1<", "<SCPDURL>/WANIPCn.xml<", "<controlURL>/ctl/IPConn<",
      "</service></serviceList></device></deviceList></device></deviceList></device></root>",
    ] {
      let place = try #require(rest.firstRange(of: part), "\(part)")
      rest = rest[place.upperBound...]
    }
    // In one segment, also with the options of PPPoE and the longest name.
    let longest = UPnP.description(name: String(repeating: "n", count: 32), at: router.address)
    #expect(longest.encoded().count <= 1_400)
    for name in ["GetExternalIPAddress", "AddPortMapping", "DeletePortMapping"] {
      #expect(UPnP.actions.body.contains("<action><name>\(name)</name></action>"))
    }
  }

  @Test func aMappingIsRequestedInAnEnvelope() throws {
    let call = UPnP.call(mapping.action, at: UPnP.controlPath, of: router)
    let received = try #require(HTTPMessage(decoding: call.encoded()[...]))
    #expect(received["SOAPAction"] == "\"\(UPnP.connectionService)#AddPortMapping\"")
    let action = try #require(SOAPMessage(in: received.body))
    #expect(action == mapping.action && UPnP.PortMapping(action) == mapping)
    #expect(mapping.deletion["NewExternalPort"] == "4000")
  }

  @Test func aRefusalHasItsNumber() throws {
    let answer = UPnP.answer(.fault(.conflict))
    let received = try #require(HTTPMessage(decoding: answer.encoded()[...]))
    #expect(received.status == 500)
    #expect(SOAPMessage(in: received.body)?.errorCode == .conflict)
    let granted = UPnP.answer(SOAPMessage("AddPortMappingResponse", []))
    #expect(SOAPMessage(in: granted.body)?.name == "AddPortMappingResponse")
    #expect(SOAPMessage(in: granted.body)?.errorCode == nil)
  }

  static let notMessages = [
    "", "GET", "GET / HTTP/1.1", "GET / HTTP/1.1\r\nHost", "GET / HTTP/1.1\r\nHost\r\n\r\n", "hello\r\n\r\n",
    "POST /\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
  ]

  @Test(arguments: notMessages) func textThatIsNotHTTPIsNotRead(text: String) {
    #expect(HTTPMessage(decoding: Array(text.utf8)[...]) == nil)
  }

  static let notCalls = [
    "", "<", "<Body>", "<Body><A>", "<s:Body></s:Body>", "Body", "<Body><A><B>1</C></A", "<?xml ?>",
  ]

  @Test(arguments: notCalls) func textThatIsNotACallIsNotRead(text: String) {
    let message = SOAPMessage(in: text)
    #expect(message == nil)
  }

  @Test func aCallWithAWrongArgumentIsNotAMapping() {
    for index in mapping.action.arguments.indices {
      var action = mapping.action
      action.arguments[index].value = "-1"
      let isFree = ["NewRemoteHost", "NewEnabled", "NewPortMappingDescription"].contains(action.arguments[index].name)
      #expect((UPnP.PortMapping(action) != nil) == isFree)
    }
  }
}
