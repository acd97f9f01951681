// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Classroom

/// The requests that are served, and those that are refused before anything is done for them.
@Suite struct GateTests {
  private static func status(
    _ method: String, _ target: String, host: [String] = ["127.0.0.1:8420"], origin: [String] = [], length: Int? = nil
  ) -> Int {
    let request = Gate.Request(
      method: method, target: target, hosts: host, origins: origin, bodyLength: length)
    return if case .refused(let refusal) = Gate(port: 8_420).answer(to: request) { refusal.status } else { 200 }
  }

  @Test(arguments: [
    ("GET", "/", 200), ("GET", "/state.json", 200), ("GET", "/events", 200), ("GET", "/page.css", 200),
    ("GET", "/?x=1", 200), ("GET", "/events?last=4", 200),
    ("POST", "/", 405), ("PUT", "/state.json", 405), ("DELETE", "/events", 405), ("HEAD", "/", 405), ("BREW", "/", 405),
    ("GET", "", 404), ("GET", "/page", 404), ("GET", "//", 404), ("GET", "/../etc/passwd", 404),
    ("GET", "/page.css/", 404), ("GET", "/%70age.css", 404), ("POST", "/nothing", 404), ("GET", "*", 404),
    ("GET", "http://127.0.0.1:8420/", 404),
  ])
  func onlyKnownPathsAreServed(method: String, target: String, status: Int) {
    #expect(Self.status(method, target) == status)
  }

  @Test(arguments: [
    (["127.0.0.1:8420"], 200), (["localhost:8420"], 200), (["LOCALHOST:8420"], 200),
    ([], 421), ([""], 421), (["127.0.0.1"], 421), (["127.0.0.1:8421"], 421), (["evil.example:8420"], 421),
    (["127.0.0.1:8420", "evil.example"], 421), (["127.0.0.1:8420.evil.example"], 421), (["0.0.0.0:8420"], 421),
  ])
  func aHostThatIsNotThisServersIsRefused(hosts: [String], status: Int) {
    #expect(Self.status("GET", "/", host: hosts) == status)
    // For a wrong host name, nothing else is checked first.
    if status == 421 { #expect(Self.status("POST", "/nothing", host: hosts, length: 1 << 30) == 421) }
  }

  @Test(arguments: [
    (["http://127.0.0.1:8420"], 200), (["http://localhost:8420"], 200), ([], 200),
    (["http://evil.example"], 403), (["null"], 403), (["https://127.0.0.1:8420"], 403), (["http://127.0.0.1"], 403),
    (["http://127.0.0.1:8420", "http://evil.example"], 403),
  ])
  func aPageFromElsewhereMayNotAsk(origins: [String], status: Int) {
    #expect(Self.status("GET", "/state.json", origin: origins) == status)
  }

  @Test(arguments: [(0, 200), (65_536, 200), (65_537, 413), (Int.max, 413), (-1, 200)])
  func aBodyHasAnEnd(length: Int, status: Int) {
    #expect(Self.status("GET", "/", length: length) == status)
  }

  /// The content security policy allows only the page's own resources, so the page must not ask for anything else.
  @Test func thePageAsksForNothingFromElsewhere() {
    let paths = Set(PageResource.all.map(\.path))
    for resource in PageResource.all {
      let quoted = resource.text.split(separator: "\"").filter {
        $0.hasPrefix("/") && $0.count > 1 && $0.dropFirst().allSatisfy { $0.isLetter || $0 == "." || $0 == "/" }
      }
      for path in quoted { #expect(paths.contains(String(path)) || path == "/events", "\(resource.path): \(path)") }
      let foreign = resource.text.replacing("http://www.w3.org/2000/svg", with: "").contains("://")
      #expect(!foreign, "\(resource.path)")
      for word in ["innerHTML", "insertAdjacentHTML", "document.write", "eval(", " onclick=", "style=\""] {
        #expect(!resource.text.contains(word), "\(resource.path): \(word)")
      }
    }
  }
}
