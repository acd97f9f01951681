// SPDX-License-Identifier: GPL-3.0-or-later

import Capture
import Commands
import Lessons
import NATModel
import NIOCore
import Shell
import Wording

/// Opens a class: the page, an address that others reach, a code, and the work of those who were there before.
struct ClassOpening {
  private let name: String?
  private let address: IPAddress?
  private let port: Int?
  private let size: Int?

  init(_ request: ClassRequest.Opening) {
    (name, address, port, size) = (request.name, request.address, request.port, request.size)
  }

  /// The same command with something else in it.
  private func command(name: String? = nil, address: String? = nil, port: Int? = nil) -> String {
    let clauses: [(String, String?)] = [
      ("", name ?? self.name), ("on ", address ?? self.address?.description), ("size ", size.map { "\($0)" }),
      ("port ", (port ?? self.port).map { "\($0)" }),
    ]
    return (["class open"] + clauses.compactMap { word, value in value.map { word + $0 } }).joined(separator: " ")
  }

  static let usualName = "class"
  static let usualSize = 100

  func fulfil(in console: Console) throws(RequestFault) -> ClassReport {
    if let open = console.listener(of: PageFollower.self)?.server, let report = try report(ofOpen: open) {
      return report
    }
    let addresses = try addresses()
    // Whoever was there asks at once when somebody listens, so what takes time is done before.
    let (keeper, trouble) = try keeper()
    let kept = keeper?.learners() ?? []
    let code: String
    do throws(SystemError) {
      if let known = keeper?.code { code = known } else { code = try MachineChance.digits(6) }
    } catch {
      throw RequestFault(kind: "cannot-open", message: said("this machine cannot make a code: \(error.reason)"))
    }
    let server = try PageRequest.page(at: port, in: console) { command(port: $0) }
    var template = console.session
    // What the teacher captures is the teacher's own network, and learners read no files here.
    template.tap = nil
    template[CaptureFiles.self] = nil
    template[LessonShelf.self] = template[LessonShelf.self]?.readOnce
    let opening = ClassRoom.Opening(
      name: name ?? Self.usualName, code: code, size: size ?? Self.usualSize,
      url: "http://\(Self.inURL(addresses[0])):\(server.port)/", template: template, keeper: keeper,
      kept: kept)
    do throws(IOError) {
      try server.open(opening, at: addresses.map(\.description))
    } catch {
      throw fault(error, addresses[0], server.port)
    }
    keeper?.keep(code: code)
    guard var report = report(of: server, wasSo: false) else { throw ClassRequest.noClass }
    report.trouble = trouble ?? report.trouble
    return report
  }

  private func report(of server: PageServer, wasSo: Bool) -> ClassReport? {
    let page = server.url
    return server.inClass { ClassReport(of: $0, wasSo: wasSo, page: page) }
  }

  private static func inURL(_ address: IPAddress) -> String {
    address.isIPv4 ? address.description : "[\(address)]"
  }

  /// The answer if a class is open already; nil if none is.
  private func report(ofOpen server: PageServer) throws(RequestFault) -> ClassReport? {
    guard let report = report(of: server, wasSo: true), let open = report.name else { return nil }
    guard name.map({ $0.lowercased() == open.lowercased() }) ?? true else {
      throw RequestFault(
        kind: "class-open", message: said("the class '\(open)' is open; 'class close' ends it first"),
        suggestion: "class close")
    }
    return report
  }

  /// The addresses to serve; the first is the one to be told.
  private func addresses() throws(RequestFault) -> [IPAddress] {
    let all = LocalAddresses.all()
    guard let address else { return [LocalAddresses.likeliest ?? IPAddress(ipv4: 0x7F00_0001)] }
    // All of them.
    if address.description == "0.0.0.0" || address.description == "::" {
      let reachable = all.filter { !LocalAddresses.isLoopback($0) && $0.isIPv4 == address.isIPv4 }
      return reachable.isEmpty ? [IPAddress(ipv4: 0x7F00_0001)] : reachable
    }
    guard all.contains(address) || LocalAddresses.isLoopback(address) else {
      let listed = all.filter { !LocalAddresses.isLoopback($0) }.prefix(4).map(\.description)
      throw RequestFault(
        kind: "foreign-address",
        message: said("\(address) is not an address of this machine")
          + (listed.isEmpty ? said("; it has only loopback") : said("; it has \(listed.joined(separator: ", "))")),
        suggestion: listed.first.map { command(address: $0) })
    }
    return [address]
  }

  /// Where the class is kept; nil, with the reason, if it cannot be.
  private func keeper() throws(RequestFault) -> (ClassKeeper?, trouble: String?) {
    let name = name ?? Self.usualName
    do throws(SystemError) {
      return (try ClassKeeper(name: name), nil)
    } catch {
      guard !error.isHeld else {
        throw RequestFault(
          kind: "class-open-elsewhere", message: said("another natsh has the class '\(name)' open; take another name"),
          suggestion: command(name: "\(name)-2"))
      }
      return (nil, error.reason)
    }
  }

  private func fault(_ error: IOError, _ address: IPAddress, _ port: Int) -> RequestFault {
    switch SystemError(code: error.errnoCode) {
    case .addressInUse:
      let free = LocalPort.firstFree(from: port + 1)
      return RequestFault(
        kind: "port-taken",
        message: said("port \(port) of \(address) is taken") + (free.map { said("; take another: \($0)") } ?? ""),
        suggestion: free.map { command(port: $0) })
    case let other:
      return RequestFault(
        kind: "cannot-serve", message: said("cannot serve at \(address), port \(port): \(other.reason)"))
    }
  }
}
