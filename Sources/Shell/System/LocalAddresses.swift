// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The addresses by which this machine can be reached.
package enum LocalAddresses {
  /// Those of interfaces that are up, the one that a class most likely reaches first; loopback ones last.
  package static func all() -> [IPAddress] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return [] }
    defer { freeifaddrs(first) }
    var found: [(rank: Int, address: IPAddress)] = []
    var next = first
    while let entry = next?.pointee {
      next = entry.ifa_next
      guard entry.ifa_flags & UInt32(IFF_UP) != 0, let socketAddress = entry.ifa_addr else { continue }
      let name = entry.ifa_name.map { String(cString: $0) } ?? ""
      if let address = address(socketAddress), !found.contains(where: { $0.address == address }) {
        found.append((rank(name, address), address))
      }
    }
    // Equal ranks stay in the system's order.
    return found.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
      .map(\.element.address)
  }

  /// The one that a class most likely reaches; nil where there is only loopback.
  package static var likeliest: IPAddress? { all().first { !isLoopback($0) && $0.isIPv4 } }

  package static func isLoopback(_ address: IPAddress) -> Bool {
    address.scope == .loopback
  }

  private static func rank(_ name: String, _ address: IPAddress) -> Int {
    if isLoopback(address) { return 4 }
    // Networks that live inside this machine, or lead elsewhere.
    let inner = ["docker", "br-", "virbr", "veth", "vmnet", "tun", "tap", "utun", "wg", "lxc", "cni", "flannel"]
    if inner.contains(where: name.hasPrefix) { return 3 }
    if !address.isIPv4 { return 2 }
    return address.scope == .linkLocal ? 2 : 0
  }

  private static func address(_ pointer: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
    let length: socklen_t
    switch Int32(pointer.pointee.sa_family) {
    case AF_INET: length = socklen_t(MemoryLayout<sockaddr_in>.size)
    case AF_INET6: length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    default: return nil
    }
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    guard getnameinfo(pointer, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else { return nil }
    let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // A link's own address means nothing without its interface.
    return words.contains("%") ? nil : IPAddress(words)
  }
}
