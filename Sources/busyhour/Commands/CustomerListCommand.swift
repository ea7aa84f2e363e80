import ArgumentParser
import Client
import Wire

struct CustomerListCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All customers with their stored fields.")

    @OptionGroup var global: GlobalOptions

    @OptionGroup var csv: CSVOptions

    func report(from client: Client) async throws -> any Report {
        var report = CustomersReport()
        var request = Busyhour_V1_ListCustomersRequest()
        request.limit = Limits.customersPerPage
        while true {
            let page = try await client.listCustomers(request).customers
            report.customers += page
            // Ids only grow, so each page leads on.
            guard let last = page.last, last.id > request.afterID else { break }
            request.afterID = last.id
        }
        return report
    }
}
