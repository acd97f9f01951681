// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// How long unused rows live.
extension Properties {
  public static let udpTimeout = TypedProperty<Interval>(
    axis: "udp-timeout", .duration(default: "5m"), \.lifetimes.udp,
    said("How long an unused UDP mapping lives (RFC 4787 §4.3)."), whenNew)

  /// Nil means the same as `udp-timeout`.
  public static let udpStreamTimeout = TypedProperty<Interval?>(
    axis: "udp-stream-timeout", .duration(orAs: "udp-timeout"), \.lifetimes.udpStream,
    said("How long an unused UDP mapping lives after packets both ways; `udp-timeout` sets this to the same."), whenNew)

  public static let tcpEstablishedTimeout = TypedProperty<Interval>(
    axis: "tcp-established-timeout", .duration(default: "2h4m"), \.lifetimes.tcpEstablished,
    said("How long a TCP mapping lives whose connection is open and quiet (RFC 5382 §5)."), whenNew)

  public static let tcpTransitoryTimeout = TypedProperty<Interval>(
    axis: "tcp-transitory-timeout", .duration(default: "4m"),
    said("How long a TCP mapping lives whose connection is opening or closing (RFC 5382 §5)."), whenNew,
    get: { $0.lifetimes.tcpTransitory },
    set: {
      $0.lifetimes.tcpTransitory = $1
      $0.lifetimes.tcpStates.setTransitory($1)
    })

  public static let tcpOpeningTimeout = TypedProperty<Interval>(
    axis: "tcp-opening-timeout", .duration(default: "tcp-transitory-timeout"),
    said("The same, only while the connection is opening (RFC 7857 §2.1)."), whenNew,
    get: { $0.lifetimes.tcpStates.synSent ?? $0.lifetimes.tcpTransitory },
    set: { $0.lifetimes.tcpStates.setOpening($1) })

  public static let tcpClosingTimeout = TypedProperty<Interval>(
    axis: "tcp-closing-timeout", .duration(default: "tcp-transitory-timeout"),
    said("The same, only once the connection is closing (RFC 7857 §2.1)."), whenNew,
    get: { $0.lifetimes.tcpStates.lastAck ?? $0.lifetimes.tcpTransitory },
    set: { $0.lifetimes.tcpStates.setClosing($1) })

  public static let icmpTimeout = TypedProperty<Interval>(
    axis: "icmp-timeout", .duration(default: "60s"), \.lifetimes.icmp,
    said("How long an unused mapping of a ping lives (RFC 5508 §3.2)."), whenNew)
}
