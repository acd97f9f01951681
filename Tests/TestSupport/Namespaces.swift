// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Network namespaces on this machine, if it allows them.
public enum Namespaces {
  /// Why there are none; nil if there are.
  public static let missing: Comment? = {
    #if os(Linux)
      for tool in ["ip", "nft", "tc", "unshare"] where Program.path(of: tool) == nil { return "there is no '\(tool)'" }
      let trial =
        "mount -t tmpfs tmpfs /run && mkdir /run/netns && ip netns add x && ip netns exec x nft add table ip x"
      let outcome = try? Program.run("bash", ["-c", "unshare \(own) bash -c '\(trial)'"])
      guard outcome?.status == 0 else {
        return "network namespaces with nftables cannot be had: \(outcome?.errors.split(separator: "\n").last ?? "")"
      }
      return nil
    #else
      return "they are Linux's"
    #endif
  }()

  public typealias Comment = String

  /// Root needs no user namespace.
  private static var own: String { getuid() == 0 ? "--mount --net" : "--map-root-user --mount --net" }

  /// The program that sends and receives in them.
  public static var probe: String {
    BuiltExecutable.url.deletingLastPathComponent().appending(path: "NamespaceProbe").path(percentEncoded: false)
  }
}
