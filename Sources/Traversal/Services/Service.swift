// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator

/// A kind of server that `serve` can begin. A new one is a file with its program and its service, and its name in
/// ``all``.
struct Service: Sendable {
  /// The place for a server.
  struct Options: Sendable {
    var host: DeviceID
    var port: UInt16
    /// A second public address of the host, for the service that takes one.
    var alternate: IPAddress?
    /// The server that a server for names asks for what it does not know.
    var upstream: IPAddress?
    /// The prefix under which it makes up IPv6 addresses.
    var dns64: EmbeddingPrefix?
  }

  /// The word for it in `serve HOST …`.
  let word: String
  /// The port unless another is given; nil if one must be given.
  let port: UInt16?
  /// Whether it can use a second address.
  let takesAlternate: Bool
  /// What else may be said of it.
  let parameters: [Parameter]
  /// The program's name and its words.
  let description: ProgramDescription
  let begin: @Sendable (Options, inout Network) throws(HostError) -> Int

  /// - Parameter program: makes the server.
  init(
    _ word: String, port: UInt16?, takesAlternate: Bool = false, parameters: [Parameter] = [],
    _ description: ProgramDescription,
    program: @escaping @Sendable (Options) -> some HostProgram
  ) {
    self.word = word
    self.port = port
    self.takesAlternate = takesAlternate
    self.parameters = parameters
    self.description = description
    begin = { (options, network) throws(HostError) in try network.start(program(options), on: options.host) }
  }

  /// Begins it at its port or, if that is in use, a few further on, as the servers of one host would be set up side by
  /// side.
  func beginNearby(_ options: Options, in network: inout Network) throws(HostError) -> (program: Int, port: UInt16) {
    for step in 0..<8 as Range<UInt16> {
      var options = options
      options.port += 2 * step
      do throws(HostError) {
        return (try begin(options, &network), options.port)
      } catch .portInUse {
        continue
      }
    }
    return (try begin(options, &network), options.port)
  }

  /// All of them, in the order in which help lists them.
  static let all: [Service] = [
    STUNServer.service, TURNServer.service, RendezvousServer.service, EchoServer.service, WebServer.service,
    NamesServer.service, FTPServer.service, SIPServer.service,
  ]
}
