// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

extension Session {
  func created(_ id: DeviceID) -> ChangeReport {
    ChangeReport(change: .created, device: report(network.device(id)))
  }

  /// A router that does not translate leaves private addresses without a way back.
  func unreachableNotice(_ id: DeviceID) -> [Notice] {
    guard let router = network.router(id), !router.nat.behavior.translates else { return [] }
    return router.prefixes.filter { !$0.address.scope.isRoutedOnInternet }.map {
      .privateAddressesUnreachable(
        router: network.device(id).name, prefix: $0, filters: router.nat.behavior.firewall)
    }
  }
}

extension CommandError {
  /// A building error, pointed at the word that caused it.
  init(
    _ error: BuildError, addresses: [Located<IPAddress>], lans: [Located<IPPrefix>] = [], name: Located<String>
  ) {
    let columns: Range<Int>? =
      switch error {
      case .nameTaken: name.columns
      case .addressTaken(let address, _), .addressNotUsable(let address, _), .addressOutsidePrefix(let address, _, _),
        .privateOnInternet(let address):
        addresses.first { $0.value == address }?.columns ?? lans.first { $0.value.contains(address) }?.columns
      case .prefixOverlaps(let prefix, _, _), .prefixTooSmall(let prefix), .prefixNotUsable(let prefix, _):
        lans.first { $0.value == prefix }?.columns
      case .sameFamilyTwice, .noPrefix: addresses.last?.columns
      case .noFreeAddress, .notEmpty, .internetIsFixed, .addressNotTranslated, .sharesNetwork, .gatewayNotNear,
        .gatewayOfOtherFamily, .noSuchRoute, .prefixNotExchangeable:
        nil
      }
    self.init(.build(error), at: columns)
  }
}
