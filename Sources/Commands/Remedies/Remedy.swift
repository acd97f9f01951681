// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// One way to another outcome, as `why` offers it. The words are the renderer's.
public struct Remedy: Hashable, Sendable {
  public enum Kind: String, Encodable, Sendable {
    /// Tried on a copy of the world: ``Remedy/commands`` and `run` bring a packet of the same sender to its receiver.
    case fix
    /// A command that shows something.
    case look
    /// Words alone.
    case advice
  }

  public var kind: Kind
  public var idea: Idea
  /// The commands that carry it out, in order; a look has one, advice none.
  public var commands: [String]

  /// The idea behind a remedy.
  public enum Idea: Hashable, Sendable {
    /// `host` sends to the sender, and the row then admits it.
    case insideSends(host: String, to: PacketEnd)
    /// `host` sends to the sender, which makes a row with an outside endpoint of its own: write to that.
    case insideSendsAnew(host: String, to: PacketEnd, shows: Endpoint)
    /// The router maps without looking at the remote, so that the row made by `host`'s packet serves everybody.
    case mappingIsEndpointIndependent(host: String)
    /// The packet comes from a port that the row admits.
    case sendFromPort(UInt16)
    case filterAddressAlone(IPAddress)
    case filterNothing
    case forward(port: UInt16, host: String)
    /// The router that the host meant is behind forwards a port, to which to write.
    case forwardAndWriteThere(host: String, router: String, port: UInt16)
    case firewallOff
    case hairpin
    case hairpinAndFilterNothing
    case writeToInsideAddress(IPAddress)
    /// `host` asks a server for names inside, which gives the inside address.
    case askInside(host: String, server: String)
    case widerPorts
    case largerBlocks(Int)
    case mayChangePort
    case pickUpMidstream
    case moreAddresses
    case roomAfter(Interval)
    case higherLimits
    case largerTTL
    case listen
    case openPorts
    case putHostThere(name: String, IPAddress)
    case filterOff(String)
    /// The router translates between IPv6 and IPv4.
    case translateFamilies(String)
    /// The IPv4 address itself is written to.
    case writeToIPv4(IPAddress)
    case linkWithoutLoss(String)
    case linkWithoutRate(String)
    case linkWithoutMTU(String)
    /// The sender's knowledge of the path is forgotten after a while.
    case forgetPathMTU(after: Interval)
    case mayBeCut
    /// The router lowers the maximum segment size in SYNs.
    case clampSegmentSize(String)
    /// Reports of errors come through again.
    case filterOffForReports(String)
    /// The host has forgotten the connection that it closed.
    case timeWaitIsOver(String, after: Interval)
    case anotherPort
    /// The host sends its SYN again.
    case retransmission(String)
    /// The router looks again before it makes a row.
    case raceOff(String)
    /// Ports drawn at random hardly ever meet.
    case randomPorts(String)
    /// The device sends packets for the prefix its usual way.
    case unroute(String, IPPrefix)
    case sendShorter(text: Int)

    case seeTable
    case seeAddresses
    case seeFlight

    case sendAgain
    case sendSlower
    case keepAlive
    /// A mapping that a host has asked for is asked for again in time.
    case renewLease
    case useAddressOfOneHost
    case talkInside
    case pingRouterOnly
    case waitForRows
    case hostInsideFirst
    /// The router reads the texts of a protocol, and names outside endpoints in them.
    case readTexts(router: String, protocol: String)
    case beginAgain
  }
}
