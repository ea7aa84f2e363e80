import ArgumentParser
import Client
import Wire

struct StatusCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Health, version, counts, memory, feeds, sources without a customer.")

    @OptionGroup var global: GlobalOptions

    func report(from client: Client) async throws -> any Report {
        StatusReport(status: try await client.status())
    }
}
