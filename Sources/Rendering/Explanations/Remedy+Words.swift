// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

extension Remedy {
  /// The remedy in a sentence, without its commands.
  package var words: StyledText {
    switch idea {
    case .insideSends(let host, let remote):
      said("\(host, .name) sends to \(remote, .address) first: then there is a row that admits it")
    case .insideSendsAnew(let host, let remote, let shown):
      said(
        """
        \(host, .name) sends to \(remote, .address) first. That packet shows the outside endpoint \(shown, .address): \
        write there
        """)
    case .mappingIsEndpointIndependent(let host):
      said(
        """
        the router maps endpoint-independently: from then on everybody whom \(host, .name) writes to for the first time from \
        that port sees the same outside endpoint
        """)
    case .sendFromPort(let port):
      said("the packet comes from port \(port), which is admitted: a send that names no port takes a new one each time")
    case .filterAddressAlone(let address):
      said("the filter asks for the address alone: \(address, .address) has been sent to, though not this port of it")
    case .filterNothing: said("the filter asks for nothing and admits every sender, friend or stranger")
    case .forward(let port, let host): said("a static mapping sends port \(port) to \(host, .name) for good")
    case .forwardAndWriteThere(let host, let router, let port):
      said("\(router, .name) forwards its port \(port) to \(host, .name), and that is where to write")
    case .firewallOff: said("nothing is filtered at all")
    case .hairpin: said("the router turns such packets round")
    case .hairpinAndFilterNothing: said("the router turns such packets round, and its filter admits every sender")
    case .writeToInsideAddress(let address):
      said("the two are neighbours: the inside address \(address, .address) needs no NAT")
    case .askInside(let host, let server):
      said("\(host, .name) asks \(server, .name) for names, whose answer inside is the inside address (split DNS)")
    case .talkInside:
      said("the two are on one network: by their inside addresses they reach each other without the router")
    case .mayChangePort: said("the router may give another port if the inside one is taken")
    case .pickUpMidstream:
      said("the router makes a row of a segment from the middle of a connection, as it does of a request")
    case .largerBlocks(let size): said("each host gets \(size) ports, so that fewer hosts find room")
    case .widerPorts: said("there are more ports to choose from")
    case .moreAddresses: said("there are more outside addresses, each with ports of its own")
    case .roomAfter(let time): said("rows time out and make room, in \(SimulatedTime.text(time.microseconds))")
    case .waitForRows: said("rows that time out make room, as long as nothing keeps them alive")
    case .higherLimits: said("the limit is lifted")
    case .largerTTL: said("it is sent with a larger TTL")
    case .listen: said("a program listens there")
    case .openPorts: said("the host takes packets on every port")
    case .putHostThere(let name, let address): said("a host, \(name, .name), is put at \(address, .address)")
    case .translateFamilies(let router): said("\(router, .name) translates between IPv6 and IPv4")
    case .writeToIPv4(let address): said("the sender has an IPv4 address itself, and writes to \(address, .address)")
    case .readTexts(let router, let name):
      said(
        "\(router, .name) reads the text and writes an outside endpoint into it: 'set \(router) alg \(name) on', and begin again"
      )
    case .filterOff(let router): said("\(router, .name) drops nothing by rule")
    case .linkWithoutLoss(let link): said("the link of \(link, .name) towards the internet loses nothing")
    case .linkWithoutRate(let link): said("the link of \(link, .name) has a higher rate")
    case .linkWithoutMTU(let link): said("the link of \(link, .name) takes longer packets")
    case .forgetPathMTU(let time):

      said(
        """
        the sender goes by what it was told about the path for \(SimulatedTime.text(time.microseconds)) (RFC\u{A0}1191 §6.3), and then tries again
        """)
    case .mayBeCut: said("the packet may be cut: it is sent without 'df'")
    case .clampSegmentSize(let router):
      said(
        """
        \(router, .name) clamps the MSS: in the SYNs that pass it lowers the maximum segment size to what its links carry, \
        so a new connection sends no segment that is too long
        """)
    case .filterOffForReports(let router):
      said(
        "\(router, .name) drops nothing by rule: then the report reaches the sender, which sends shorter packets from then on"
      )
    case .timeWaitIsOver(let host, let time):
      said("\(host, .name) forgets the old connection \(SimulatedTime.text(time.microseconds)) after its end")
    case .anotherPort: said("the new connection has another source port, so nobody can take it for the old one")
    case .retransmission(let host):
      said(
        """
        \(host, .name) sends its SYN again: the first one brings an answer for the old connection, a reset ends that, and the \
        second one opens the new
        """)
    case .raceOff(let router):
      said("\(router, .name) chooses again if another flow has just taken the port: no two packets race for one")
    case .randomPorts(let router):
      said(
        "\(router, .name) draws ports at random ('random-fully' on Linux): two flows hardly ever draw the same one at once"
      )
    case .unroute(let device, let prefix):
      said(
        "\(device, .name) gives up its route for \(prefix, .address), so that questions and answers take the same way")
    case .sendShorter(let length):
      length > 0 ? said("less is sent at once: \(length) bytes pass") : said("less is sent at once")
    default: looksAndAdvice
    }
  }

  private var looksAndAdvice: StyledText {
    switch idea {
    case .seeTable: said("the table shows which outside endpoints there are, and whom they admit")
    case .seeAddresses: said("see who is where, and which addresses there are")
    case .seeFlight: said("see where it is; 'step' lets the next event happen")
    case .sendAgain: said("send it again: the next one may get through")
    case .sendSlower: said("send less, or slower")
    case .keepAlive:
      said(
        """
        programs that want to be reached send a small packet, a keepalive, more often than the timeout; a longer \
        timeout in the router does as much
        """)
    case .renewLease: said("the host asks again before its time is over; programs that need a port do so at half of it")
    case .useAddressOfOneHost: said("send it to the address of one host")
    case .pingRouterOnly:
      said(
        "a ping has no port that could be forwarded: from outside nobody can ping a host behind a NAT that has not asked"
      )
    case .hostInsideFirst:
      said("there must be a host behind the router that can send first, or that a port is forwarded to")
    case .beginAgain: said("the connection is lost for one of its ends: a new one must be opened")
    default: ""
    }
  }
}
