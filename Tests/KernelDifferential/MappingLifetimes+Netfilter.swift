// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension MappingLifetimes {
  /// The lifetimes that netfilter has as well, each by the end of its parameter's name, `nf_conntrack_udp_timeout`.
  var netfilterParameters: [(String, Interval?)] {
    [
      ("udp_timeout", udp), ("udp_timeout_stream", udpStream), ("icmp_timeout", icmp),
      ("tcp_timeout_established", tcpEstablished), ("tcp_timeout_syn_sent", tcpStates.synSent),
      ("tcp_timeout_syn_recv", tcpStates.synReceived), ("tcp_timeout_fin_wait", tcpStates.finWait),
      ("tcp_timeout_close_wait", tcpStates.closeWait), ("tcp_timeout_last_ack", tcpStates.lastAck),
      ("tcp_timeout_time_wait", tcpStates.timeWait), ("tcp_timeout_close", tcpStates.closed),
      ("tcp_timeout_unacknowledged", tcpStates.unacknowledged),
      ("tcp_timeout_max_retrans", tcpStates.unacknowledged),
    ]
  }
}
