// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

// Homebrew keeps readline and libmd apart from the system's libraries, and pkg-config finds them; elsewhere a library is
// where every library is, and pkg-config's flags would only bring warnings.
#if os(macOS)
  let readlinePackage: String? = "readline"
  let libmdPackage: String? = "libmd"
#else
  let readlinePackage: String? = nil
  let libmdPackage: String? = nil
#endif

// The targets stand in the order of docs/architecture.md, the lowest first: a target may import only what stands
// above it in this list. Tests/ArchitectureTests keeps that true.
let package = Package(
  name: "natsh",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "natsh", targets: ["natsh"]),
    .library(name: "NATModel", targets: ["NATModel"]),
    .library(name: "WireFormat", targets: ["WireFormat"]),
    .library(name: "NetworkSimulator", targets: ["NetworkSimulator"]),
    .library(name: "Traversal", targets: ["Traversal"]),
    .library(name: "Commands", targets: ["Commands"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .target(name: "NATModel"),
    .target(name: "Wording"),
    .target(name: "WireFormat", dependencies: ["NATModel"]),
    .target(name: "NetworkSimulator", dependencies: ["NATModel"]),
    .target(name: "Commands", dependencies: ["Wording", "NATModel", "NetworkSimulator"]),
    .target(name: "CTerminal"),
    .target(
      name: "Rendering",
      dependencies: ["Wording", "Commands", "WireFormat", "NATModel", "NetworkSimulator", "CTerminal"]),
    .systemLibrary(name: "CDigests", pkgConfig: libmdPackage, providers: [.apt(["libmd-dev"]), .brew(["libmd"])]),
    .target(
      name: "Traversal",
      dependencies: ["Wording", "Rendering", "Commands", "NATModel", "WireFormat", "NetworkSimulator", "CDigests"]),
    .target(
      name: "Conformance", dependencies: ["Wording", "Rendering", "Commands", "NATModel", "NetworkSimulator"]),
    .target(name: "Export", dependencies: ["Wording", "Rendering", "Commands", "NATModel", "NetworkSimulator"]),
    .target(name: "Rulesets", dependencies: ["Wording", "Commands", "NATModel", "NetworkSimulator"]),
    .target(
      name: "Capture",
      dependencies: ["Wording", "Rulesets", "Rendering", "Commands", "NATModel", "WireFormat", "NetworkSimulator"]),
    .systemLibrary(name: "CCmark", providers: [.apt(["libcmark-dev"]), .brew(["cmark"])]),
    .target(
      name: "Lessons",
      dependencies: [
        "Wording", "Rendering", "Commands", "NATModel", "NetworkSimulator", "CCmark",
        .product(name: "Yams", package: "Yams"),
      ]),
    .systemLibrary(
      name: "CReadline", pkgConfig: readlinePackage, providers: [.apt(["libreadline-dev"]), .brew(["readline"])]),
    .target(
      name: "Shell", dependencies: ["Wording", "Commands", "Rendering", "Capture", "Lessons", "CReadline", "CTerminal"]),
    .target(
      name: "Classroom",
      dependencies: [
        "Wording", "Shell", "Lessons", "Capture", "Rendering", "Commands",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .target(name: "CNamespaces"),
    .target(
      name: "Lab",
      dependencies: [
        "Wording", "Shell", "Traversal", "Rendering", "Commands", "NetworkSimulator", "WireFormat", "NATModel",
        "CNamespaces",
      ]),
    .executableTarget(
      name: "natsh",
      dependencies: [
        "Wording", "Commands", "Rendering", "Traversal", "Conformance", "Export", "Capture", "Lessons", "Shell",
        "Classroom", "Lab",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "NATReference", dependencies: ["NATModel"], path: "Tests/NATReference"),
    .testTarget(name: "WordingTests", dependencies: ["Wording", "TestSupport"]),
    .testTarget(name: "NATModelTests", dependencies: ["NATModel", "NATReference"]),
    .testTarget(name: "WireFormatTests", dependencies: ["WireFormat", "NATModel"]),
    .testTarget(name: "NetworkSimulatorTests", dependencies: ["NetworkSimulator"]),
    .testTarget(
      name: "TraversalTests", dependencies: ["Traversal", "Rendering", "Commands", "NATModel", "NetworkSimulator"]),
    .testTarget(name: "CommandsTests", dependencies: ["Commands"]),
    .testTarget(
      name: "RenderingTests", dependencies: ["Rendering", "Traversal", "Commands", "NATModel"], exclude: ["Golden"]),
    .testTarget(
      name: "ConformanceTests",
      dependencies: ["Conformance", "Commands", "NATModel", "NetworkSimulator", "Rendering", "TestSupport"],
      exclude: ["Golden"]),
    .executableTarget(name: "NamespaceProbe", path: "Tests/NamespaceProbe"),
    .testTarget(
      name: "ExportTests",
      dependencies: [
        "Export", "Commands", "NATModel", "NetworkSimulator", "TestSupport", "NamespaceProbe",
        .product(name: "Yams", package: "Yams"),
      ]),
    .testTarget(
      name: "CaptureTests",
      dependencies: ["Capture", "Commands", "NATModel", "WireFormat", "NetworkSimulator", "TestSupport", "natsh"]),
    .testTarget(
      name: "RulesetsTests",
      dependencies: [
        "Rulesets", "Export", "Capture", "Commands", "NATModel", "NetworkSimulator", "TestSupport", "natsh",
      ]),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "NATReference", "NATModel", "WireFormat", "NetworkSimulator", "Commands", "Rendering", "Traversal",
        "Conformance",
        "Export", "Capture", "Lessons",
      ], path: "Tests/FuzzTargets"),
    .testTarget(
      name: "FuzzTests",
      dependencies: ["FuzzTargets", "NATModel", "WireFormat", "Commands", "Rendering", "Lessons", "TestSupport"]),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .executableTarget(name: "NetfilterRouter", path: "Tests/NetfilterRouter"),
    .testTarget(
      name: "KernelDifferential",
      dependencies: ["NetworkSimulator", "NATModel", "WireFormat", "TestSupport", "NetfilterRouter"]),
    .testTarget(
      name: "ShellTests",
      dependencies: ["Shell", "Lessons", "Traversal", "Commands", "NATModel", "Rendering", "TestSupport", "natsh"]),
    .testTarget(
      name: "LessonsTests", dependencies: ["Lessons", "Traversal", "Commands", "Rendering", "Shell", "TestSupport"],
      exclude: ["Broken"]),
    .testTarget(
      name: "ClassroomTests",
      dependencies: ["Classroom", "Shell", "Lessons", "Capture", "Commands", "Rendering", "TestSupport", "natsh"],
      exclude: ["Browser"]),
    .executableTarget(name: "PunchingPair", path: "Tests/PunchingPair"),
    .testTarget(
      name: "LabTests",
      dependencies: [
        "Lab", "Shell", "Traversal", "Commands", "WireFormat", "NetworkSimulator", "NATModel", "TestSupport", "natsh",
        "PunchingPair", "NetfilterRouter",
      ]),
    .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"]),
    .testTarget(name: "DocumentationTests", dependencies: ["TestSupport", "natsh"]),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzzer links only with libFuzzer, whose flags script/fuzz gives.
if Context.environment["NATSH_FUZZER"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/CFuzzer"),
    .executableTarget(name: "Fuzzer", dependencies: ["FuzzTargets", "CFuzzer"], path: "Tests/Fuzzer"),
  ]
}
