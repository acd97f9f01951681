// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel

/// The learner's network as Linux would build it: nodes with network stacks of their own, cables between them, and the
/// settings inside each. Everything that ``export`` writes is printed from this one value, so no two formats disagree.
struct Plan: Sendable {
  /// A device, or the internet.
  struct Node: Sendable {
    /// As the learner wrote it.
    var name: String
    var kind: DeviceKind
    /// `host behind home-a, 192.168.1.10`
    var summary: String
    /// The addresses by which the other devices know it.
    var addresses: [IPAddress]
    /// Its interfaces that have a cable, in order.
    var ports: [String] = []
    /// Files below `/proc/sys` and their contents.
    var settings: [Setting] = []
    /// Lines of `ip -batch`.
    var commands: [String] = []
    /// Lines of `nft -f`; a shell expands them first.
    var rules: [String] = []
    var shapes: [Shape] = []
  }

  /// A file below `/proc/sys` and its contents.
  struct Setting: Hashable, Sendable {
    /// `net/ipv4/ip_forward`
    var path: String
    var value: String
    /// Whether it belongs to one interface.
    var isOfInterface = false
  }

  /// The delay, loss and rate of leaving by an interface.
  struct Shape: Hashable, Sendable {
    var interface: String
    var delay: Interval
    /// Bits a second; nil means unlimited.
    var rate: Int64?
    var lossPerMillion: Int
  }

  /// A cable: the upper end is nearer to the internet.
  struct Link: Hashable, Sendable {
    struct End: Hashable, Sendable {
      var node: Int
      var port: String
    }
    var upper: End
    var lower: End
  }

  /// The internet first, then devices in the order they were made.
  var nodes: [Node]
  var links: [Link]
  var differences: [NetworkExport.Difference]
}
