// SPDX-License-Identifier: GPL-3.0-or-later

/// The parts of an endpoint's text, `192.0.2.1:4000` or `[2001:db8::1]:4000`.
struct EndpointText: Hashable {
  let whole: String

  init(_ whole: String) { self.whole = whole }

  /// The address, an IPv6 one without its brackets.
  var address: String {
    guard let colon = whole.lastIndex(of: ":") else { return whole }
    let host = whole[..<colon]
    if host.first == "[", host.last == "]" { return String(host.dropFirst().dropLast()) }
    // An address alone: IPv6 has colons of its own.
    return host.contains(":") ? whole : String(host)
  }

  var port: String {
    guard let colon = whole.lastIndex(of: ":"), address != whole else { return "" }
    return String(whole[whole.index(after: colon)...])
  }

  var isIPv6: Bool { address.contains(":") }
}
