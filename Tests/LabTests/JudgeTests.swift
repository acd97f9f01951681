// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing
import Traversal

/// Well-known programs as judges of the simulated routers.
extension RealLaboratoryTests {
  @Suite struct JudgeTests {
    private static func unless(_ missing: Namespaces.Comment?) -> (Bool, Comment) {
      (missing == nil, Comment(rawValue: missing ?? ""))
    }

    private static let noTURN = unless(
      RealLaboratory.missing("turnserver", "turnutils_natdiscovery", "turnutils_uclient", "turnutils_peer"))
    private static let noPerf = unless(RealLaboratory.missing("iperf3"))
    private static let noWeb = unless(RealLaboratory.missing("nginx", "curl"))
    private static let noTraces = unless(RealLaboratory.missing("traceroute"))

    // MARK: coturn

    /// A public server with two addresses, as RFC 5780 needs, and a home.
    private static let discovery = """
      host server 203.0.113.50; serve server stun alternate 203.0.113.51
      router home-a 49.36.10.25; host alice behind home-a
      """.replacing("\n", with: "; ")

    static func turnServer(in folder: ScratchFolder) -> String {
      "exec turnserver -n --no-tls --no-dtls --no-cli --log-file=stdout --simple-log -L 203.0.113.50 -L 203.0.113.51"
        + " -p 3478 --alt-listening-port=3479 -u user:secret -r natsh.example --lt-cred-mech"
        + " --pidfile \(folder.path)/pid --db \(folder.path)/db >\(folder.path)/log 2>&1"
    }

    @Test(.enabled(if: noTURN.0, noTURN.1))
    func natdiscoveryReportsWhatWasSet() throws {
      let kinds = MatrixKind.behaviors.map(\.name)
      // All at once, since most of it is waiting for answers that are not to come.
      var script = "set -e\n"
      var folders: [ScratchFolder] = []
      for kind in kinds {
        let axes = kind.split(separator: "/")
        let folder = try ScratchFolder()
        let server = try folder.write(Self.turnServer(in: folder), to: "server.sh")
        script +=
          "timeout 60 \(BuiltExecutable.path) lab -c '\(Self.discovery); set home-a mapping \(axes[0]); "
          + "set home-a filtering \(axes[1])' -- start server sh \(server) "
          + "-- run alice turnutils_natdiscovery -m -f 203.0.113.50 >\(folder.path)/out 2>&1 </dev/null &\n"
        folders.append(folder)
      }
      let outcome = try Program.run("bash", ["-c", script + "wait"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let words = ["ei": "Endpoint Independent", "ad": "Address Dependent", "apd": "Address and Port Dependent"]
      for (kind, folder) in zip(kinds, folders) {
        let output = try String(contentsOfFile: "\(folder.path)/out", encoding: .utf8)
        let axes = kind.split(separator: "/").map { words[String($0.dropLast())] ?? "" }
        #expect(
          output.split(separator: "\n").filter { $0.hasPrefix("NAT with ") }
            == ["NAT with \(axes[0]) Mapping!", "NAT with \(axes[1]) Filtering!"], "\(kind): \(output)")
      }
    }

    @Test(.enabled(if: noTURN.0, noTURN.1))
    func coturnRelaysThroughTwoRouters() throws {
      let folder = try ScratchFolder()
      let outcome = try RealLaboratory.run(
        "\(Self.discovery); router home-b 88.90.100.110; host bob 192.168.2.10 behind home-b; "
          + "set home-a preset symmetric; forward home-b udp 3480 to bob:3480",
        "-- start server sh -c %0 -- start bob turnutils_peer -L 192.168.2.10 "
          + "-- run alice turnutils_uclient -c -n 10 -m 2 -u user -w secret -e 88.90.100.110 -g 203.0.113.50",
        Self.turnServer(in: folder))
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("tot_send_msgs=20, tot_recv_msgs=20"), "\(outcome.output)\n\(outcome.errors)")
      #expect(outcome.output.contains("Total lost packets 0 "))
    }

    // MARK: TCP

    static func webServer(in folder: ScratchFolder, port: Int = 80) throws -> String {
      let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
        "\($0)_temp_path \(folder.path)/\($0);"
      }
      let file = try folder.write(
        """
        daemon off; user root; pid \(folder.path)/pid; error_log \(folder.path)/log; events {}
        http { access_log off; \(temporary.joined(separator: " ")) server { listen \(port); root \(folder.path); } }
        """, to: "nginx.conf")
      return "exec nginx -c \(file) >/dev/null 2>&1"
    }

    /// `NATSH_LAB_MEGABYTES` more or less; 1,024 in the stage `lab`.
    private static let megabytes = ProcessInfo.processInfo.environment["NATSH_LAB_MEGABYTES"].flatMap { Int($0) } ?? 20

    @Test(.enabled(if: noWeb.0, noWeb.1))
    func aFileArrivesWhole() throws {
      let folder = try ScratchFolder()
      // A pattern that no shifted or repeated piece resembles.
      var state: UInt64 = 1
      let chunk = Data(
        (0..<(1 << 20)).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return UInt8(truncatingIfNeeded: state >> 56)
        })
      let path = try folder.write(Data(), to: "file")
      let file = try FileHandle(forWritingTo: URL(filePath: path))
      for _ in 0..<Self.megabytes { try file.write(contentsOf: chunk) }
      try file.close()
      let outcome = try RealLaboratory.run(
        "scene two-homes; forward home-b tcp 80 to bob:80", "-- start bob sh -c %0 -- run alice sh -c %1",
        try Self.webServer(in: folder), "curl -s http://home-b/file | cmp - \(path) && echo whole",
        seconds: 60 + Self.megabytes)
      #expect(outcome.output == "whole\n", "\(outcome.errors)")
    }

    @Test(.enabled(if: noWeb.0, noWeb.1))
    func aSimulatedHostServesARealProgram() throws {
      let outcome = try RealLaboratory.run(
        "scene one-home; serve bob web", "-- run alice curl -s -m 10 -o /dev/null -w %{http_code} http://bob/")
      #expect(outcome.output == "200", "\(outcome.errors)")
    }

    // MARK: The path

    @Test(.enabled(if: noTraces.0, noTraces.1), arguments: ["", "-I"])
    func tracerouteShowsTheHops(option: String) throws {
      let outcome = try RealLaboratory.run(
        "scene two-homes; host server 203.0.113.50",
        "-- start server true -- run alice traceroute -n -q 1 \(option) server")
      let hops = outcome.output.split(separator: "\n").dropFirst().map { $0.split(separator: " ")[1] }
      #expect(hops == ["192.168.1.1", "198.51.100.1", "203.0.113.50"], "\(outcome.output)\(outcome.errors)")
    }

    @Test(.enabled(if: noPerf.0, noPerf.1))
    func onePercentOfLossIsMeasured() throws {
      let outcome = try RealLaboratory.run(
        "scene two-homes; forward home-b tcp 5201 to bob:5201; forward home-b udp 5201 to bob:5201; set alice loss 1%",
        "-- start bob iperf3 -s -- run alice iperf3 -u -b 8M -l 500 -t 4 -J -c home-b")
      let report = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let sum = try #require((report["end"] as? [String: Any])?["sum"] as? [String: Any])
      let packets = try #require(sum["packets"] as? Int)
      let lost = try #require(sum["lost_percent"] as? Double)
      #expect(packets > 6_000)
      // Of 8,000 packets 80 are lost, give or take three times 8.9.
      #expect(lost > 0.65 && lost < 1.4)
    }

    @Test func narrowPlacesAreFoundAndPassed() throws {
      let folder = try ScratchFolder()
      let echo = try folder.write(
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(socket.IPPROTO_IP, 10, 0)
        s.bind(("", 5201))
        while True:
            data, sender = s.recvfrom(65536)
            s.sendto(data, sender)
        """, to: "echo.py")
      let ask = try folder.write(
        """
        import socket, sys
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(3)
        s.connect(("home-b", 5201))
        def ask(length, discover):
            s.setsockopt(socket.IPPROTO_IP, 10, discover)
            data = bytes(i % 251 for i in range(length))
            try:
                s.send(data)
                return s.recv(65536) == data
            except OSError as error:
                return error.errno
        # Cut on its way; cut by the sender as well; and never cut, whatever comes.
        print(ask(1450, 0), ask(20000, 0), ask(1450, 2), ask(1300, 2))
        """, to: "ask.py")
      guard Program.path(of: "python3") != nil else { return }
      let outcome = try RealLaboratory.run(
        "scene two-homes; forward home-b udp 5201 to bob:5201; set home-b mtu 1400",
        "-- start bob python3 \(echo) -- run alice python3 \(ask)")
      // 90 is "message too long": the router's report has reached the program.
      #expect(outcome.output == "True True 90 True\n", "\(outcome.errors)")
    }
  }
}
