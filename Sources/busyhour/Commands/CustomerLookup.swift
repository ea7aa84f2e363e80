// The customer that a person means by a text. A command that changes something takes an id or a whole name; one that
// shows something is content with the beginning or a part of a name, if it is of one customer.

import Client
import Wire

enum CustomerLookup {
    /// A customer with its name.
    struct Candidate: Equatable {
        var id: UInt32
        var name: String
    }

    /// Customers whose names fit, and how many there are in all.
    struct Candidates {
        var first: [Candidate] = []
        var total: UInt64 = 0
    }

    /// The only customer whose name begins with the text or, if none does, has it in it; whatever the case and the
    /// accents.
    /// - Parameter missing: what the server said of the text as a whole name.
    /// - Throws: `Refusal` that names the candidates where there are several, and the nearest name where there is none.
    static func only(_ text: String, of client: Client, missing: ClientError) async throws -> Candidate {
        guard isMissing(missing), !text.isEmpty else { throw missing }
        for (pattern, how) in [(NamePattern.beginning(text), "begin with"), (NamePattern.part(text), "contain")] {
            let found = try await candidates(pattern, limit: Limits.namedCandidates, client)
            if let only = found.first.first, found.total == 1 { return only }
            if found.total > 1 { throw Refusal(several(text, how, found)) }
        }
        throw try await withNearest(missing, text, client)
    }

    /// The error with the name that was probably meant, for commands that take whole names.
    static func withNearest(_ missing: ClientError, _ text: String, _ client: Client) async throws -> any Error {
        guard isMissing(missing), case .server(_, let message, _) = missing, !text.isEmpty else { return missing }
        for pattern in [NamePattern.beginning(text), NamePattern.part(text)] {
            let found = try await candidates(pattern, limit: Limits.namedCandidates, client)
            if found.total > 0 { return Refusal("\(message); did you mean \(list(found, "or"))?") }
        }
        // A mistyped name mostly begins right.
        let similar = try await candidates(
            NamePattern.beginning(String(text.prefix(2))), limit: Limits.comparedNames, client
        ).first
        let names = similar.map { $0.name.lowercased() }
        guard let nearest = NearestName.of(text, among: names), let place = names.firstIndex(of: nearest) else {
            return Refusal("\(message); `busyhour customer list --search TEXT` finds customers")
        }
        return Refusal("\(message); did you mean '\(similar[place].name)' (\(similar[place].id))?")
    }

    private static func several(_ text: String, _ how: String, _ found: Candidates) -> String {
        "the names of \(found.total) customers \(how) '\(text)': \(list(found, "and")); give more of the name, or the id"
    }

    /// `'Nordic' (3), 'Northwind' (1) and 5 more`.
    static func list(_ found: Candidates, _ word: String) -> String {
        var parts = found.first.map { "'\($0.name)' (\($0.id))" }
        let more = found.total - min(found.total, UInt64(parts.count))
        if more > 0 { parts.append("\(more) more") }
        guard let last = parts.popLast(), !parts.isEmpty else { return parts.first ?? list(one: found) }
        return parts.joined(separator: ", ") + " \(word) " + last
    }

    private static func list(one found: Candidates) -> String {
        found.first.first.map { "'\($0.name)' (\($0.id))" } ?? ""
    }

    static func isMissing(_ error: ClientError) -> Bool {
        if case .server("NOT_FOUND", _, _) = error { true } else { false }
    }

    private static func candidates(_ pattern: String, limit: UInt64, _ client: Client) async throws -> Candidates {
        var request = Busyhour_V1_BoardRequest()
        request.columns = ["id", "name"]
        request.where = "name LIKE \(pattern)"
        request.sort = ["name"]
        request.limit = limit
        let answer = try await client.board(request)
        let columns = try answer.columns.map { try $0.cells() }
        guard columns.count == 2 else { return Candidates() }
        let customers = zip(columns[0], columns[1]).compactMap { id, name -> Candidate? in
            guard case .integer(let id) = id, case .text(let name) = name else { return nil }
            return UInt32(exactly: id).map { Candidate(id: $0, name: name) }
        }
        return Candidates(first: customers, total: answer.matched)
    }
}

/// Constants for LIKE that take a text literally.
enum NamePattern {
    static func beginning(_ text: String) -> String { constant(escaped(text) + "%") }
    static func part(_ text: String) -> String { constant("%" + escaped(text) + "%") }

    /// `%`, `_` and `!` mean themselves.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            if character == "%" || character == "_" || character == "!" { escaped.append("!") }
            escaped.append(character)
        }
        return escaped
    }

    private static func constant(_ pattern: String) -> String {
        "'" + pattern.replacing("'", with: "''") + "' ESCAPE '!'"
    }
}

extension Client {
    /// For a command that changes something: digits are an id or, where there is none, a name; else the whole name,
    /// whatever its case.
    /// - Throws: `Refusal` with the nearest name.
    func customer(idOrName text: String) async throws -> Busyhour_V1_Customer {
        do {
            return try await exactly(text).customer
        } catch let error as ClientError {
            throw try await CustomerLookup.withNearest(error, text, self)
        }
    }

    /// For a command that shows something: the beginning or a part of a name will do, too.
    func customer(meantBy text: String) async throws -> Busyhour_V1_GetCustomerResponse {
        do {
            return try await exactly(text)
        } catch let error as ClientError {
            var request = Busyhour_V1_GetCustomerRequest()
            request.id = try await CustomerLookup.only(text, of: self, missing: error).id
            return try await getCustomer(request)
        }
    }

    /// The same where digits are an id, which is not looked up.
    func customerID(meantBy text: String) async throws -> UInt32 {
        if let id = UInt32(text) { return id }
        return try await customer(meantBy: text).customer.id
    }

    private func exactly(_ text: String) async throws -> Busyhour_V1_GetCustomerResponse {
        var (byID, byName) = (Busyhour_V1_GetCustomerRequest(), Busyhour_V1_GetCustomerRequest())
        byName.name = text
        guard let id = UInt32(text) else { return try await getCustomer(byName) }
        byID.id = id
        do {
            return try await getCustomer(byID)
        } catch let missing as ClientError {
            // There are names that consist of digits.
            guard let named = try? await getCustomer(byName) else { throw missing }
            return named
        }
    }
}
