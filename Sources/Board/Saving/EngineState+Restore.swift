import CallEvents
import Columnar

extension EngineState {
    /// Restores the tables of `BoardSnapshot.tables`. The state has no customers yet. All or nothing.
    mutating func restore(_ tables: [SavedTable]) throws(RestoreError) {
        precondition(customers.count == 0, "customers are restored before any are created")
        let customers = try CustomerTable(tables)
        let auth = try AuthIndex(customers)
        let contents = tables.first { $0.id == SavedTableID.resultContents.rawValue }
        let results = try IdempotentResults(try tables[.results], contents: contents, customers: customers.count)
        let documents = try DocumentTable(tables)
        let changes = try ChangeLog(tables, customers: customers.count)
        let debits = try DebitBook(tables.first { $0.id == SavedTableID.debitMarks.rawValue })
        self.customers = customers
        self.auth = auth
        inbound = InboundIndex(customers)
        idempotent = results
        self.changes = changes
        self.documents = documents
        self.debits = debits
        for mark in try WarningTable.marks(tables, customers: customers.count) { warnings.put(mark) }
        applySettings()
        timeline.grow(to: customers.count)
        // A customer's address is no switch of ours.
        switches = switches.filter { !auth.hasEntry(of: AddressBlock($0, length: 128)) && !isTrunk($0) }
    }
}
