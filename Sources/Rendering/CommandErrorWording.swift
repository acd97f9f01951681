// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// The words for correctly written commands that could not be carried out: the fault, and the way out.
enum CommandErrorWording {
  static func message(_ kind: CommandError.Kind) -> String {
    switch kind {
    case .build(let error): return message(error)
    case .host(let error): return message(error)
    case .staticMapping(let error, let port, let router): return message(error, port, router)
    case .insidePortsEnd(let first, let count):
      return "\(count) ports that begin with \(first) go beyond 65535; name a lower one inside"
    case .unknownSource(let address): return "no device has the address \(address); `show` lists all devices"
    case .ambiguousSource(let address, let owners):
      return
        "\(list(owners)) \(owners.count == 2 ? "both" : "all") have the address \(address), each in its own network; write the name instead"
    case .noCommonFamily(let from, let to):
      return "\(from) and \(to) have no address family in common: one has only IPv4, the other only IPv6"
    case .noPacketYet:
      return "no packet has been sent yet; `send FROM TO` puts one on the wire"
    case .noSuchPacket(let number, let last):
      return "there is no packet \(number); the last one is \(last), and `packets` lists all"
    case .packetForgotten(let number, let oldest):
      return "packet \(number) is no longer kept; the oldest one that is still known is \(oldest)"
    case .tooFarBack(let asked, let available):
      if available == 0 { return "there is nothing to undo" }
      return "only \(count(available, "command")) can be undone, not \(asked); `history` lists them"
    case .tooFarForward(let asked, let available):
      if available == 0 { return "there is nothing to redo" }
      return "only \(count(available, "command")) can be redone, not \(asked)"
    case .lessonStepStart(let asked, let available):
      if available == 0 {
        return "this is where the step began; `restart` starts it again, `previous` goes back a step"
      }
      return "only \(count(available, "command")) of this step can be undone, not \(asked)"
    case .seedAfterBuilding:
      return "random numbers have already been drawn, and the seed must come before anything else; `reset` first"
    case .inRepeat(let time, let error):
      return "\(SyntaxErrorWording.message(for: error)) (in what is repeated, time \(time))"
    case .notRepeated(let name):
      return "'\(name)' cannot be repeated; commands that change the network can, such as `send`, `host` or `wait`"
    case .interrupted: return "stopped; everything is as it was before"
    case .endOfTime: return "the clock does not go that far; wait for less"
    case .notBehind(let endpoint, let router):
      return
        "\(endpoint) is not in \(router)'s network, so \(router) cannot forward to it; `show \(router)` shows which "
        + "addresses are inside"
    case .other(let fault): return fault.message
    }
  }

  private static func message(_ error: BuildError) -> String {
    switch error {
    case .nameTaken(let name): "there is already a device called \(name); use another name, or `remove \(name)` first"
    case .addressTaken(let address, let owner):
      "\(address) belongs to \(owner) already; choose another address, or leave it out and the next free one is chosen"
    case .addressNotUsable(let address, let scope): "no device can have \(address): \(unusable(address, scope))"
    case .addressNotTranslated(let address):
      "\(address) is an IPv6 address, and only IPv4 addresses are shared; give IPv4 addresses"
    case .addressOutsidePrefix(let address, let router, let prefixes):
      "\(address) is not in \(router)'s network, which is \(list(prefixes.map(\.description))); "
        + "leave the address out and the next free one is chosen"
    case .privateOnInternet(let address):
      "\(address) is a \(address.scope == .shared ? "shared" : "private") address, which means nothing on the internet: "
        + "put the device behind a router (`… \(address) behind ROUTER`), or give it a public address"
    case .sameFamilyTwice(let family):
      "two \(family.words) addresses or prefixes; give one IPv4 and one IPv6 at most"
    case .noPrefix(let family, let router):
      "\(router)'s network has no \(family.words) addresses; give the router "
        + "`lan \(family == .ipv4 ? "192.168.1.0/24" : "2001:db8:1::/64")` when it is made"
    case .prefixOverlaps(let prefix, let other, let owner):
      "\(prefix) overlaps \(other), which belongs to \(owner); a router could not tell which of the two an address is in"
    case .prefixTooSmall(let prefix):
      "\(prefix) has no room for a router and a host; "
        + "use a /\(prefix.family == .ipv4 ? 30 : 126) or larger network"
    case .prefixNotUsable(let prefix, let scope):
      "\(prefix) cannot be a network inside a router: \(unusable(prefix.address, scope))"
    case .prefixNotExchangeable(let prefix, let inside):
      prefix.family == .ipv4
        ? "\(prefix) is an IPv4 prefix, and only IPv6 prefixes are exchanged; use one such as 2001:db8:1::/48"
        : "\(prefix) cannot stand for \(inside), the network inside: it must be no longer than that, and have at most 64 bits"
    case .noFreeAddress(let place): "no address is free in \(place)"
    case .notEmpty(let name, let behind):
      "\(list(behind)) \(behind.count == 1 ? "is" : "are") behind \(name); remove \(behind.count == 1 ? "it" : "them") first"
    case .internetIsFixed: "the internet cannot be removed"
    }
  }

  private static func unusable(_ address: IPAddress, _ scope: AddressScope) -> String {
    switch scope {
    case .private: "private and public addresses cannot share a network"
    case .shared: "it reaches beyond the shared addresses of 100.64.0.0/10"
    case .linkLocal: "link-local addresses are valid on one link only"
    case .loopback: "every computer uses that address for itself"
    case .documentation, .public: "private and public addresses cannot share a network"
    case .unspecified: "it does not stand for any particular address"
    case .multicast: "it stands for a group of receivers"
    case .broadcast: "the first and the last address of a network stand for the network and for all its hosts"
    case .reserved: "240.0.0.0/4 is reserved"
    }
  }

  private static func message(_ error: HostError) -> String {
    switch error {
    case .notAHost(let name): "\(name) is not a host; only hosts put packets on the wire"
    case .noAddress(let family, let host): "\(host) has no \(family.words) address"
    case .nothingToReplyTo:
      "nothing has been delivered that could be answered; `send` a packet and `run` first (a ping is answered by itself)"
    case .noDestination(let address, let transport): noDestination(address, transport)
    case .alreadyConnected(let local, let remote):
      "\(local) and \(remote) are connected already; `close` the connection first, or use another port"
    case .portInUse(let transport, let port, let host):
      "a program on \(host) is using \(transport.name) port \(port); `programs \(host)` lists them, `stop \(host)` ends them"
    case .notConnected(let host, let remote):
      "\(host) has no open TCP connection with \(remote); `connect \(host) \(remote)` and `run` first"
    }
  }

  private static func noDestination(_ address: IPAddress, _ transport: TransportProtocol) -> String {
    let why =
      switch address.scope {
      case .unspecified: "\(address) does not stand for a host, so nothing can be sent to it (RFC 1122 §3.2.1.3)"
      case .multicast: "\(address) stands for a group, and TCP connects to one host (RFC 1122 §4.2.3.10)"
      default: "\(address) stands for all hosts of a network, and TCP connects to one (RFC 1122 §4.2.3.10)"
      }
    let instead =
      transport == .tcp ? "use a host's name or address" : "use a device's name, or an address that a device can have"
    return "\(why); \(instead): `show` lists them"
  }

  private static func message(_ error: StaticMappingError, _ port: UInt16?, _ router: String) -> String {
    guard let port else { return message(error, router) }
    return switch error {
    case .portInUse(let id, true):
      "port \(port) of \(router) is forwarded already (row \(id)); `unforward \(router) \(port)` first"
    case .portInUse(let id, false):
      "port \(port) of \(router) is in use by row \(id); use another port, or wait until the row times out"
    case .noSuchMapping: "\(router) does not forward port \(port); `table \(router)` shows its static rows"
    default: message(error, router)
    }
  }

  private static func message(_ error: StaticMappingError, _ router: String) -> String {
    switch error {
    case .portInUse(let id, _): "row \(id) of \(router) is in the way"
    case .noSuchMapping: "\(router) has no such forward; `table \(router)` shows what it forwards"
    case .noExternalAddress: "\(router) has no outside IPv4 address"
    case .addressNotOutside(let address):
      "\(address) is not an outside address of \(router); `set \(router) addresses \(address)` makes it one"
    case .addressIsFirst(let address):
      "\(address) is \(router)'s own, which all hosts inside share; `set \(router) addresses ADDRESS` adds others"
    case .addressTaken(let address, let inside):
      "\(address) is \(inside)'s already; `unforward \(router) address \(address)` first"
    case .hasOwnAddress(let inside, let external):
      "\(inside) has \(external) for itself; `unforward \(router) address \(external)` first"
    case .hasForwards(let inside):
      "\(router) forwards ports to \(inside); `unforward` those first, since a host with an address of its own uses no other"
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// `a`, `a and b`, `a, b and c`; if there are many, the first five.
  private static func list(_ names: [String]) -> String {
    if names.count > 6 { return names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more" }
    return names.listed("and")
  }
}
