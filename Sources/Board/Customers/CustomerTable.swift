// The customers as columns: one row each, row = id - 1, in the order of their creation.
//
// What most customers have lies in columns; what few have (tags, contacts, auth sets, routes, notes) lies beside them in
// `extras`, so that an idle customer with a name costs about 100 octets here.

import CallEvents
import Columnar

struct CustomerTable: Sendable {
    private(set) var names = TextColumn()
    private(set) var currencies = DictionaryColumn()
    private(set) var countries = DictionaryColumn()
    private(set) var companies = DictionaryColumn()
    private(set) var accountManagers = DictionaryColumn()
    /// Position in `CustomerStatus.allCases`.
    private(set) var statuses = Column<UInt8>()
    private(set) var creditMicros = Column<Int64>()
    private(set) var debitLimitMicros = Column<Int64>()
    private(set) var channels = Column<UInt32>()
    private(set) var flowSpeeds = Column<UInt32>()
    private(set) var portalAccess = Column<UInt8>()
    private(set) var shortCallSeconds = Column<UInt32>()
    private(set) var createdAtMicros = Column<Int64>()
    private(set) var updatedAtMicros = Column<Int64>()
    private(set) var versions = Column<UInt32>()
    /// Set-up time of the newest call; 0: none.
    var lastCallMicros = Column<Int64>() { didSet { lastCallVersion &+= 1 } }
    /// Live calls now, ringing included.
    var active = Column<Int32>() { didSet { activeVersion &+= 1 } }

    /// One number a chunk of rows, another after every change of a stored field in it; never used twice.
    private(set) var chunkVersions: [UInt64] = []
    private var version: UInt64 = 0
    /// Another number after every change of a value in what traffic writes. One for all chunks: calls of a second are
    /// of customers everywhere, and the columns are written for each call.
    private(set) var lastCallVersion: UInt64 = 0
    private(set) var activeVersion: UInt64 = 0

    private var extras: [UInt32: Extras] = [:]
    /// Hash of the folded name -> row; rows whose hash was taken already are in `nameCollisions`.
    private var rowByName: [Int: UInt32] = [:]
    private var nameCollisions: [Int: [UInt32]] = [:]

    private struct Extras: Sendable {
        var tags: [String] = []
        var contacts: [Contact] = []
        var auth: [AuthEntry] = []
        var routes: [Route] = []
        var notes = ""

        var isEmpty: Bool { tags.isEmpty && contacts.isEmpty && auth.isEmpty && routes.isEmpty && notes.isEmpty }
    }

    var count: Int { names.count }
    var chunkCount: Int { statuses.chunkCount }

    private mutating func touch(row: Int) {
        version += 1
        let chunk = row / ChunkSize.rows
        if chunk == chunkVersions.count { chunkVersions.append(version) } else { chunkVersions[chunk] = version }
    }

    func row(id: UInt32) -> Int? {
        id >= 1 && Int(id) <= count ? Int(id) - 1 : nil
    }

    func row(named name: String) -> Int? {
        let folded = CustomerTable.fold(name)
        let hash = folded.hashValue
        guard let first = rowByName[hash] else { return nil }
        let candidates = [first] + (nameCollisions[hash] ?? [])
        return candidates.first { CustomerTable.fold(names[Int($0)]) == folded }.map(Int.init)
    }

    /// What makes two names the same: canonical equivalence (Swift's own comparison, as by NFC) and case. Upper-casing first
    /// folds what has no lower-case pair (`ß`, `SS`).
    static func fold(_ name: String) -> String { name.uppercased().lowercased() }

    /// Adds a customer that was checked before; its id is the new row + 1.
    mutating func append(_ customer: Customer, now: Int64) -> UInt32 {
        let row = UInt32(count)
        names.append(customer.name)
        currencies.append(customer.currency)
        countries.append(customer.country)
        companies.append(customer.company)
        accountManagers.append(customer.accountManager)
        statuses.append(UInt8(CustomerStatus.allCases.firstIndex(of: customer.status) ?? 0))
        creditMicros.append(customer.creditMicros)
        debitLimitMicros.append(customer.debitLimitMicros)
        channels.append(customer.channels)
        flowSpeeds.append(customer.flowSpeed)
        portalAccess.append(customer.portalAccess ? 1 : 0)
        shortCallSeconds.append(customer.shortCallSeconds)
        createdAtMicros.append(now)
        updatedAtMicros.append(now)
        versions.append(1)
        lastCallMicros.append(0)
        active.append(0)
        touch(row: Int(row))
        let extras = Extras(
            tags: customer.tags, contacts: customer.contacts, auth: customer.auth, routes: customer.routes,
            notes: customer.notes)
        if !extras.isEmpty { self.extras[row] = extras }
        let hash = CustomerTable.fold(customer.name).hashValue
        if rowByName[hash] == nil { rowByName[hash] = row } else { nameCollisions[hash, default: []].append(row) }
        return row + 1
    }

    subscript(row: Int) -> Customer {
        var customer = Customer()
        customer.id = UInt32(row) + 1
        customer.name = names[row]
        customer.currency = currencies[row]
        customer.status = status(row)
        customer.creditMicros = creditMicros[row]
        customer.debitLimitMicros = debitLimitMicros[row]
        customer.channels = channels[row]
        customer.flowSpeed = flowSpeeds[row]
        customer.portalAccess = portalAccess[row] != 0
        customer.country = countries[row]
        customer.company = companies[row]
        customer.accountManager = accountManagers[row]
        customer.shortCallSeconds = shortCallSeconds[row]
        customer.createdAtMicros = createdAtMicros[row]
        customer.updatedAtMicros = updatedAtMicros[row]
        customer.version = versions[row]
        customer.lastCallMicros = lastCallMicros[row]
        if let extras = extras[UInt32(row)] {
            customer.tags = extras.tags
            customer.contacts = extras.contacts
            customer.auth = extras.auth
            customer.routes = extras.routes
            customer.notes = extras.notes
        }
        return customer
    }

    func status(_ row: Int) -> CustomerStatus { CustomerStatus.allCases[Int(statuses[row])] }

    /// The status with `Dialing`, which is Active with live calls.
    func shownStatus(_ row: Int) -> String {
        let stored = status(row)
        return stored == .active && active[row] > 0 ? CustomerTable.dialing : stored.rawValue
    }

    static let dialing = "Dialing"

    func tags(_ row: Int) -> [String] { extras[UInt32(row)]?.tags ?? [] }
    /// The rows that have a tag. Costs the customers that have lists or notes.
    func rows(tagged tag: String) -> Bitmap {
        var rows = Bitmap(count: count)
        for (row, extras) in extras where extras.tags.contains(tag) { rows[Int(row)] = true }
        return rows
    }

    func hasAuth(_ row: Int) -> Bool { !(extras[UInt32(row)]?.auth.isEmpty ?? true) }
    func hasRouting(_ row: Int) -> Bool { extras[UInt32(row)]?.routes.contains { $0.enabled } ?? false }

    /// The tags, contacts and auth entries of a customer, as the search box looks at them.
    func details(_ row: Int) -> [String] {
        guard let extras = extras[UInt32(row)] else { return [] }
        var texts = extras.tags
        for contact in extras.contacts { texts += [contact.name, contact.email, contact.mobile] }
        for entry in extras.auth {
            switch entry {
            case .ip(let text), .sip(let text), .account(let text): texts.append(text)
            }
        }
        return texts
    }

    var byteSize: Int {
        names.byteSize + currencies.byteSize + countries.byteSize + companies.byteSize + accountManagers.byteSize
            + statuses.byteSize + creditMicros.byteSize + debitLimitMicros.byteSize + channels.byteSize
            + flowSpeeds.byteSize + portalAccess.byteSize + shortCallSeconds.byteSize + createdAtMicros.byteSize
            + updatedAtMicros.byteSize + versions.byteSize + lastCallMicros.byteSize + active.byteSize
            + rowByName.capacity * 16 + extras.count * 200
    }
}
