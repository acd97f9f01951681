// SPDX-License-Identifier: GPL-3.0-or-later

import Capture
import Commands
import Synchronization
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Writes the packets of a session to a capture's file: after every command, and in the middle of long ones.
final class CaptureFollower: SessionListener, PacketTap {
  private struct State: ~Copyable {
    var capture: TrafficCapture
    /// Nil once it is closed.
    var file: CaptureFile?
    /// The packets in the file.
    var packets = 0
    /// Why it has ended, until that has been told.
    var failure: CaptureFile.Failure?
  }

  let path: String
  private let state: Mutex<State>
  private let errors: OutputChannel

  /// Begins the file with what happens from now on.
  init(_ path: String, devices: [String]?, of session: Session, errors: OutputChannel) throws(CaptureFile.Failure) {
    self.path = path
    self.errors = errors
    let capture = TrafficCapture(of: session, devices: devices)
    var file = try CaptureFile(OpenScript.expandingHome(path))
    try file.append(capture.head)
    hasReplaced = file.hasReplaced
    state = Mutex(State(capture: capture, file: consume file))
  }

  /// Whether an older capture of that name is gone.
  let hasReplaced: Bool

  var isOpen: Bool { state.withLock { $0.file != nil } }

  /// The packets in the file, and those that it should have but has not.
  var counts: (packets: Int, missed: Int) { state.withLock { ($0.packets, $0.capture.missed) } }

  /// Ends the file.
  func close() { state.withLock { $0.file = nil } }

  func see(_ session: Session) { write(session, after: nil) }

  func tell(of result: CommandResult, from origin: Console.Origin, in session: Session) {
    write(session, after: result.command)
    tellOfFailure()
  }

  func tell(of failure: FailedLine, from origin: Console.Origin, in session: Session) {
    write(session, after: failure.command)
    tellOfFailure()
  }

  private func write(_ session: Session, after command: String?) {
    state.withLock { state in
      guard state.file != nil else { return }
      while let blocks = state.capture.take(from: session, after: command) {
        do throws(CaptureFile.Failure) {
          try state.file?.append(blocks)
          state.packets = state.capture.packets
        } catch {
          if case .cut(_, let packets) = error { state.packets += packets }
          state.file = nil
          state.failure = error
          return
        }
      }
    }
  }

  /// Says once why the capture has ended by itself.
  private func tellOfFailure() {
    let told: (reason: String, packets: Int)? = state.withLock { state in
      guard let failure = state.failure else { return nil }
      state.failure = nil
      return (failure.reason, state.packets)
    }
    guard let told else { return }
    errors.writeMessage(
      said("natsh: the capture '\(path)' has ended: \(told.reason). It has \(told.packets) packets, all of them whole.")
    )
  }
}

extension CaptureRequest: ConsoleRequest {
  package func fulfil(in console: Console) throws(RequestFault) -> any ResultContent {
    let open = console.listener(of: CaptureFollower.self)
    switch self {
    case .ask: return report(of: open, isOpen: open?.isOpen ?? false, isNews: false)
    case .close:
      console.endCapture()
      return report(of: open, isOpen: false, isNews: true)
    case .open(let path, let devices):
      if let open, open.isOpen, open.path == path {
        throw RequestFault(kind: "capture-open", message: said("'\(path)' is being captured already"))
      }
      let follower: CaptureFollower
      do throws(CaptureFile.Failure) {
        follower = try CaptureFollower(path, devices: devices, of: console.session, errors: console.errors)
      } catch {
        throw RequestFault(kind: "cannot-capture", message: said("cannot capture in '\(path)': \(error.reason)"))
      }
      console.endCapture()
      console.begin(follower)
      return CaptureReport(
        file: path, isOpen: true, packets: 0, missed: 0, replaced: follower.hasReplaced, isNews: true)
    }
  }

  private func report(of follower: CaptureFollower?, isOpen: Bool, isNews: Bool) -> CaptureReport {
    let counts = follower?.counts ?? (packets: 0, missed: 0)
    return CaptureReport(
      file: follower?.path, isOpen: isOpen, packets: counts.packets, missed: counts.missed, isNews: isNews)
  }
}
