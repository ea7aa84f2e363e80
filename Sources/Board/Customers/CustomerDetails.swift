// What few customers have: lists and notes, stored beside the columns.

/// The details of one customer.
struct CustomerDetails: Equatable, Sendable {
    var tags: [String] = []
    var contacts: [Contact] = []
    var auth: [AuthEntry] = []
    var routes: [Route] = []
    var notes = ""

    var isEmpty: Bool { tags.isEmpty && contacts.isEmpty && auth.isEmpty && routes.isEmpty && notes.isEmpty }
}

/// Details by row. Copying makes a snapshot in no time, and the first change of a customer after it copies the entries
/// of its group of rows only, not those of a million others.
struct DetailsTable: Sendable {
    static let groupRows = 256

    /// By row divided by `groupRows`; shorter if the last groups are empty.
    private var groups: [[UInt32: CustomerDetails]] = []
    private(set) var count = 0

    /// Setting nil, or empty details, removes the entry.
    subscript(row: Int) -> CustomerDetails? {
        get {
            let group = row / DetailsTable.groupRows
            return group < groups.count ? groups[group][UInt32(row)] : nil
        }
        set {
            let group = row / DetailsTable.groupRows
            let value = newValue.flatMap { $0.isEmpty ? nil : $0 }
            while groups.count <= group && value != nil { groups.append([:]) }
            guard group < groups.count else { return }
            count -= groups[group].count
            groups[group][UInt32(row)] = value
            count += groups[group].count
        }
    }

    /// Changes a customer's details in place; `body` leaves them non-empty.
    mutating func change<E: Error>(_ row: Int, _ body: (inout CustomerDetails) throws(E) -> Void) throws(E) {
        let group = row / DetailsTable.groupRows
        while groups.count <= group { groups.append([:]) }
        count -= groups[group].count
        defer { count += groups[group].count }
        try body(&groups[group][UInt32(row), default: CustomerDetails()])
    }

    /// In row order.
    func forEachCustomer<E: Error>(_ body: (_ row: UInt32, CustomerDetails) throws(E) -> Void) throws(E) {
        for group in groups {
            for row in group.keys.sorted() {
                if let details = group[row] { try body(row, details) }
            }
        }
    }

    var byteSize: Int { count * 200 + groups.capacity * MemoryLayout<[UInt32: CustomerDetails]>.stride }
}
