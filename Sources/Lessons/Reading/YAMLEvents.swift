// SPDX-License-Identifier: GPL-3.0-or-later

// Yams comes with libyaml, whose events it composes into nodes. In doing so it expands aliases and compares keys,
// either of which a short text can make endless, so lessons are read from the events themselves.
internal import CYaml
import Wording
import Yams

/// A YAML text as the parser reads it, event by event.
final class YAMLEvents {
  enum Event {
    case text(String)
    case listBegins
    case listEnds
    case mapBegins
    case mapEnds
    case documentBegins
    case streamEnds
    /// Events that frame the others and mean nothing by themselves.
    case frame
  }

  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  /// libyaml reads from the text's own memory for as long as it parses.
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let offset: Int
  private let text: String

  /// - Parameter offset: how many lines of the file come before the text.
  init(_ text: String, offset: Int) {
    self.offset = offset
    self.text = text
    bytes = .allocate(capacity: text.utf8.count)
    _ = bytes.initialize(from: text.utf8)
    parser.initialize(to: yaml_parser_t())
    _ = yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deinitialize(count: 1)
    parser.deallocate()
    bytes.deallocate()
  }

  /// The next event and the line that it begins on.
  ///
  /// - Throws: errors in the YAML, and parts of YAML that lessons do not use: anchors, aliases and tags.
  func next() throws(YAMLValue.Failure) -> (event: Event, line: Int) {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
    defer { yaml_event_delete(&event) }
    let line = line(of: event.start_mark)
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      try refuse(scalar.anchor, scalar.tag, at: line)
      return (
        .text(String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)), line
      )
    case YAML_SEQUENCE_START_EVENT:
      try refuse(event.data.sequence_start.anchor, event.data.sequence_start.tag, at: line)
      return (.listBegins, line)
    case YAML_MAPPING_START_EVENT:
      try refuse(event.data.mapping_start.anchor, event.data.mapping_start.tag, at: line)
      return (.mapBegins, line)
    case YAML_SEQUENCE_END_EVENT: return (.listEnds, line)
    case YAML_MAPPING_END_EVENT: return (.mapEnds, line)
    case YAML_DOCUMENT_START_EVENT: return (.documentBegins, line)
    case YAML_STREAM_END_EVENT: return (.streamEnds, line)
    case YAML_ALIAS_EVENT: throw Self.unused(at: line)
    default: return (.frame, line)
    }
  }

  private func line(of mark: yaml_mark_t) -> Int { offset + mark.line + 1 }

  private func refuse(
    _ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?, at line: Int
  ) throws(YAMLValue.Failure) {
    if anchor != nil || tag != nil { throw Self.unused(at: line) }
  }

  private static func unused(at line: Int) -> YAMLValue.Failure {
    YAMLValue.Failure(
      line: line,
      message: said(
        "YAML anchors, aliases and tags (&name, *name, !tag) are not used in lessons; write the value out, ",
        "in quotes if it begins with such a sign"))
  }

  /// Why the parser stopped.
  private var failure: YAMLValue.Failure {
    let parser = parser.pointee
    let problem = parser.problem.map { String(cString: $0) } ?? said("it ends too soon")
    switch parser.error {
    case YAML_SCANNER_ERROR, YAML_PARSER_ERROR:
      let mark = parser.problem_mark
      let (line, message) = YAMLWording.words(
        for: problem, line: mark.line, column: mark.column,
        context: parser.context.map { _ in parser.context_mark.line },
        in: text)
      return YAMLValue.Failure(line: offset + line + 1, message: message)
    default: return YAMLValue.Failure(line: offset + 1, message: said("this cannot be read as YAML: \(problem)"))
    }
  }
}
