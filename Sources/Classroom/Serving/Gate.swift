// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// Decides how to answer a request, before anything is done for it.
struct Gate: Sendable {
  /// The names and addresses that are served, each with its port, in small letters.
  private let authorities: [String]
  /// Whether a class is open, so that learners are served.
  private let hasClass: Bool

  /// - Parameter addresses: the addresses served besides loopback, as they stand in a URL.
  init(port: Int, addresses: [String] = [], hasClass: Bool = false) {
    authorities = (Self.loopbackNames + addresses).flatMap { address in
      let address = address.lowercased()
      return port == 80 ? [address, "\(address):80"] : ["\(address):\(port)"]
    }
    self.hasClass = hasClass
  }

  /// This machine's own names for itself.
  private static let loopbackNames = ["127.0.0.1", "localhost"]

  /// Whether a Host header names this machine itself, at whatever port.
  static func isLoopback(host: String) -> Bool { loopbackNames.contains(where: host.hasPrefix) }

  /// The largest body that is read, in bytes.
  static let largestBody = 64 << 10
  /// The longest head that is read: its path and its fields, in bytes.
  static let largestHead = 32 << 10

  /// The facts by which a request is judged.
  struct Request {
    var method: String
    /// As it was sent, including any query after `?`.
    var target: String
    /// The values of each header of that name.
    var hosts: [String]
    var origins: [String] = []
    /// The body's length as the sender gives it; nil if it does not.
    var bodyLength: Int?
  }

  enum Answer: Hashable {
    case resource(PageResource)
    case state
    case events
    /// A request that only a class is asked.
    case route(Route)
    case refused(Refusal)
  }

  /// The requests of learners, and those about the class.
  enum Route: String, Hashable, CaseIterable {
    case join = "/join"
    case answer = "/answer"
    case run = "/run"
    case complete = "/complete"
    case handIn = "/hand-in"
    case workEvents = "/work/events"
    case workState = "/work/state.json"
    case invitation = "/class.json"

    var method: String {
      switch self {
      case .join, .answer, .run, .complete: "POST"
      case .handIn, .workEvents, .workState, .invitation: "GET"
      }
    }
  }

  /// Why a request is refused.
  enum Refusal: Hashable {
    /// For a name that is not this server's: a page from elsewhere whose name was made to point here.
    case foreignHost
    /// Asked by a page from elsewhere.
    case foreignOrigin
    case bodyTooLarge
    case headTooLarge
    case notFound
    case wrongMethod(allowed: String)
    /// Too many are connected already.
    case full
    case unreadable
    case tooSlow
  }

  func answer(to request: Request) -> Answer {
    guard request.hosts.count == 1, authorities.contains(request.hosts[0].lowercased()) else {
      return .refused(.foreignHost)
    }
    let own = authorities.map { "http://" + $0 }
    guard request.origins.allSatisfy({ own.contains($0.lowercased()) }) else { return .refused(.foreignOrigin) }
    if let length = request.bodyLength, length > Self.largestBody { return .refused(.bodyTooLarge) }
    let path = request.target.prefix { $0 != "?" }
    let found: Answer
    switch path {
    case "/state.json": found = .state
    case "/events": found = .events
    default:
      if let route = Route(rawValue: String(path)), hasClass {
        return request.method == route.method ? .route(route) : .refused(.wrongMethod(allowed: route.method))
      }
      guard let resource = PageResource.all.first(where: { $0.path == path }), hasClass || !resource.isLearners else {
        return .refused(.notFound)
      }
      found = .resource(resource)
    }
    return request.method == "GET" ? found : .refused(.wrongMethod(allowed: "GET"))
  }
}

extension Gate.Refusal {
  /// The HTTP status.
  var status: Int {
    switch self {
    case .foreignHost: 421
    case .foreignOrigin: 403
    case .bodyTooLarge: 413
    case .headTooLarge: 431
    case .notFound: 404
    case .wrongMethod: 405
    case .full: 503
    case .unreadable: 400
    case .tooSlow: 408
    }
  }

  /// The explanation for whoever asked.
  var words: String {
    switch self {
    case .foreignHost: said("This server answers only to its own address: the one that 'page' prints.")
    case .foreignOrigin: said("Pages from elsewhere may not ask this server anything.")
    case .bodyTooLarge: said("That is more than 64 KiB, which is too much.")
    case .headTooLarge: said("The request has too many headers.")
    case .notFound: said("There is nothing here. The page is at /.")
    case .wrongMethod(let allowed): said("Only \(allowed) works here.")
    case .full: said("Too many are watching already. Try again in a while.")
    case .unreadable: said("That is not HTTP.")
    case .tooSlow: said("The request did not come in time.")
    }
  }
}
