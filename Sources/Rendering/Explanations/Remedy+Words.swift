// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

extension Remedy {
  /// The remedy in a sentence, without its commands.
  package var words: StyledText {
    switch idea {
    case .insideSends(let host, let remote):
      "\(host, .name) sends to \(remote, .address) first: then there is a row that admits it"
    case .insideSendsAnew(let host, let remote, let shown):
      """
      \(host, .name) sends to \(remote, .address) first. That packet shows the outside endpoint \(shown, .address): \
      write there
      """
    case .mappingIsEndpointIndependent(let host):
      """
      the router maps endpoint-independently: then every packet that \(host, .name) sends from that port shows the same outside \
      endpoint
      """
    case .sendFromPort(let port):
      "the packet comes from port \(port), which is admitted: a send that names no port takes a new one each time"
    case .filterAddressAlone(let address):
      "the filter asks for the address alone: \(address, .address) has been sent to, though not this port of it"
    case .filterNothing: "the filter asks for nothing and admits every sender, friend or stranger"
    case .forward(let port, let host): "a static mapping sends port \(port) to \(host, .name) for good"
    case .forwardAndWriteThere(let host, let router, let port):
      "\(router, .name) forwards its port \(port) to \(host, .name), and that is where to write"
    case .firewallOff: "nothing is filtered at all"
    case .hairpin: "the router turns such packets round"
    case .hairpinAndFilterNothing: "the router turns such packets round, and its filter admits every sender"
    case .writeToInsideAddress(let address):
      "the two are neighbours: the inside address \(address, .address) needs no NAT"
    case .talkInside: "the two use their inside addresses, which on one network reach further than they look"
    case .mayChangePort: "the router may give another port if the inside one is taken"
    case .pickUpMidstream:
      "the router makes a row of a segment from the middle of a connection, as it does of a request"
    case .largerBlocks(let size): "each host gets \(size) ports, so that fewer hosts find room"
    case .widerPorts: "there are more ports to choose from"
    case .moreAddresses: "there are more outside addresses, each with ports of its own"
    case .roomAfter(let time): "rows time out and make room, in \(time.description)"
    case .waitForRows: "rows that time out make room, as long as nothing keeps them alive"
    case .higherLimits: "the limit is lifted"
    case .largerTTL: "it is sent with a larger TTL"
    case .listen: "a program listens there"
    case .openPorts: "the host takes packets on every port"
    case .putHostThere(let name, let address): "a host, \(name, .name), is put at \(address, .address)"
    case .translateFamilies(let router): "\(router, .name) translates between IPv6 and IPv4"
    case .writeToIPv4(let address): "the sender has an IPv4 address itself, and writes to \(address, .address)"
    case .filterOff(let router): "\(router, .name) drops nothing by rule"
    case .linkWithoutLoss(let link): "the link of \(link, .name) towards the internet loses nothing"
    case .linkWithoutRate(let link): "the link of \(link, .name) has a higher rate"
    case .linkWithoutMTU(let link): "the link of \(link, .name) takes longer packets"
    case .forgetPathMTU(let time):

      """
      the sender goes by what it was told about the path for \(time.description) (RFC\u{A0}1191 §6.3), and then tries again
      """
    case .mayBeCut: "the packet may be cut: it is sent without 'df'"
    case .sendShorter(let length):
      length > 0 ? "less is sent at once: \(length) bytes pass" : "less is sent at once"
    default: looksAndAdvice
    }
  }

  private var looksAndAdvice: StyledText {
    switch idea {
    case .seeTable: "the table shows which outside endpoints there are, and whom they admit"
    case .seeAddresses: "see who is where, and which addresses there are"
    case .seeFlight: "see where it is; 'step' lets the next event happen"
    case .sendAgain: "send it again: the next one may get through"
    case .sendSlower: "send less, or slower"
    case .keepAlive:
      """
      programs that want to be reached send a small packet, a keepalive, more often than the timeout; a longer \
      timeout in the router does as much
      """
    case .renewLease: "the host asks again before its time is over; programs that need a port do so at half of it"
    case .useAddressOfOneHost: "send it to the address of one host"
    case .pingRouterOnly:
      "a ping has no port that could be forwarded: from outside nobody can ping a host behind a NAT that has not asked"
    case .hostInsideFirst: "there must be a host behind the router that can send first, or that a port is forwarded to"
    case .beginAgain: "the connection is lost for one of its ends: a new one must be opened"
    default: ""
    }
  }
}
