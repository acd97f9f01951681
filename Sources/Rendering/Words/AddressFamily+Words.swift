// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension AddressFamily {
  /// The family's name as people write it: `IPv4`.
  var words: String { self == .ipv4 ? "IPv4" : "IPv6" }
}
