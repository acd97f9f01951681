// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// What a router does to IPv6 addresses.
extension Properties {
  /// Nil is off.
  public static let nat64 = TypedProperty<EmbeddingPrefix?>(
    axis: "nat64", .nat64, \.nat64,
    said(
      "Whether IPv6 hosts inside reach IPv4 hosts, by addresses that begin with a prefix and end with the IPv4 address ",
      "(RFC 6146, RFC 6052)."), said("for new rows; old ones of another prefix are removed"))

  /// Nil is off.
  public static let nptv6 = TypedProperty<IPPrefix?>(
    "nptv6", .router, .outsidePrefix,
    said(
      "The prefix that inside IPv6 addresses have outside, in place of their own (RFC 6296). No port changes and no table ",
      "is needed; the firewall stays."), said("at once; the firewall's rows are removed"),
    current: { $0.router($1.id)?.nat.behavior.prefixTranslation?.outside }, standard: { _, _ in nil },
    change: { network, id, prefix throws(BuildError) in try network.setPrefixTranslation(of: id, prefix) })
}
