// The checks that a customer must pass before it is created or changed. All errors of a request are found at once, and
// each says how to fix it.

import CallEvents
import Columnar

/// Names and auth entries claimed by customers of one request or file.
struct CustomerClaims: Sendable {
    fileprivate var names = TextColumn()
    fileprivate var nameIndex = NameIndex()
    /// The owner of each of `names`.
    fileprivate var nameOwners: [Int] = []
    // The claimant of each entry. Addresses by what they match: `10.0.0.0/8` and `10.1.2.3/8` are one block.
    fileprivate var blocks: [AddressBlock: Int] = [:]
    fileprivate var sipUsers: [String: Int] = [:]
    fileprivate var accounts: [String: Int] = [:]
    fileprivate var conditions: [AuthConditions: Int] = [:]
    /// Header names that no existing entry uses.
    fileprivate var headerNames: Set<String> = []

    fileprivate mutating func claim(name: String, hash: UInt32, by index: Int) {
        nameIndex.insert(hash: hash, row: nameOwners.count)
        names.append(name)
        nameOwners.append(index)
    }
}

struct CustomerCheck {
    private let table: CustomerTable
    private let auth: AuthIndex
    /// Positions are rows of a file.
    private let isImport: Bool
    /// Values are those that customers had before: the form of names and addresses is not checked.
    private let isRestoring: Bool
    /// The values are for later: a value that another customer has now may be free by then, and is no error yet.
    private let isAhead: Bool
    /// Conflicts with other customers' present values, if `isAhead`.
    private(set) var notices: [String] = []
    private(set) var errors: [CustomerError] = []
    private(set) var errorCount = 0
    /// The customer that the next errors are about: its position in the request, and its row if it exists already.
    private var index = 0
    private var row: UInt32?
    /// Claims of earlier customers of the same request.
    private(set) var claims: CustomerClaims

    init(
        table: CustomerTable, auth: AuthIndex, claims: CustomerClaims = CustomerClaims(), isImport: Bool = false,
        isRestoring: Bool = false, isAhead: Bool = false
    ) {
        self.table = table
        self.auth = auth
        self.claims = claims
        self.isImport = isImport
        self.isRestoring = isRestoring
        self.isAhead = isAhead
    }

    private func place(_ index: Int) -> String { isImport ? "row \(index)" : "customer \(index + 1) of this request" }

    /// Checks a customer to be created.
    mutating func check(_ customer: Customer, index: Int) {
        (self.index, row) = (index, nil)
        checkName(customer.name)
        if !CurrencyCode.isKnown(customer.currency) {
            let shown = customer.currency.isEmpty ? "is required" : "'\(customer.currency)' is not an ISO 4217 code"
            report(
                "currency",
                "currency \(shown); give three letters, such as USD or EUR\(CurrencyCode.hint(for: customer.currency))")
        }
        checkCountry(customer.country)
        checkSum(credit: customer.creditMicros, debitLimit: customer.debitLimitMicros)
        checkText(customer.company, "company", BoardLimits.nameBytes)
        checkText(customer.accountManager, "account_manager", BoardLimits.nameBytes)
        checkText(customer.notes, "notes", BoardLimits.notesBytes, allowLines: true)
        checkTags(customer.tags)
        checkContacts(customer.contacts)
        checkAuth(customer.auth)
        checkRoutes(customer.routes)
    }

    /// Checks a new value of a customer's field.
    mutating func check(_ field: ChangedField, _ value: FieldValue, row: UInt32, index: Int) {
        (self.index, self.row) = (index, row)
        switch (field, value) {
        case (.name, .text(let text)): checkName(text)
        case (.country, .text(let text)): checkCountry(text)
        case (.notes, .text(let text)): checkText(text, "notes", BoardLimits.notesBytes, allowLines: true)
        case (_, .text(let text)): checkText(text, field.name, BoardLimits.nameBytes)
        case (_, .tags(let tags)): checkTags(tags)
        case (_, .contacts(let contacts)): checkContacts(contacts)
        case (_, .auth(let entries)): checkAuth(entries)
        case (_, .routes(let routes)): checkRoutes(routes)
        }
    }

    /// Checks a customer's new amounts.
    mutating func checkSum(credit: Int64, debitLimit: Int64, row: UInt32, index: Int) {
        (self.index, self.row) = (index, row)
        checkSum(credit: credit, debitLimit: debitLimit)
    }

    private mutating func checkSum(credit: Int64, debitLimit: Int64) {
        if credit.addingReportingOverflow(debitLimit).overflow {
            report("credit", "credit and debit_limit add up to more than an amount can be; lower one of them")
        }
    }

    private mutating func checkCountry(_ country: String) {
        if !country.isEmpty && !CountryCode.isKnown(country) {
            report(
                "country",
                "country '\(country)' is not an ISO 3166 code; give two letters, such as US or DE\(CountryCode.hint(for: country))"
            )
        }
    }

    private mutating func checkName(_ name: String) {
        // Most begin with a visible ASCII character.
        guard name.utf8.first.map({ $0 > 0x20 && $0 < 0x7F }) ?? false || name.contains(where: { !$0.isWhitespace })
        else { return report("name", "name is required; give the customer's name") }
        checkText(name, "name", BoardLimits.nameBytes)
        if !isRestoring && name.utf8.allSatisfy({ $0 &- 0x30 < 10 }) {
            report("name", "name '\(name)' is all digits, which stand for an id everywhere; add a word to it")
        }
        let hash = NameIndex.hash(of: name)
        if let owner = table.nameIndex.row(hash: hash, name, table.names), row.map({ Int($0) != owner }) ?? true {
            reportClash("name", "name '\(name)' is taken by customer \(owner + 1); choose another or edit that one")
        } else if let first = claims.nameIndex.row(hash: hash, name, claims.names) {
            report("name", "name '\(name)' is also that of \(place(claims.nameOwners[first])); keep one of them")
        } else if name.utf8.count <= BoardLimits.nameBytes {
            claims.claim(name: name, hash: hash, by: index)
        }
    }

    private mutating func checkText(
        _ text: String, _ field: String, _ limit: Int, allowLines: Bool = false
    ) {
        if text.utf8.count > limit {
            report(field, "\(field) has \(text.utf8.count) bytes, and \(limit) are allowed; shorten it")
        }
        // Most are plain, and an import checks a million.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return }
        let isHidden = { (scalar: Unicode.Scalar) in
            switch scalar.properties.generalCategory {
            case .control: !(allowLines && (scalar == "\n" || scalar == "\r" || scalar == "\t"))
            // Bidirectional overrides and zero-width characters make one name look like another.
            case .format, .lineSeparator, .paragraphSeparator: scalar != "\u{200D}"
            default: false
            }
        }
        if let scalar = text.unicodeScalars.first(where: isHidden) {
            let code = String(scalar.value, radix: 16, uppercase: true)
            report(field, "\(field) has the invisible character U+\(code); remove it")
        }
        if !isRestoring && text.unicodeScalars.contains("\u{FFFD}") {
            report(
                field,
                "\(field) has U+FFFD in place of a letter that was lost when the text was converted; write what is meant"
            )
        }
    }

    private mutating func checkCount(_ field: String, _ count: Int) {
        if count > BoardLimits.listEntries {
            report(field, "\(field) has \(count) entries, at most \(BoardLimits.listEntries) are kept; remove some")
        }
    }

    private mutating func checkTags(_ tags: [String]) {
        checkCount("tags", tags.count)
        for tag in tags {
            checkText(tag, "tags", BoardLimits.nameBytes)
            checkEntry(tag, "tags")
        }
    }

    private mutating func checkRoutes(_ routes: [Route]) {
        checkCount("routes", routes.count)
        for route in routes {
            checkText(route.name, "routes", BoardLimits.nameBytes)
            checkEntry(route.name, "routes")
            if route.name.utf8.first == UInt8(ascii: "!") {
                report("routes", "route '\(route.name)' begins with '!', which marks one that is off; take it away")
            }
        }
    }

    /// An entry of a list must survive writing the list as text and parsing it.
    private mutating func checkEntry(_ text: String, _ field: String) {
        // Most begin and end with a letter or digit.
        let isPlain = { (byte: UInt8) in byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 }
        if let first = text.utf8.first, let last = text.utf8.last, isPlain(first), isPlain(last) { return }
        let hasBlanks = text.first?.isWhitespace ?? true || text.last?.isWhitespace ?? true
        if hasBlanks || text.utf8.first == UInt8(ascii: ";") {
            report(field, "'\(text)' of \(field) is empty, has blanks at its ends or begins with ';'; take that away")
        }
    }

    private mutating func checkContacts(_ contacts: [Contact]) {
        checkCount("contacts", contacts.count)
        let kept = row.flatMap { table.detailsByRow[Int($0)]?.contacts } ?? []
        for (place, contact) in contacts.enumerated() {
            checkText(contact.name, "contact_name", BoardLimits.nameBytes)
            checkText(contact.email, "contact_email", BoardLimits.nameBytes)
            checkText(contact.mobile, "contact_mobile", BoardLimits.nameBytes)
            checkText(contact.kind, "contact_kind", BoardLimits.nameBytes)
            let whose = contacts.count > 1 ? "contact \(place + 1): " : ""
            // A customer's existing address is not checked again: it would block edits of other fields.
            if !contact.email.isEmpty, !isRestoring, !kept.contains(where: { $0.email == contact.email }),
                let fault = EmailAddress.fault(of: contact.email)
            {
                let remedy = fault.contains("; ") ? "" : "; write it as noc@carrier.example"
                report("contact_email", "\(whose)e-mail address \(QueryError.quoted(contact.email)) \(fault)\(remedy)")
            }
            if !contact.mobile.isEmpty, !isRestoring, !kept.contains(where: { $0.mobile == contact.mobile }) {
                checkMobile(contact.mobile, whose)
            }
        }
    }

    private mutating func checkMobile(_ mobile: String, _ whose: String) {
        do throws(PhoneNumberFault) {
            _ = try PhoneNumber(mobile)
        } catch {
            report("contact_mobile", "\(whose)mobile number \(QueryError.quoted(mobile)) \(error)")
        }
    }

    private mutating func checkAuth(_ entries: [AuthEntry]) {
        checkCount("auth", entries.count)
        for entry in entries { checkAuth(entry) }
    }

    private mutating func checkAuth(_ entry: AuthEntry) {
        let value: String
        let owner: UInt32?
        let first: Int?
        var limit = BoardLimits.nameBytes
        switch entry {
        case .ip(let text):
            guard let block = AddressBlock(text) else {
                return report(
                    "auth", "'\(text)' is not an address or block; give one as 203.0.113.7 or 203.0.113.0/24")
            }
            (value, owner, first) = (text, auth.owner(of: block), claims.blocks[block])
            if isFree(owner, first) { claims.blocks[block] = index }
        case .sip(let user):
            (value, owner, first) = (user, auth.owner(of: entry), claims.sipUsers[user])
            if isFree(owner, first) && !user.isEmpty { claims.sipUsers[user] = index }
        case .account(let code):
            (value, owner, first) = (code, auth.owner(of: entry), claims.accounts[code])
            if isFree(owner, first) && !code.isEmpty { claims.accounts[code] = index }
        case .conditions(let conditions):
            (value, owner, first) = (conditions.text, auth.owner(of: entry), claims.conditions[conditions])
            limit = BoardLimits.authEntryBytes
            if isFree(owner, first) { claims.conditions[conditions] = index }
            checkHeaders(conditions)
        }
        checkText(value, "auth", limit)
        if value.isEmpty { return report("auth", "an auth entry is empty; give a value or leave it out") }
        if let owner, owner != row {
            reportClash(
                "auth",
                "\(entry.listed) belongs to customer \(owner + 1) '\(table.names[Int(owner)])'; remove it there first")
        } else if let first {
            let whose = first == index ? "given twice" : "also that of \(place(first))"
            report("auth", "\(entry.listed) is \(whose); keep one of them")
        }
    }

    /// Feeds search every set-up for every header that some entry uses.
    private mutating func checkHeaders(_ conditions: AuthConditions) {
        for case .header(let name, _) in conditions.all
        where auth.conditions.askedHeaders[name] == nil && !claims.headerNames.contains(name) {
            guard auth.conditions.askedHeaders.count + claims.headerNames.count < AuthLimits.headerNames else {
                report(
                    "auth",
                    "\(conditions.text) asks for one header more than \(AuthLimits.headerNames), which all entries together may; "
                        + "use one of those that are asked for already")
                continue
            }
            claims.headerNames.insert(name)
        }
    }

    /// Whether no customer has the entry yet, except perhaps the one being checked.
    private func isFree(_ owner: UInt32?, _ first: Int?) -> Bool { (owner == nil || owner == row) && first == nil }

    /// Reports an error that the caller found in an existing customer.
    mutating func report(_ field: String, _ message: String, row: UInt32, index: Int) {
        (self.index, self.row) = (index, row)
        report(field, message)
    }

    /// Reports a value that another customer has.
    private mutating func reportClash(_ field: String, _ message: String) {
        guard isAhead else { return report(field, message) }
        if notices.count < BoardLimits.notices { notices.append(message) }
    }

    private mutating func report(_ field: String, _ message: String) {
        errorCount += 1
        if errors.count < BoardLimits.reportedErrors {
            errors.append(
                CustomerError(index: index, customerID: row.map { $0 + 1 } ?? 0, field: field, message: message))
        }
    }
}
