// SPDX-License-Identifier: GPL-3.0-or-later

/// The network written for other programs: files that the outer layer is to write.
public struct NetworkExport: Encodable, Sendable {
  public enum Format: String, Encodable, Sendable, CaseIterable {
    /// A shell script over Linux network namespaces.
    case netns
    case containerlab
    case kathara
    /// A drawing of the map, the ladder and the tables.
    case svg
    /// A page with the same.
    case html
    case markdown
    /// A diagram in Mermaid's language.
    case mermaid
    /// A recording of the session for asciinema.
    case cast

    /// Whether it is a lab's folder rather than one file.
    public var isFolder: Bool { self == .containerlab || self == .kathara }
    /// Whether it builds the network on Linux, where some things work differently.
    public var isBuilt: Bool { isFolder || self == .netns }
  }

  public struct File: Sendable {
    /// Its name in the folder; empty if the path is the file's.
    public var name: String
    public var text: String
    public var isExecutable: Bool

    public init(name: String, text: String, isExecutable: Bool = false) {
      self.name = name
      self.text = text
      self.isExecutable = isExecutable
    }
  }

  /// Something that a real stack does differently from natsh.
  public struct Difference: Encodable, Hashable, Sendable {
    public var device: String
    public var setting: String
    public var text: String

    public init(device: String, setting: String, text: String) {
      self.device = device
      self.setting = setting
      self.text = text
    }
  }

  public var format: Format
  public var path: String
  public var files: [File]
  /// The nodes, the internet among them.
  public var nodes: Int
  public var differences: [Difference]

  public init(format: Format, path: String, files: [File], nodes: Int, differences: [Difference]) {
    self.format = format
    self.path = path
    self.files = files
    self.nodes = nodes
    self.differences = differences
  }

  /// Whether the path names a folder.
  public var isFolder: Bool { format.isFolder }

  /// Words near the top of every written file: a file that has them is natsh's own and may be replaced.
  public static let mark = "Written by natsh"

  private enum CodingKeys: String, CodingKey { case exported, format, files, nodes, differences }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .exported)
    try container.encode(format, forKey: .format)
    if isFolder { try container.encode(files.map(\.name), forKey: .files) }
    try container.encode(nodes, forKey: .nodes)
    if format.isBuilt { try container.encode(differences, forKey: .differences) }
  }
}
