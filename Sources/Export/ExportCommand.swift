// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Wording

/// `export netns FILE`, `export containerlab DIR`, `export svg FILE` and so on
struct ExportCommand: Command {
  let format: NetworkExport.Format
  let path: Located<String>

  init(_ arguments: Arguments) throws(SyntaxError) {
    format = NetworkExport.Format.allCases.first { arguments.has($0.rawValue) } ?? .netns
    path = try arguments.text(format.isFolder ? "DIR" : "FILE")
  }

  static let declaration = CommandDeclaration(
    Self.self, "export", strangers: ["convert", "deploy"], group: .session, effect: .outer,
    forms: NetworkExport.Format.allCases.map { format in
      [.keyword(format.rawValue), .required(format.isFolder ? "DIR" : "FILE", .file)]
    },
    summary: said("writes the network for real Linux network stacks, or as a picture to take home"),
    details: [
      said(
        "`export netns FILE` writes a shell script that builds your network on one Linux machine from network namespaces: ",
        "`sudo bash FILE up`, `sudo bash FILE exec alice ping bob`, `sudo bash FILE down`; without root, `bash FILE try`. ",
        "Routers are nftables rules that behave as yours are set to."),
      said(
        "`export containerlab DIR` and `export kathara DIR` write a lab for those tools, which build it from containers."
      ),
      said(
        "`export svg FILE`, `export html FILE`, `export markdown FILE` and `export mermaid FILE` show the map, the ladder and ",
        "the tables as they are now. `export cast FILE` records the session's commands for asciinema."),
      said(
        "Differences between Linux and natsh are listed in the answer and in the files. Packets, the clock and hosts' ",
        "listening ports are not exported."),
    ],
    examples: ["scene two-homes", "export netns two-homes.sh", "export html two-homes.html"],
    seeAlso: ["save", "scene"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let network = session.network
    guard !network.allDevices.isEmpty else { throw CommandError(.other(ExportFault.nothingThere)) }
    if let text = try Self.picture(of: session, as: format) {
      return CommandOutcome(
        OuterRequest.export(
          NetworkExport(
            format: format, path: path.value, files: [NetworkExport.File(name: "", text: text)],
            nodes: network.allDevices.count + 1, differences: [])))
    }
    if format.isFolder, network.allDevices.count > ExportFault.mostContainers {
      throw CommandError(.other(ExportFault.tooManyContainers(network.allDevices.count)))
    }
    if let gateway = network.allDevices.first(where: { network.firstGateway(of: $0.id) != nil }) {
      throw CommandError(.other(ExportFault.secondGateway(gateway.name)))
    }
    var ports: [DeviceID: Int] = [:]
    for device in network.allDevices { ports[device.parent, default: 0] += 1 }
    for device in network.allDevices where device.isRouter {
      let count = ports[device.id] ?? 0
      if count > ExportFault.mostPorts { throw CommandError(.other(ExportFault.tooManyPorts(device.name, count))) }
    }
    let monitor = session.monitor
    let export = NetworkExport(network, as: format, at: path.value) { work, done, total in
      monitor?.goesOn(work, done, of: total) ?? true
    }
    guard let export else { throw CommandError(.interrupted) }
    return CommandOutcome(OuterRequest.export(export))
  }

  /// The file that shows the session to people; nil for a format that builds its network.
  private static func picture(
    of session: Session, as format: NetworkExport.Format
  ) throws(CommandError) -> String? {
    switch format {
    case .netns, .containerlab, .kathara: return nil
    case .svg: return PictureFiles(picture: Picture(session)).svg
    case .html: return PictureFiles(picture: Picture(session)).html
    case .markdown: return PictureFiles(picture: Picture(session)).markdown
    case .mermaid: return PictureFiles(picture: Picture(session)).mermaid
    case .cast:
      guard let recording = CastFile(session) else { throw CommandError(.interrupted) }
      return recording.text
    }
  }
}

extension NetworkExport {
  /// Writes a network in one of the formats that build it; nil if it was stopped.
  init?(
    _ network: Network, as format: Format, at path: String,
    while goesOn: (_ work: RunProgress.Stage.Work, _ done: Int, _ total: Int) -> Bool = { _, _, _ in true }
  ) {
    let names: InterfaceNames =
      switch format {
      // containerlab keeps eth0 for its management network; Kathará counts from it.
      case .containerlab: .numbered(from: 1)
      case .kathara: .numbered(from: 0)
      default: .byNeighbor
      }
    guard let plan = Plan(network, interfaces: names, while: { goesOn(.exporting, $0, $1) }) else { return nil }
    let isWriting = { goesOn(.writing, $0, plan.nodes.count) }
    let written: [File]? =
      switch format {
      case .containerlab: ContainerlabFiles(plan: plan).files(while: isWriting)
      case .kathara: KatharaFiles(plan: plan).files(while: isWriting)
      default:
        NamespaceScript(plan: plan).text(while: isWriting).map { [File(name: "", text: $0, isExecutable: true)] }
      }
    guard let files = written else { return nil }
    self.init(format: format, path: path, files: files, nodes: plan.nodes.count, differences: plan.differences)
  }
}

/// Why a network is not exported.
enum ExportFault: CommandFault {
  case nothingThere
  case tooManyPorts(String, Int)
  case tooManyContainers(Int)
  case secondGateway(String)

  /// The most containers: each is told the names of all.
  static let mostContainers = 1_000
  /// The most ports of a Linux bridge.
  static let mostPorts = 1_023

  var word: String {
    switch self {
    case .nothingThere: "nothing-to-export"
    case .tooManyPorts: "too-many-ports"
    case .tooManyContainers: "too-many-containers"
    case .secondGateway: "second-gateway"
    }
  }

  var message: String {
    switch self {
    case .nothingThere: said("there is no network yet; `scene two-homes` builds one")
    case .tooManyPorts(let router, let count):
      said("\(router) has \(count) devices behind it, and a Linux bridge takes \(Self.mostPorts)")
    case .tooManyContainers(let count):
      said(
        "there are \(count) devices, and a lab of containers takes \(Self.mostContainers); `export netns FILE` takes them all"
      )
    case .secondGateway(let router):
      said(
        "\(router) shares another router's network, which would need a second cable, and an export lays one for each device; ",
        "`remove \(router)`, or write a picture (`export svg FILE`)")
    }
  }
}

extension Vocabulary {
  /// The part of exports.
  public static let export = Vocabulary([ExportCommand.declaration])
}
