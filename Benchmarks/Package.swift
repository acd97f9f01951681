// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

// A package of its own, so that only those who measure fetch the benchmark library.
let package = Package(
  name: "natsh-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "natsh", path: ".."),
    .package(url: "https://github.com/google/swift-benchmark", from: "0.1.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(name: "Terminals"),
    .executableTarget(name: "PathProbe"),
    .executableTarget(
      name: "ClassLoad",
      dependencies: ["Terminals", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .executableTarget(
      name: "NATBenchmarks",
      dependencies: [
        "Terminals",
        .product(name: "NATModel", package: "natsh"),
        .product(name: "NetworkSimulator", package: "natsh"),
        .product(name: "Traversal", package: "natsh"),
        .product(name: "Commands", package: "natsh"),
        .product(name: "Benchmark", package: "swift-benchmark"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
