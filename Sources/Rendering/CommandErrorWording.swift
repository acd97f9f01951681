// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// The words for correctly written commands that could not be carried out: the fault, and the way out.
enum CommandErrorWording {
  static func message(_ kind: CommandError.Kind) -> String {
    switch kind {
    case .build(let error): return message(error)
    case .host(let error): return message(error)
    case .staticMapping(let error, let port, let router): return message(error, port, router)
    case .insidePortsEnd(let first, let count):
      return said("\(count) ports that begin with \(first) go beyond 65535; name a lower one inside")
    case .unknownSource(let address): return said("no device has the address \(address); `show` lists all devices")
    case .ambiguousSource(let address, let owners):
      return
        said(
          "\(list(owners)) \(owners.count == 2 ? said("both") : said("all")) have the address \(address), each in its own network; write the name instead"
        )
    case .nobodyServesNames(let name):
      return said(
        "no host serves names, so nobody can say what \(name) is; `serve HOST names` begins a server, and ",
        "`names HOST \(name) ADDRESS` tells it")
    case .severalServeNames(let servers, let host):
      return said("\(list(servers)) serve names; `set \(host) resolver ADDRESS` says which of them \(host) asks")
    case .nameNotAsked(let name): return said("\(name) is not a device, and nobody can be asked for it")
    case .noCommonFamily(let from, let to):
      return said("\(from) and \(to) have no address family in common: one has only IPv4, the other only IPv6")
    case .noPacketYet:
      return said("no packet has been sent yet; `send FROM TO` puts one on the wire")
    case .noSuchPacket(let number, let last):
      return said("there is no packet \(number); the last one is \(last), and `packets` lists all")
    case .packetForgotten(let number, let oldest):
      return said("packet \(number) is no longer kept; the oldest one that is still known is \(oldest)")
    case .tooFarBack(let asked, let available):
      if available == 0 { return said("there is nothing to undo") }
      return said("only \(count(available, "command")) can be undone, not \(asked); `history` lists them")
    case .tooFarForward(let asked, let available):
      if available == 0 { return said("there is nothing to redo") }
      return said("only \(count(available, "command")) can be redone, not \(asked)")
    case .lessonStepStart(let asked, let available):
      if available == 0 {
        return said("this is where the step began; `restart` starts it again, `previous` goes back a step")
      }
      return said("only \(count(available, "command")) of this step can be undone, not \(asked)")
    case .seedAfterBuilding:
      return said("random numbers have already been drawn, and the seed must come before anything else; `reset` first")
    case .inRepeat(let time, let error):
      return said("\(SyntaxErrorWording.message(for: error)) (in what is repeated, time \(time))")
    case .notRepeated(let name):
      return said(
        "'\(name)' cannot be repeated; commands that change the network can, such as `send`, `host` or `wait`")
    case .interrupted: return said("stopped; everything is as it was before")
    case .endOfTime: return said("the clock does not go that far; wait for less")
    case .notBehind(let endpoint, let router):
      return
        said(
          "\(endpoint) is not in \(router)'s network, so \(router) cannot forward to it; `show \(router)` shows which ",
          "addresses are inside")
    case .other(let fault): return fault.message
    }
  }

  private static func message(_ error: BuildError) -> String {
    switch error {
    case .nameTaken(let name):
      said("there is already a device called \(name); use another name, or `remove \(name)` first")
    case .addressTaken(let address, let owner):
      said(
        "\(address) belongs to \(owner) already; choose another address, or leave it out and the next free one is chosen"
      )
    case .addressNotUsable(let address, let scope): said("no device can have \(address): \(unusable(address, scope))")
    case .addressNotTranslated(let address):
      said("\(address) is an IPv6 address, and only IPv4 addresses are shared; give IPv4 addresses")
    case .addressOutsidePrefix(let address, let router, let prefixes):
      said(
        "\(address) is not in \(router)'s network, which is \(list(prefixes.map(\.description))); ",
        "leave the address out and the next free one is chosen")
    case .privateOnInternet(let address):
      said(
        "\(address) is a \(address.scope == .shared ? said("shared") : said("private")) address, which means nothing on the internet: ",
        "put the device behind a router (`… \(address) behind ROUTER`), or give it a public address")
    case .sameFamilyTwice(let family):
      said("two \(family.words) addresses or prefixes; give one IPv4 and one IPv6 at most")
    case .noPrefix(let family, let router):
      said(
        "\(router)'s network has no \(family.words) addresses; give the router ",
        "`lan \(family == .ipv4 ? "192.168.1.0/24" : "2001:db8:1::/64")` when it is made")
    case .prefixOverlaps(let prefix, let other, let owner):
      said(
        "\(prefix) overlaps \(other), which belongs to \(owner); a router could not tell which of the two an address is in"
      )
    case .prefixTooSmall(let prefix):
      said(
        "\(prefix) has no room for a router and a host; ",
        "use a /\(prefix.family == .ipv4 ? 30 : 126) or larger network")
    case .prefixNotUsable(let prefix, let scope):
      said("\(prefix) cannot be a network inside a router: \(unusable(prefix.address, scope))")
    case .prefixNotExchangeable(let prefix, let inside):
      prefix.family == .ipv4
        ? said("\(prefix) is an IPv4 prefix, and only IPv6 prefixes are exchanged; use one such as 2001:db8:1::/48")
        : said(
          "\(prefix) cannot stand for \(inside), the network inside: it must be no longer than that, and have at most 64 bits"
        )
    case .noFreeAddress(let place): said("no address is free in \(place)")
    case .notEmpty(let name, let behind):
      said(
        "\(list(behind)) \(behind.count == 1 ? said("is") : said("are")) behind \(name); remove \(behind.count == 1 ? said("it") : said("them")) first"
      )
    case .sharesNetwork(let name, let first):
      said(
        "\(name) shares \(first)'s network and has none of its own: put the device behind \(first), and give it a route ",
        "(`route NAME 0.0.0.0/0 via \(name)`)")
    case .gatewayNotNear(let gateway, let device):
      said(
        "\(gateway) is not a neighbour of \(device), so \(device) cannot hand packets to it; name an address on one of its ",
        "own links (`show` lists them)")
    case .gatewayOfOtherFamily(let gateway, let prefix):
      said(
        "\(gateway) and \(prefix) are not of one family: a route for \(prefix.family.words) needs a gateway of that family"
      )
    case .noSuchRoute(let prefix, let device):
      said("\(device) has no route for \(prefix); `show \(device)` lists its routes")
    case .internetIsFixed: said("the internet has a fixed place: it cannot be removed or changed")
    }
  }

  private static func unusable(_ address: IPAddress, _ scope: AddressScope) -> String {
    switch scope {
    case .private: said("private and public addresses cannot share a network")
    case .shared: said("it reaches beyond the shared addresses of 100.64.0.0/10")
    case .linkLocal: said("link-local addresses are valid on one link only")
    case .loopback: said("every computer uses that address for itself")
    case .documentation, .public: said("private and public addresses cannot share a network")
    case .unspecified: said("it does not stand for any particular address")
    case .multicast: said("it stands for a group of receivers")
    case .broadcast: said("the first and the last address of a network stand for the network and for all its hosts")
    case .reserved: said("240.0.0.0/4 is reserved")
    }
  }

  private static func message(_ error: HostError) -> String {
    switch error {
    case .notAHost(let name): said("\(name) is not a host; only hosts put packets on the wire")
    case .noAddress(let family, let host): said("\(host) has no \(family.words) address")
    case .nothingToReplyTo:
      said(
        "nothing has been delivered that could be answered; `send` a packet and `run` first (a ping is answered by itself)"
      )
    case .noDestination(let address, let transport): noDestination(address, transport)
    case .alreadyConnected(let local, let remote):
      said("\(local) and \(remote) are connected already; `close` the connection first, or use another port")
    case .portInUse(let transport, let port, let host):
      said(
        "a program on \(host) is using \(transport.name) port \(port); `programs \(host)` lists them, `stop \(host)` ends them"
      )
    case .notConnected(let host, let remote):
      said("\(host) has no open TCP connection with \(remote); `connect \(host) \(remote)` and `run` first")
    case .inTimeWait(let local, let remote, let left):
      said(
        "\(local) closed its connection with \(remote) and remembers it for \(left) more (TIME_WAIT); use another port, or ",
        "`wait \(left)`")
    }
  }

  private static func noDestination(_ address: IPAddress, _ transport: TransportProtocol) -> String {
    let why =
      switch address.scope {
      case .unspecified: said("\(address) does not stand for a host, so nothing can be sent to it (RFC 1122 §3.2.1.3)")
      case .multicast: said("\(address) stands for a group, and TCP connects to one host (RFC 1122 §4.2.3.10)")
      default: said("\(address) stands for all hosts of a network, and TCP connects to one (RFC 1122 §4.2.3.10)")
      }
    let instead =
      transport == .tcp
      ? said("use a host's name or address") : said("use a device's name, or an address that a device can have")
    return said("\(why); \(instead): `show` lists them")
  }

  private static func message(_ error: StaticMappingError, _ port: UInt16?, _ router: String) -> String {
    guard let port else { return message(error, router) }
    return switch error {
    case .portInUse(let id, true):
      said("port \(port) of \(router) is forwarded already (row \(id)); `unforward \(router) \(port)` first")
    case .portInUse(let id, false):
      said("port \(port) of \(router) is in use by row \(id); use another port, or wait until the row times out")
    case .noSuchMapping: said("\(router) does not forward port \(port); `table \(router)` shows its static rows")
    default: message(error, router)
    }
  }

  private static func message(_ error: StaticMappingError, _ router: String) -> String {
    switch error {
    case .portInUse(let id, _): said("row \(id) of \(router) is in the way")
    case .noSuchMapping: said("\(router) has no such forward; `table \(router)` shows what it forwards")
    case .noExternalAddress: said("\(router) has no outside IPv4 address")
    case .addressNotOutside(let address):
      said("\(address) is not an outside address of \(router); `set \(router) addresses \(address)` makes it one")
    case .addressIsFirst(let address):
      said("\(address) is \(router)'s own, which all hosts inside share; `set \(router) addresses ADDRESS` adds others")
    case .addressTaken(let address, let inside):
      said("\(address) is \(inside)'s already; `unforward \(router) address \(address)` first")
    case .hasOwnAddress(let inside, let external):
      said("\(inside) has \(external) for itself; `unforward \(router) address \(external)` first")
    case .hasForwards(let inside):
      said(
        "\(router) forwards ports to \(inside); `unforward` those first, since a host with an address of its own uses no other"
      )
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    counted("\(number)", isOne: number == 1, noun, nil)
  }

  /// `a`, `a and b`, `a, b and c`; if there are many, the first five.
  private static func list(_ names: [String]) -> String {
    if names.count > 6 { return names.prefix(5).joined(separator: ", ") + said(" and \(names.count - 5) more") }
    return names.listed(.and)
  }
}
