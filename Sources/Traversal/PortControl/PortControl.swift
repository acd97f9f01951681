// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// What NAT-PMP and PCP share: the ports, and that the first byte tells one from the other (RFC 6887 Appendix A).
public enum PortControl {
  /// Where a router listens.
  public static let serverPort: UInt16 = 5_351
  /// Where hosts hear what a router announces.
  public static let clientPort: UInt16 = 5_350

  /// A message of either protocol in words; nil where the bytes are neither's.
  static func description(of bytes: ArraySlice<UInt8>) -> MessageDescription? {
    if let request = NATPMP.Request(decoding: bytes) { return request.description }
    if let response = NATPMP.Response(decoding: bytes) { return response.description }
    if let request = try? PCP.Request(decoding: bytes) { return request.description }
    return PCP.Response(decoding: bytes)?.description
  }
}
