// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What goes wrong in the middle of a transfer: the other end gets what it would get on any network, and nothing leaks.
extension RealLaboratoryTests {
  @Suite(.enabled(if: Program.path(of: "python3") != nil, "there is no 'python3'"))
  struct TransferFaultTests {
    private static let network = "scene two-homes; forward home-b tcp 8000 to bob:8000"

    /// Sends to whoever connects, one after the other, until that fails; then prints why.
    private static let sender = """
      import socket
      s = socket.socket()
      s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      s.bind(("", 8000))
      s.listen()
      while True:
          c, _ = s.accept()
          try:
              while True: c.sendall(b"x" * 65536)
          except OSError as error:
              print(type(error).__name__, flush=True)
          c.close()
      """

    /// Reads from the sender for ever, and says when it has begun.
    private static let reader = """
      import os, socket, sys
      c = socket.create_connection((sys.argv[1], 8000))
      total = 0
      told = False
      while True:
          data = c.recv(65536)
          if not data: break
          total += len(data)
          if total > 500000 and not told:
              open(sys.argv[2], "w").write(str(os.getpid()))
              print("begun", flush=True)
              told = True
      """

    private static func programs(_ folder: ScratchFolder) throws -> (sender: String, reader: String) {
      (try folder.write(sender, to: "sender.py"), try folder.write(reader, to: "reader.py"))
    }

    @Test func aProgramKilledInATransferEndsItAndNothingElse() throws {
      let folder = try ScratchFolder()
      let (sender, reader) = try Self.programs(folder)
      let killer = try folder.write("kill -9 $(cat \(folder.path)/pid)\n", to: "kill.sh")
      let laboratory = try RunningLaboratory(Self.network)
      try laboratory.say("start bob python3 \(sender)")
      try laboratory.say("enter alice true")
      var before: Int?
      for round in 0..<3 {
        let program = 3 + 2 * round
        try laboratory.say("start alice python3 \(reader) home-b \(folder.path)/pid")
        #expect(try laboratory.waits(20, for: "begun", by: program), "\(laboratory.errors)")
        try laboratory.say("enter alice sh \(killer)")
        // Alice's kernel resets the connection of the program that is gone.
        let end = Date(timeIntervalSinceNow: 20)
        while try laboratory.printed(by: 1).split(separator: "\n").count <= round, Date() < end { usleep(50_000) }
        let reasons = try laboratory.printed(by: 1).split(separator: "\n")
        #expect(reasons.count == round + 1)
        #expect(reasons.allSatisfy { ["ConnectionResetError", "BrokenPipeError"].contains($0) }, "\(reasons)")
        // The first round may have opened what stays open.
        if round == 0 { before = laboratory.descriptors }
      }
      #expect(laboratory.descriptors == before)
    }

    @Test(.timeLimit(.minutes(2))) func tenSecondsOfStandstillLoseNothing() throws {
      let folder = try ScratchFolder()
      let file = try folder.write(Data((0..<6_000_000).map { UInt8(truncatingIfNeeded: $0 / 251) }), to: "file")
      let server = try folder.write(
        """
        import socket, sys
        s = socket.socket()
        s.bind(("", 8000))
        s.listen()
        c, _ = s.accept()
        c.sendall(open(sys.argv[1], "rb").read())
        c.close()
        """, to: "server.py")
      let client = try folder.write(
        """
        import socket, sys
        c = socket.create_connection(("home-b", 8000))
        whole = open(sys.argv[1], "rb").read()
        got = b""
        told = False
        while True:
            data = c.recv(65536)
            if not data: break
            got += data
            if len(got) > 300000 and not told:
                print("begun", flush=True)
                told = True
        print("whole" if got == whole else f"{len(got)} bytes", flush=True)
        """, to: "client.py")
      // Slow enough that the transfer is under way when natsh stops.
      let laboratory = try RunningLaboratory(Self.network + "; set alice rate 20mbit")
      try laboratory.say("start bob python3 \(server) \(file)")
      try laboratory.say("start alice python3 \(client) \(file)")
      #expect(try laboratory.waits(20, for: "begun", by: 2))
      let before = (laboratory.descriptors, laboratory.megabytes)
      laboratory.send(SIGSTOP)
      sleep(10)
      laboratory.send(SIGCONT)
      let isWhole = try laboratory.waits(60, for: "whole", by: 2)
      let printed = try laboratory.printed(by: 2)
      #expect(isWhole, "\(printed)")
      #expect(try laboratory.say("enter alice true")["status"] as? Int == 0)
      #expect(laboratory.descriptors <= before.0)
      #expect(laboratory.megabytes <= before.1 + 100)
    }

    @Test func ipv6TransfersArriveWhole() throws {
      let folder = try ScratchFolder()
      let file = try folder.write(Data((0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 / 251) }), to: "file")
      let server = try folder.write(
        """
        import socket, sys
        s = socket.create_server(("", 8000), family=socket.AF_INET6)
        c, _ = s.accept()
        c.sendall(open(sys.argv[1], "rb").read())
        c.close()
        """, to: "server.py")
      let client = try folder.write(
        """
        import socket, sys
        c = socket.create_connection(("2001:db8:b::1", 8000))
        got = b""
        while True:
            data = c.recv(65536)
            if not data: break
            got += data
        print("whole" if got == open(sys.argv[1], "rb").read() else f"{len(got)} bytes")
        """, to: "client.py")
      let outcome = try RealLaboratory.run(
        "router home-a 49.36.10.25 lan 192.168.1.0/24 lan 2001:db8:a::/64; "
          + "host alice 192.168.1.10 2001:db8:a::10 behind home-a; host bob 88.90.100.110 2001:db8:b::1",
        "-- start bob python3 \(server) \(file) -- run alice python3 \(client) \(file)")
      #expect(outcome.output == "whole\n", "\(outcome.errors)")
    }

    /// A program may leave cutting datagrams to its kernel (UDP_SEGMENT); each of them is a packet of the network.
    @Test func datagramsThatAreSentInBundlesArriveOneByOne() throws {
      let folder = try ScratchFolder()
      let receiver = try folder.write(
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("", 4000))
        s.settimeout(10)
        print([len(s.recv(65536)) for _ in range(5)], flush=True)
        """, to: "receiver.py")
      let sender = try folder.write(
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(17, 103, 1000)
        s.sendto(b"x" * 4500, ("88.90.100.110", 4000))
        """, to: "sender.py")
      let laboratory = try RunningLaboratory("scene one-home")
      try laboratory.say("start bob python3 \(receiver)")
      try laboratory.say("enter alice python3 \(sender)")
      #expect(try laboratory.waits(10, for: "[1000, 1000, 1000, 1000, 500]", by: 1), "\(laboratory.errors)")
    }

    @Test(.enabled(if: RealLaboratory.missing("ip") == nil, "there is no 'ip'"))
    func aDeviceThatVanishesInATransferEndsNobodyElses() throws {
      let folder = try ScratchFolder()
      let (sender, reader) = try Self.programs(folder)
      let laboratory = try RunningLaboratory(Self.network + "; host carol")
      try laboratory.say("start bob python3 \(sender)")
      try laboratory.say("start alice python3 \(reader) home-b \(folder.path)/pid")
      #expect(try laboratory.waits(20, for: "begun", by: 2))
      try laboratory.say("enter alice ip link delete natsh")
      let processor = try Self.processorSeconds(laboratory)
      // natsh does not spin on the device that is gone, and the others go on.
      try laboratory.say("enter bob sleep 2")
      #expect(try Self.processorSeconds(laboratory) - processor < 1)
      #expect(try laboratory.say("start bob python3 -m http.server 8001")["programs"] != nil)
      #expect(try laboratory.say("enter carol true")["status"] as? Int == 0)
      #expect(try laboratory.say("kill 2")["programs"] != nil)
      #expect(try laboratory.say("enter bob true")["status"] as? Int == 0)
    }

    private static func processorSeconds(_ laboratory: RunningLaboratory) throws -> Double {
      let text = try String(contentsOfFile: "/proc/\(laboratory.process.processIdentifier)/stat", encoding: .utf8)
      let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
      let ticks = try #require(Double(fields[11])) + #require(Double(fields[12]))
      return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    @Test func aFloodAndTenThousandFlowsTakeNoMoreThanTheirShare() throws {
      let folder = try ScratchFolder()
      let flood = try folder.write(
        """
        import socket, time
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        end = time.time() + 4
        port = 20000
        while time.time() < end:
            port = port + 1 if port < 29999 else 20000
            try: s.sendto(b"x" * 100, ("198.51.100.1", port))
            except OSError: pass
        """, to: "flood.py")
      let laboratory = try RunningLaboratory("scene two-homes; set home-a mapping apdm; set alice delay 100ms")
      try laboratory.say("enter alice python3 \(flood)")
      let (descriptors, megabytes) = (laboratory.descriptors, laboratory.megabytes)
      for _ in 0..<3 { try laboratory.say("enter alice python3 \(flood)") }
      #expect(laboratory.descriptors == descriptors)
      #expect(laboratory.megabytes < megabytes + 200, "\(megabytes) MB, then \(laboratory.megabytes)")
      let began = Date()
      try laboratory.say("show home-a")
      #expect(Date().timeIntervalSince(began) < 5)
    }

    /// The namespaces, by their kernel's numbers, and the processes in them are gone with natsh.
    @Test func killedNatshLeavesNoNamespace() throws {
      let laboratory = try RunningLaboratory("scene two-homes")
      let own = try Self.networkNamespaces()
      try laboratory.say("start alice sleep 3163.5")
      try laboratory.say("start bob sleep 3163.5")
      let places = try Self.networkNamespaces().subtracting(own)
      #expect(places.count >= 2)
      laboratory.send(SIGKILL)
      laboratory.process.waitUntilExit()
      let end = Date(timeIntervalSinceNow: 5)
      while try !places.isDisjoint(with: Self.networkNamespaces()), Date() < end { usleep(50_000) }
      #expect(try places.isDisjoint(with: Self.networkNamespaces()))
    }

    private static func networkNamespaces() throws -> Set<String> {
      let names = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
      return Set(names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/ns/net") })
    }
  }
}
