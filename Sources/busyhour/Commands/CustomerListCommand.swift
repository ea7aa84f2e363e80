import ArgumentParser
import Client
import Wire

struct CustomerListCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All customers with their stored fields, or those that were deleted.")

    @OptionGroup var global: GlobalOptions

    @OptionGroup var csv: CSVOptions

    @Flag(help: "Deleted customers that can be restored: when they were deleted, by whom, by which change.")
    var deleted = false

    func report(from client: Client) async throws -> any Report {
        if deleted { return try await deletedCustomers(client) }
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

    private func deletedCustomers(_ client: Client) async throws -> DeletedCustomersReport {
        var report = DeletedCustomersReport()
        var request = Busyhour_V1_ListCustomersRequest()
        (request.deleted, request.limit) = (true, Limits.customersPerPage)
        while true {
            let page = try await client.listCustomers(request).deleted
            report.customers += page
            guard let last = page.last, last.id > request.afterID else { return report }
            request.afterID = last.id
        }
    }
}
