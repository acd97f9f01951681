// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// The commands run inside a node, for a shell as small as a container's.
enum SetupScript {
  /// The functions that ``body(of:)`` calls.
  static let functions = #"""
    # setting FILE VALUE: a kernel parameter of this node, if the kernel has it.
    setting() {
      [ -e "/proc/sys/$1" ] || return 0
      [ "$(cat "/proc/sys/$1")" != "$2" ] || return 0
      { echo "$2" >"/proc/sys/$1"; } 2>/dev/null || echo "natsh: cannot set $1 to $2 here" >&2
    }

    # ports FIRST COUNT: nftables' map from 0, 1, 2... to the ports from FIRST up.
    ports() {
      printf '{ 0 : %d' "$1"
      n=1
      while [ "$n" -lt "$2" ]; do
        printf ', %d : %d' "$n" "$(($1 + n))"
        n=$((n + 1))
      done
      printf ' }'
    }

    # netem: whether the kernel can delay and lose packets.
    netem() {
      if tc qdisc add dev lo root netem delay 1ms 2>/dev/null; then
        tc qdisc del dev lo root
        echo yes
      else
        echo no
      fi
    }

    # shape INTERFACE DELAY LOSS [RATE BURST]: the cost for a packet to leave there. A queue holds 100 ms.
    shape() {
      if [ "${NATSH_NETEM:=$(netem)}" = yes ]; then
        tc qdisc replace dev "$1" root handle 1: netem limit 20000 delay "$2" loss "$3"
        [ $# -eq 3 ] || tc qdisc replace dev "$1" parent 1:1 handle 10: tbf rate "$4" burst "$5" latency 100ms
      elif [ $# -gt 3 ]; then
        tc qdisc replace dev "$1" root handle 1: tbf rate "$4" burst "$5" latency 100ms
      fi
    }
    """#

  /// The commands that set a node up, once its cables are there.
  static func body(of node: Plan.Node) -> [String] {
    // A container may have IPv6 off, and would refuse its addresses; an interface has parameters once it is there, and
    // connection tracking once there are rules.
    let isFirst = { (setting: Plan.Setting) in setting.path.hasPrefix("net/ipv6/") }
    let call = { (setting: Plan.Setting) in "setting \(setting.path) \(setting.value)" }
    var lines = node.settings.filter(isFirst).map(call)
    lines += ["ip -batch - <<'END'"] + node.commands + ["END"]
    if !node.rules.isEmpty {
      let isExpanded = node.rules.contains { $0.contains("$(") }
      lines += ["nft -f - <<\(isExpanded ? "END" : "'END'")"] + node.rules + ["END"]
    }
    lines += node.settings.filter { !isFirst($0) }.map(call)
    lines += node.shapes.filter { $0.isNoticeable }.map(shaping)
    return lines
  }

  private static func shaping(_ shape: Plan.Shape) -> String {
    var words = ["shape", shape.interface, "\(shape.delay.microseconds)us", percent(shape.lossPerMillion)]
    if let rate = shape.rate {
      // Ten milliseconds' worth at a time, but at least a whole packet.
      words += ["\(max(rate, 8))bit", "\(min(max(rate / 800, 2_000), 10_000_000))b"]
    }
    return words.joined(separator: " ")
  }

  /// `1.25%`
  private static func percent(_ perMillion: Int) -> String {
    let (whole, rest) = perMillion.quotientAndRemainder(dividingBy: 10_000)
    guard rest > 0 else { return "\(whole)%" }
    let digits = String(rest)
    return "\(whole)." + String(repeating: "0", count: 4 - digits.count) + digits + "%"
  }
}

extension Plan.Shape {
  /// Whether it affects packets at all.
  var isNoticeable: Bool { delay > .zero || rate != nil || lossPerMillion > 0 }
}
