// SPDX-License-Identifier: GPL-3.0-or-later

import CNamespaces
import NATModel
import NetworkSimulator
import Shell

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A host's place on this machine: its namespaces, and the device through which its packets come and go.
final class Place {
  let name: String
  let addresses: [IPAddress]
  /// The warden's process number, from which the place's files under /proc can be read.
  let process: Int32
  let control: Int32
  let device: Int32
  private let hostsFile: Int32
  /// The host in the network as it stands; nil if there is none of that name and those addresses now.
  var host: DeviceID?
  private(set) var mtu: Int
  private var hostsText: String
  var pieces = PieceCollector()
  /// Whether the device may have packets to read.
  var isReady = true
  /// Whether the device no longer exists: somebody in the place has removed it.
  private(set) var isCut = false
  /// Packets for which the simulation has no place.
  private(set) var strange = 0
  /// The packet that is being read, with its header.
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_600, alignment: 8)
  /// Segments that wait for others that follow them.
  private var bundle: SegmentBundle

  /// Opens the place of `host`.
  ///
  /// - Throws: what the system refuses.
  init(of host: DeviceID, in network: Network) throws(LabFault) {
    let description = PlaceDescription(of: host, in: network)
    name = description.name
    addresses = description.addresses.map(\.address)
    mtu = description.mtu
    hostsText = PlaceDescription.hostsText(of: network)
    self.host = host
    var place = namespaces_place()
    var step = [CChar](repeating: 0, count: 128)
    guard description.open(hosts: hostsText, &place, &step) == 0 else {
      let code = errno
      throw .refused(
        step: String(decoding: step.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self),
        SystemError(code: code))
    }
    process = place.process
    control = place.control
    device = place.device
    bundle = SegmentBundle(takesDatagrams: place.takes_datagrams != 0)
    hostsFile = place.hosts
  }

  /// The place ends, and all programs in it.
  deinit {
    buffer.deallocate()
    for descriptor in [control, device, hostsFile] { close(descriptor) }
    var status: Int32 = 0
    _ = retryingInterrupted { waitpid(process, &status, 0) }
  }

  /// Hands the next packet that the place's kernel has sent to `take`, or a bundle's packets one after the other: their
  /// bytes, and whether their checksum is in them.
  ///
  /// - Returns: false if there is none now.
  func read(_ take: ([UInt8], Bool) -> Void) -> Bool {
    guard !isCut else { return false }
    let count = retryingInterrupted { Self.take(device, buffer.baseAddress, buffer.count) }
    guard count > OffloadHeader.length else {
      isReady = false
      if count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK) { isCut = true }
      return false
    }
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
    OffloadHeader(bytes).forEachPacket(in: UnsafeRawBufferPointer(rebasing: bytes[OffloadHeader.length...]), take)
    return true
  }

  /// Gives the place's kernel a packet, at the latest when ``flush()`` is called. One that it does not take is lost, as on
  /// any link.
  func write(_ packet: ArrivedPacket) {
    guard !bundle.add(packet) else { return }
    flush()
    _ = bundle.add(packet)
  }

  /// Gives the place's kernel what still waits for more.
  func flush() {
    bundle.empty { bytes in
      _ = retryingInterrupted { Self.put(device, bytes.baseAddress, bytes.count) }
    }
  }

  private static func take(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
      Darwin.read(descriptor, buffer, count)
    #else
      Glibc.read(descriptor, buffer, count)
    #endif
  }

  private static func put(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
      Darwin.write(descriptor, bytes, count)
    #else
      Glibc.write(descriptor, bytes, count)
    #endif
  }

  /// Notes a packet for which the simulation has no place.
  func noteStrange() { strange += 1 }

  /// Brings the device's MTU and the names of the other hosts up to what the network is now.
  func keepUp(with network: Network, hostsText text: String) {
    host = network.device(named: name).map(\.id).flatMap { id in
      PlaceDescription.addresses(of: id, in: network).map(\.address) == addresses ? id : nil
    }
    if let host {
      let wanted = PlaceDescription.mtu(of: host, in: network)
      if wanted != mtu {
        mtu = wanted
        _ = namespaces_set_mtu(control, Int32(wanted))
      }
    }
    guard text != hostsText else { return }
    hostsText = text
    let bytes = Array(text.utf8)
    guard ftruncate(hostsFile, 0) == 0 else { return }
    _ = pwrite(hostsFile, bytes, bytes.count, 0)
  }
}
