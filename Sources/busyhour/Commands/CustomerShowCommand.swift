import ArgumentParser
import Client
import Wire

struct CustomerShowCommand: ServerCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "All fields of one customer.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The customer's id or name. Digits are an id, else the name.", valueName: "id|name"))
    var customer: String

    func report(from client: Client) async throws -> any Report {
        guard let id = UInt32(customer) else {
            return CustomerReport(customer: try await client.customer(named: customer))
        }
        do {
            return CustomerReport(customer: try await client.customer(id: id))
        } catch let missing as ClientError {
            // There are names that consist of digits.
            guard let named = try? await client.customer(named: customer) else { throw missing }
            return CustomerReport(customer: named)
        }
    }
}
