// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NIOCore
import Shell
import Wording

/// The request of `page` to the program.
enum PageRequest: ConsoleRequest {
  case open(port: Int?)
  case close

  static let usualPort = 8_420

  func encode(to encoder: any Encoder) throws {}

  func fulfil(in console: Console) throws(RequestFault) -> any ResultContent {
    let open = console.listener(of: PageFollower.self)
    switch self {
    case .close:
      if let open { Self.end(open, console) }
      return PageReport(url: nil, wasSo: open == nil)
    case .open(let port):
      let server = try Self.page(at: port, in: console)
      return PageReport(url: server.url, wasSo: server === open?.server)
    }
  }

  /// The page at that port, or wherever it is: the one that there is, or a new one in its place.
  ///
  /// - Parameter command: the command that would do what was asked at another port, for whoever is told of one.
  static func page(
    at port: Int?, in console: Console, command: (Int) -> String = { "page \($0)" }
  ) throws(RequestFault) -> PageServer {
    let open = console.listener(of: PageFollower.self)
    if let open, port == nil || port == open.server.port { return open.server }
    let server = try serve(port ?? usualPort, console, command)
    // From now on there are others who want the processor: the page's server, and perhaps a class.
    ProcessSetup.answerAtOnce()
    if let open { end(open, console) }
    console.add(PageFollower(server))
    return server
  }

  private static func end(_ follower: PageFollower, _ console: Console) {
    console.remove(follower)
    follower.server.close()
  }

  private static func serve(
    _ port: Int, _ console: Console, _ command: (Int) -> String
  ) throws(RequestFault) -> PageServer {
    do throws(IOError) {
      return try PageServer(port: port, session: console.session)
    } catch {
      throw fault(error, port, command)
    }
  }

  private static func fault(_ error: IOError, _ port: Int, _ command: (Int) -> String) -> RequestFault {
    switch SystemError(code: error.errnoCode) {
    case .addressInUse:
      let free = LocalPort.firstFree(from: port + 1)
      return RequestFault(
        kind: "port-taken", message: said("port \(port) is taken") + (free.map { said("; \($0) is free") } ?? ""),
        suggestion: free.map(command))
    case .notAllowed:
      return RequestFault(
        kind: "port-not-allowed", message: said("port \(port) is reserved for the system; use one from 1024 up"),
        suggestion: command(usualPort))
    case let other:
      return RequestFault(kind: "cannot-serve", message: said("cannot serve a page at port \(port): \(other.reason)"))
    }
  }
}
