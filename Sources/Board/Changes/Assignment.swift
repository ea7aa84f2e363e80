// What an edit sets, as written: `channels=ceil(channels*1.1)`, `status=Penalty`, `tags+=gold`.
//
//     numbers, amounts   an expression over the customer's fields and metrics before the edit; += and -= change the
//                        current value. Fractions are rounded where only whole numbers are allowed
//     true or false      true, false, yes, no, on, off, 1, 0, or a condition in parentheses
//     texts              the text as is, or in single quotes, or an expression in parentheses
//     lists              all entries, separated by ';' (doubled in an entry); += adds missing ones, -= removes
//     contact_name, ...  of the first contact

import CallEvents

struct Assignment {
    enum Operator: String {
        case set = "="
        case add = "+="
        case remove = "-="
    }

    enum Value {
        /// A number, an amount, a text or a truth, evaluated for each customer.
        case expression(Expression)
        case number(Int64)
        case value(FieldValue)
        /// Entries of a list, to be added or removed.
        case adding(FieldValue)
        case removing(FieldValue)
        case contact(WritableKeyPath<Contact, String>, String)
    }

    let field: ChangedField
    let value: Value

    /// - Throws: an error with the position in the assignment.
    init(_ text: String, window: Window) throws(QueryError) {
        let (name, operation, written) = try Assignment.parts(text)
        do throws(QueryError) {
            (field, value) = try Assignment.read(name, operation, written, window)
        } catch {
            // Positions are reported in the assignment as it was typed.
            let offset = text.count - written.count
            throw QueryError(error.message, position: error.position.map { $0 + offset }, expression: text)
        }
    }

    /// The field's name, the operator, and what follows it.
    private static func parts(_ text: String) throws(QueryError) -> (String, Operator, String) {
        guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
            throw QueryError("\(QueryError.quoted(text)) sets nothing; write field=value, as channels=30")
        }
        let before = text.index(before: sign)
        let operation = Operator(rawValue: String(text[before...sign])) ?? .set
        let name = operation == .set ? text[..<sign] : text[..<before]
        let rest = text[text.index(after: sign)...]
        return (String(name.trimmed), operation, String(rest.drop(while: \.isWhitespace)))
    }

    private static func read(
        _ name: String, _ operation: Operator, _ written: String, _ window: Window
    ) throws(QueryError) -> (ChangedField, Value) {
        let text = String(written[...].trimmed)
        if let part = contactPart(name) {
            guard operation == .set else { throw noOperator(operation, name) }
            let value = try plain(text)
            return (.contacts, .contact(part, part == \.mobile ? Contact.normalized(mobile: value) : value))
        }
        guard let field = ChangedField(name: name) else { throw unknown(name) }
        switch field {
        case .credit, .debitLimit, .channels, .flowSpeed, .shortCallSeconds:
            return (field, .expression(try number(field, operation, text, window)))
        case .tags, .auth, .routes:
            let entries = try list(field, text)
            switch operation {
            case .set: return (field, .value(entries))
            case .add: return (field, .adding(entries))
            case .remove: return (field, .removing(entries))
            }
        case .contacts:
            throw QueryError("contacts are set by contact_name, contact_email, contact_mobile, contact_kind")
        default: break
        }
        guard operation == .set else { throw noOperator(operation, name) }
        if text.hasPrefix("(") && text.hasSuffix(")") {
            return (field, .expression(try expression(text, window, wanted: field == .portalAccess ? .boolean : .text)))
        }
        switch field {
        case .portalAccess: return (field, .number(try truth(text)))
        case .status: return (field, .number(Int64(try status(plain(text)).position)))
        case .country: return (field, .value(.text(CountryCode.folded(try plain(text)))))
        default: return (field, .value(.text(try plain(text))))
        }
    }

    private static func contactPart(_ name: String) -> WritableKeyPath<Contact, String>? {
        switch name {
        case "contact_name": \.name
        case "contact_email": \.email
        case "contact_mobile": \.mobile
        case "contact_kind": \.kind
        default: nil
        }
    }

    // MARK: Kinds of values

    private static func number(
        _ field: ChangedField, _ operation: Operator, _ text: String, _ window: Window
    ) throws(QueryError) -> Expression {
        if operation == .set { return try expression(text, window, wanted: field.isMoney ? .money : .integer) }
        // What is added may be a sum itself.
        _ = try expression(text, window, wanted: field.isMoney ? .money : .integer)
        return try expression(
            "\(field.name) \(operation == .add ? "+" : "-") (\(text))", window,
            wanted: field.isMoney ? .money : .integer)
    }

    private static func expression(
        _ text: String, _ window: Window, wanted: CellKind
    ) throws(QueryError) -> Expression {
        var parser = try ExpressionParser(text, window: window, scope: .customer)
        var expression = try parser.whole()
        if wanted == .money, let decimal = expression.decimal, case .constant = expression.node {
            guard case .at(let micros) = decimal.place(decimals: 6) else {
                throw QueryError("\(QueryError.quoted(text)) is no amount with at most six decimals", position: 0)
            }
            expression = Expression(node: .constant(.money(micros)), kind: .money, position: 0)
        }
        let fits: Bool =
            switch (wanted, expression.kind) {
            case (.money, .integer), (.money, .number), (.integer, .number): true
            default: expression.kind == wanted || wanted == .boolean && expression.isNullConstant
            }
        guard fits, !expression.isNullConstant else {
            let found = expression.isNullConstant ? "null" : expression.kind.words
            throw QueryError("expected \(wanted.words), found \(found)", position: 0)
        }
        return expression
    }

    private static func truth(_ text: String) throws(QueryError) -> Int64 {
        switch text.lowercased() {
        case "true", "yes", "on", "1", "show": return 1
        case "false", "no", "off", "0", "hide": return 0
        default: throw QueryError("\(QueryError.quoted(text)) is neither true nor false", position: 0)
        }
    }

    private static func status(_ text: String) throws(QueryError) -> CustomerStatus {
        guard let status = CustomerStatus.named(text) else {
            let names = CustomerStatus.allCases.map(\.rawValue).joined(separator: ", ")
            let hint = text.lowercased() == "dialing" ? "Dialing is Active with live calls; set" : "it is"
            throw QueryError(
                "there is no status \(QueryError.quoted(text)) to set; \(hint) one of \(names)", position: 0)
        }
        return status
    }

    /// A text, without the quotes around it.
    private static func plain(_ text: String) throws(QueryError) -> String {
        guard text.hasPrefix("'") else { return text }
        let tokens = try ExpressionTokens(text)
        guard tokens.current.kind == .text, tokens.following.kind == .end else {
            throw QueryError("expected one text in quotes, such as 'O''Neill'", position: 0)
        }
        return tokens.current.text
    }

    private static func list(_ field: ChangedField, _ text: String) throws(QueryError) -> FieldValue {
        let entries = ListText.entries(try plain(text))
        switch field {
        case .tags: return .tags(entries)
        case .routes: return .routes(entries.map(Route.init(listed:)))
        default:
            var auth: [AuthEntry] = []
            for entry in entries {
                do throws(AuthFault) {
                    auth.append(try AuthEntry(listed: entry))
                } catch {
                    throw QueryError(error.description, position: 0)
                }
            }
            return .auth(auth)
        }
    }

    // MARK: Errors

    private static func noOperator(_ operation: Operator, _ name: String) -> QueryError {
        QueryError("\(operation.rawValue) goes with numbers and lists, and \(name) is neither; write \(name)=value")
    }

    private static func unknown(_ name: String) -> QueryError {
        switch name {
        case "currency": return QueryError("currency is fixed after creation; create another customer")
        case "id", "version", "created_at", "updated_at", "last_call", "available", "warnings":
            return QueryError("\(name) is not set by hand; it follows from the rest")
        default:
            let known = ChangedField.allCases.filter { $0 != .deleted }.map(\.name).joined(separator: ", ")
            return QueryError("no field \(QueryError.quoted(name)) can be set; these can: \(known)")
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return text
    }
}
