// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// The common parts of NAT-PMP and PCP: the ports, and a first byte that tells them apart (RFC 6887 Appendix A).
public enum PortControl {
  /// The port where a router listens.
  public static let serverPort: UInt16 = 5_351
  /// The port where hosts hear a router's announcements.
  public static let clientPort: UInt16 = 5_350

  /// A message of either protocol in words; nil if the bytes are of neither.
  static func description(of bytes: ArraySlice<UInt8>) -> MessageDescription? {
    if let request = NATPMP.Request(decoding: bytes) { return request.description }
    if let response = NATPMP.Response(decoding: bytes) { return response.description }
    if let request = try? PCP.Request(decoding: bytes) { return request.description }
    return PCP.Response(decoding: bytes)?.description
  }
}
