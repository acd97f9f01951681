// SPDX-License-Identifier: GPL-3.0-or-later

/// How many rows have each kind of binding.
struct BindingCounts: Sendable {
  private var endpointIndependent = 0
  private var addressDependent = 0
  private var addressAndPortDependent = 0

  subscript(binding: EndpointDependence) -> Int {
    @inline(__always) get {
      switch binding {
      case .endpointIndependent: endpointIndependent
      case .addressDependent: addressDependent
      case .addressAndPortDependent: addressAndPortDependent
      }
    }
    set {
      switch binding {
      case .endpointIndependent: endpointIndependent = newValue
      case .addressDependent: addressDependent = newValue
      case .addressAndPortDependent: addressAndPortDependent = newValue
      }
    }
  }
}
