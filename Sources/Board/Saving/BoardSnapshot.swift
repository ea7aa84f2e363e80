// The customers at one instant: the basis of a snapshot while the engine continues.

import Columnar

/// Taking one costs some microseconds, whatever the number of customers: columns are retained, and the engine copies a
/// chunk of 64 KB when it first writes to it afterwards. Any thread may read it. Release it soon: what the engine
/// copies meanwhile is in memory twice.
public struct BoardSnapshot: Sendable {
    /// The engine's time, microseconds since 1970.
    public let engineMicros: Int64

    let names: TextColumn
    let currencies: SavedDictionary
    let countries: SavedDictionary
    let companies: SavedDictionary
    let accountManagers: SavedDictionary
    let statuses: Column<UInt8>
    let creditMicros: Column<Int64>
    let debitLimitMicros: Column<Int64>
    let channels: Column<UInt32>
    let flowSpeeds: Column<UInt32>
    let portalAccess: Column<UInt8>
    let shortCallSeconds: Column<UInt32>
    let createdAtMicros: Column<Int64>
    let updatedAtMicros: Column<Int64>
    let versions: Column<UInt32>
    let deletedAtMicros: Column<Int64>
    let details: DetailsTable
    let results: IdempotentResults
    let changes: ChangeLog
    let documents: DocumentTable
    let warningMarks: [WarningMark]
    let debits: DebitBook

    init(_ state: borrowing EngineState) {
        engineMicros = state.nowMicros
        names = state.customers.names
        currencies = SavedDictionary(state.customers.currencies)
        countries = SavedDictionary(state.customers.countries)
        companies = SavedDictionary(state.customers.companies)
        accountManagers = SavedDictionary(state.customers.accountManagers)
        statuses = state.customers.statuses
        creditMicros = state.customers.creditMicros
        debitLimitMicros = state.customers.debitLimitMicros
        channels = state.customers.channels
        flowSpeeds = state.customers.flowSpeeds
        portalAccess = state.customers.portalAccess
        shortCallSeconds = state.customers.shortCallSeconds
        createdAtMicros = state.customers.createdAtMicros
        updatedAtMicros = state.customers.updatedAtMicros
        versions = state.customers.versions
        deletedAtMicros = state.customers.deletedAtMicros
        details = state.customers.detailsByRow
        results = state.idempotent
        changes = state.changes
        documents = state.documents
        warningMarks = state.warnings.marks.isEmpty ? [] : Array(state.warnings.marks.values)
        debits = state.debits
    }

    /// Number of rows, including those of deleted customers.
    public var customerCount: Int { names.count }
}

/// A dictionary column without its index, which the engine would have to copy.
struct SavedDictionary: Sendable {
    let codes: CodeColumn
    let values: [String]

    init(_ column: DictionaryColumn) {
        codes = column.codes
        values = column.values
    }
}
