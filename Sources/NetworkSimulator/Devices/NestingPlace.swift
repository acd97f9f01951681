// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Where a router stands among nested ones: how deep, and a router further out to jump to.
///
/// The jumps are those of a skew-binary list: steps and jumps from any router to one further out are as many as the
/// number of routers between has digits, or so, and each router need know only one jump.
struct NestingPlace: Sendable {
  /// Routers from here to the internet, this one included.
  let depth: Int
  /// A router further out, or the internet.
  let jump: DeviceID
}

extension Network {
  /// The place of a new router behind `parent`.
  func nestingPlace(behind parent: DeviceID?) -> NestingPlace {
    guard let parent, let place = router(parent)?.place else { return NestingPlace(depth: 1, jump: .internet) }
    let (over, further) = (depth(of: place.jump), router(place.jump)?.place.jump ?? .internet)
    let isEven = place.depth - over == over - depth(of: further)
    return NestingPlace(depth: place.depth + 1, jump: isEven ? further : parent)
  }

  private func depth(of id: DeviceID) -> Int { router(id)?.place.depth ?? 0 }

  /// The router through which one at `depth` reaches `router`, which is further in: of those that `router` is behind, the
  /// one at the next depth, or itself.
  static func child(
    at depth: Int, towards router: DeviceID, _ nodes: PagedArray<Node>, _ routers: PagedArray<Router>
  ) -> DeviceID {
    func place(of id: DeviceID) -> NestingPlace? {
      if case .router(let slot) = nodes[id.index].role { routers[slot].place } else { nil }
    }
    var id = router
    while let here = place(of: id), here.depth > depth + 1 {
      id = (place(of: here.jump)?.depth ?? 0) > depth ? here.jump : nodes[id.index].parent
    }
    return id
  }

  /// Who behind the router in `slot` has `address`, or leads to whoever has it.
  @inline(__always)
  func neighborInside(_ address: IPAddress, _ slot: Int) -> DeviceID? {
    routers[slot].neighbors[address] ?? routeInside(address, slot)?.device
  }

  /// Who behind router `slot` leads to `address`, which a router further in has in a network that is reached as it is.
  // Called out of line from a mutating function it would be given a copy of the whole network.
  @inline(__always)
  func routeInside(_ address: IPAddress, _ slot: Int) -> (prefix: IPPrefix, device: DeviceID)? {
    guard routers[slot].hasRoutesInside, let route = networksInside.route(to: address),
      route.device != routers[slot].id
    else { return nil }
    // Of networks that share an address one lies within the other, and so do their routers: if the innermost is not
    // behind this router, none is.
    let next = Self.child(at: routers[slot].place.depth, towards: route.device, nodes, routers)
    return nodes[next.index].parent == routers[slot].id ? (route.prefix, next) : nil
  }

  /// Who on the internet leads to `address`, which a router has in a network that is reached as it is.
  @inline(__always)
  func routeOnInternet(_ address: IPAddress) -> DeviceID? {
    networksInside.lookUp(address).map { Self.child(at: 0, towards: $0, nodes, routers) }
  }
}
