// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Testing

@testable import Commands

@Suite struct PropertyTests {
  @Test(arguments: [
    ("home-a preset SYMMETRIC", "symmetric"), ("home-a mapping eim", "endpoint-independent"),
    ("home-a mapping ADM", "address-dependent"),
    ("home-a mapping apdm", "address-and-port-dependent"), ("home-a filtering eif", "endpoint-independent"),
    ("home-a filtering adf", "address-dependent"), ("home-a filtering apdf", "address-and-port-dependent"),
    ("home-a filtering Address-Dependent", "address-dependent"), ("home-a ports sequential", "sequential 62000"),
    ("home-a ports sequential 1024", "sequential 1024"), ("home-a ports preserve", "preserve"),
    ("home-a ports overload", "overload"),
    ("home-a ports random", "random 1024 65535"), ("home-a ports random 20000 20000", "random 20000 20000"),
    ("alice ports bound", "bound"),
    ("alice ports open", "open"), ("home-a parity on", "on"), ("home-a hairpinning OFF", "off"),
    ("home-a pooling arbitrary", "arbitrary"),
    ("home-a addresses 203.0.113.5,203.0.113.6 203.0.113.7", "203.0.113.5 203.0.113.6 203.0.113.7"),
    ("home-a addresses none", "none"),
    ("home-a refresh both", "both"), ("home-a udp-timeout 90s", "1m30s"),
    ("home-a udp-stream-timeout udp-timeout", "udp-timeout"),
    ("home-a udp-stream-timeout 2m", "2m"), ("home-a tcp-established-timeout 124m", "2h4m"),
    ("home-a tcp-transitory-timeout 4m", "4m"),
    ("home-a icmp-timeout 60s", "1m"), ("home-a max-mappings 10", "10"),
    ("home-a max-mappings-per-host unlimited", "unlimited"),
    ("home-a rejects icmp", "icmp"), ("home-a rejects as-host", "as-host"),
    ("home-a tracking connections", "connections"),
    ("home-a untracked passed", "passed"), ("home-a firewall off", "off"), ("home-a nat off", "off"),
    ("bob delay 0s", "0s"),
    ("home-a delay 1.5ms", "1ms500us"),
    ("bob rate 2mbit", "2mbit"), ("bob rate 1.5Mbit", "1500kbit"), ("bob rate unlimited", "unlimited"),
    ("bob loss 5%", "5%"), ("bob loss 0.5", "0.5%"),
    ("bob loss 100%", "100%"), ("bob loss 0.0001%", "0.0001%"),
  ])
  func valuesReadBackAsTheyAreShown(line: String, expected: String) throws {
    let command = try #require(try parse("set \(line)") as? SetCommand)
    #expect(command.value.value.description == expected)
    #expect(command.value.value.property == command.property.value)
    let again = try parse("set \(command.device.value.name) \(command.property.value.name) \(expected)")
    #expect((again as? SetCommand)?.value.value == command.value.value)
  }

  @Test(arguments: [
    ("set alice filtering eif", "property-of-other-kind@11+9"),
    ("set home-a filterin eif", "unknown-property@12+8 filtering"),
    ("set home-a colour red", "unknown-property@12+6"), ("set home-a filtering eim", "unknown-value@22+3 eif"),
    ("set home-a filtering endpoint-independnt", "unknown-value@22+19 endpoint-independent"),
    ("set home-a ports bound", "unknown-value@18+5"),
    ("set alice ports random", "unknown-value@17+6"), ("set home-a ports random 5", "missing-argument@26+1"),
    ("set home-a ports random 9 5", "range-reversed@25+3 5 9"),
    ("set home-a ports sequential 80", "port-out-of-range@29+2"),
    ("set home-a ports random 0 5", "port-out-of-range@25+1"), ("set home-a ports preserve 5", "unknown-value@27+1"),
    ("set home-a hairpinning yes", "unknown-value@24+3"), ("set home-a hairpinning on off", "unexpected-word@27+3"),
    ("set home-a udp-timeout 0s", "duration-not-positive@24+2"), ("set home-a udp-timeout 30", "bad-duration@24+2 30s"),
    ("set home-a udp-timeout never", "bad-duration@24+5"), ("set home-a max-mappings 0", "number-out-of-range@25+1"),
    ("set home-a max-mappings unlimted", "unknown-value@25+8 unlimited"),
    ("set home-a max-mappings few", "bad-number@25+3"),
    ("set bob rate 2mbps", "bad-rate@14+5 2mbit"), ("set bob rate 2", "bad-rate@14+1 2mbit"),
    ("set bob rate 0bit", "bad-rate@14+4"),
    ("set bob loss 101%", "bad-loss@14+4"), ("set bob loss -1%", "bad-loss@14+3"),
    ("set bob loss lots", "bad-loss@14+4"),
    ("set home-a addresses 203.0.113.5 x", "bad-address@34+1"),
    ("set home-a addresses 1.1.1.1,1.1.1.1", "duplicate-address@22+15"),
    ("set home-a addresses ,", "bad-address@22+1"), ("set home-a preset hoem", "unknown-preset@19+4 home"),
    ("set internet delay 1ms", "wrong-device-kind@5+8"),
  ])
  func pointsAtWhatIsWrong(line: String, expected: String) {
    #expect(fault(line) == expected)
  }

  @Test func noDeviceHasTwoPropertiesOfOneName() {
    for kind in [DeviceKind.host, .router] {
      let names = Property.all(of: kind).map(\.name)
      #expect(Set(names).count == names.count && !names.contains(""))
    }
  }

  @Test(arguments: NATPreset.allCases) func anAxisIsSetToWhatItIsReadAs(preset: NATPreset) throws {
    for property in Property.all {
      guard let value = property.value(in: preset.behavior) else { continue }
      let line = "set home-a \(property.name) \(value)"
      let read = try #require(try parse(line) as? SetCommand, "\(line)")
      #expect(read.value.value == value)
      #expect(value.property == property)
      var behavior = NATBehavior()
      #expect(value.apply(to: &behavior))
      #expect(property.value(in: behavior) == value)
    }
  }
}
