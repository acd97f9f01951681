// SPDX-License-Identifier: GPL-3.0-or-later

extension Property {
  /// All properties, in the order in which they are shown.
  public static let all: [Property] =
    [
      Properties.preset.property, Properties.mapping.property, Properties.filtering.property, Properties.ports.property,
      Properties.parity.property, Properties.hairpinning.property, Properties.pooling.property,
      Properties.addresses.property, Properties.refresh.property,
    ] + [
      Properties.udpTimeout.property, Properties.udpStreamTimeout.property, Properties.tcpEstablishedTimeout.property,
      Properties.tcpTransitoryTimeout.property, Properties.tcpOpeningTimeout.property,
      Properties.tcpClosingTimeout.property, Properties.icmpTimeout.property,
    ] + [
      Properties.maximumMappings.property, Properties.maximumMappingsPerHost.property, Properties.rejects.property,
      Properties.tracking.property, Properties.untracked.property, Properties.midstream.property,
      Properties.idleReset.property, Properties.race.property,
      Properties.firewall.property, Properties.nat.property, Properties.exempt.property,
      Properties.nat64.property, Properties.nptv6.property, Properties.portControl.property,
      Properties.gateways.property, Properties.segmentSize.property,
    ] + [
      Properties.hostPorts.property, Properties.retransmission.property, Properties.timeWait.property,
      Properties.resolver.property, Properties.delay.property, Properties.rate.property, Properties.mtu.property,
      Properties.loss.property,
    ]
}
