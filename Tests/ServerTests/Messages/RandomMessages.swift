// Messages of every kind with random values: numbers at the ends of their types, words that mean something where they
// stand and words that do not, columns of one length and of several. Made from proto/busyhour.proto, so none is left
// out.

import Foundation
import Randomness

struct RandomMessages {
    private struct Field {
        var name: String
        var type: String
        var number: UInt64
        var isRepeated: Bool
    }

    private var fields: [String: [Field]] = [:]
    private var random: SeededGenerator
    /// Around which times lie, microseconds since 1970.
    private let now: Int64

    init(seed: UInt64, now: Int64) throws {
        random = SeededGenerator(seed: seed)
        self.now = now
        let proto = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("proto/busyhour.proto")
        read(try String(contentsOf: proto, encoding: .utf8))
    }

    var names: [String] { fields.keys.sorted() }

    private mutating func read(_ proto: String) {
        var message = ""
        var isEnum = false
        for line in proto.split(separator: "\n") {
            let words = line.split { " ;={".contains($0) }.map(String.init)
            guard let first = words.first, !first.hasPrefix("//") else { continue }
            if line.hasPrefix("message ") {
                message = words[1]
                fields[message] = []
            } else if first == "enum" || first == "}" {
                isEnum = first == "enum"
            } else if !isEnum, !message.isEmpty, !first.hasPrefix("map<") {
                let isRepeated = first == "repeated"
                let rest = isRepeated ? Array(words.dropFirst()) : words
                guard rest.count >= 3, let number = UInt64(rest[2]) else { continue }
                fields[message, default: []].append(
                    Field(name: rest[1], type: rest[0], number: number, isRepeated: isRepeated))
            }
        }
    }

    // MARK: Messages

    mutating func message(_ message: String, depth: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        // As a rule, each column has one element per row.
        let count = Int.random(in: 0...4, using: &random)
        // How many of ten fields are there: of columns, without which the others make no sense, nearly all.
        let plain = pick([1, 2, 3, 6, 9])
        let columns = message.hasPrefix("Ingest") || message.hasPrefix("Import") ? 10 : 4
        let all = fields[message] ?? []
        // Customers are named in one way.
        let isSelection = message == "Selection" && Int.random(in: 0..<9, using: &random) > 0
        for field in isSelection ? [pick(all)] : all {
            let isColumn = field.isRepeated || field.type == "bytes" && field.name == "kind"
            let isNeeded = field.name.hasSuffix("id") || Self.needed.contains(field.name) || isSelection
            let share = isNeeded ? 9 : isColumn ? columns : field.type == "ProducerBatch" ? 2 : plain
            if Int.random(in: 0..<10, using: &random) >= share { continue }
            guard isColumn else {
                append(field, depth, to: &bytes)
                continue
            }
            let isOdd = Int.random(in: 0..<60, using: &random) == 0
            appendColumn(field, isOdd ? Int.random(in: 0...9, using: &random) : count, depth, to: &bytes)
        }
        return bytes
    }

    private mutating func appendColumn(_ field: Field, _ count: Int, _ depth: Int, to bytes: inout [UInt8]) {
        var column: [UInt8] = []
        switch field.type {
        case "fixed32": for _ in 0..<count { column += little(UInt64(small32()), 4) }
        case "fixed64": for _ in 0..<count { column += little(UInt64.random(in: 0...5, using: &random), 8) }
        case "sfixed64": for _ in 0..<count { column += little(UInt64(bitPattern: wide(field.name)), 8) }
        case "uint32": for _ in 0..<count { column += varint(UInt64(number32(field.name))) }
        case "bytes" where field.name == "kind":
            for _ in 0..<count { column.append(pick([1, 1, 2, 3, 3, 4, 5, 5, 6, 0, 7])) }
        default:
            for _ in 0..<count { append(field, depth, to: &bytes) }
            return
        }
        bytes += varint(field.number << 3 | 2) + varint(UInt64(column.count)) + column
    }

    private mutating func append(_ field: Field, _ depth: Int, to bytes: inout [UInt8]) {
        let key = { (wire: UInt64) in field.number << 3 | wire }
        switch field.type {
        case "string": appendText(word(field.name), key(2), to: &bytes)
        case "bytes": appendBytes(randomBytes(field.name), key(2), to: &bytes)
        case "bool": bytes += varint(key(0)) + varint(UInt64.random(in: 0...1, using: &random))
        case "uint32": bytes += varint(key(0)) + varint(UInt64(number32(field.name)))
        case "uint64" where field.name == "epoch":
            bytes += varint(key(0)) + varint(pick([1, 1, 2, 2, 3, number64()]))
        case "uint64", "sint64": bytes += varint(key(0)) + varint(number64())
        case "double": bytes += varint(key(1)) + little(number64(), 8)
        case "fixed32": bytes += varint(key(5)) + little(UInt64(small32()), 4)
        case "fixed64": bytes += varint(key(1)) + little(number64(), 8)
        case "sfixed64": bytes += varint(key(1)) + little(UInt64(bitPattern: wide(field.name)), 8)
        default:
            if fields[field.type] == nil {
                bytes += varint(key(0)) + varint(UInt64.random(in: 0...3, using: &random))
            } else if depth < 4 {
                appendBytes(message(field.type, depth: depth + 1), key(2), to: &bytes)
            }
        }
    }

    private func appendText(_ text: String, _ key: UInt64, to bytes: inout [UInt8]) {
        appendBytes(Array(text.utf8), key, to: &bytes)
    }

    private func appendBytes(_ value: [UInt8], _ key: UInt64, to bytes: inout [UInt8]) {
        bytes += varint(key) + varint(UInt64(value.count)) + value
    }

    private func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private func little(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    // MARK: Values

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    private mutating func small32() -> UInt32 {
        pick([
            0, 0, 1, 1, 2, 3, 4, 16, 200, 486, 1_000, 30_000, .max, .max - 1, UInt32(truncatingIfNeeded: random.next()),
        ])
    }

    private mutating func number32(_ name: String) -> UInt32 {
        if name == "column" { return UInt32.random(in: 1...9, using: &random) }
        let isID = name.hasSuffix("id") || name == "change" || name.hasSuffix("version") || name == "ids"
        return isID && Int.random(in: 0..<9, using: &random) > 0 ? UInt32.random(in: 0...12, using: &random) : small32()
    }

    private mutating func number64() -> UInt64 {
        pick([0, 0, 1, 2, 3, 5, 9, 100, 1 << 31, 1 << 32, 1 << 63, .max, .max - 1, random.next()])
    }

    private mutating func wide(_ name: String) -> Int64 {
        let isTime = name.contains("time") || name.hasPrefix("setup") || name.contains("arrival")
        if isTime && Int.random(in: 0..<9, using: &random) > 0 {
            return now - pick([0, 1_000, 1_000_000, 61_000_000, 1_000_000_000, 5_000_000_000, 90_000_000_000])
        }
        // Nothing that comes about within seconds: what a restart shows would depend on them.
        let times = [now - 1_000_000, now + 3_600_000_000]
        return pick([0, 1, -1, 1_000_000, -5_000_000, 250_000, .max, .min, .max - 1, .min + 1, .max / 2] + times)
    }

    private mutating func randomBytes(_ name: String) -> [UInt8] {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: []
        case 1: random.bytes(Int.random(in: 0...40, using: &random))
        case 2...5 where name == "source": [10, 0, 0, UInt8.random(in: 0...9, using: &random)]
        case 2...6 where name == "idempotency_key": random.bytes(16)
        default: Array(repeating: UInt8.random(in: 0...3, using: &random), count: 16)
        }
    }

    private mutating func word(_ name: String) -> String {
        if Int.random(in: 0..<40, using: &random) == 0 { return pick(Self.strange) }
        if let words = Self.words[name] { return pick(words) }
        return pick(["", "N1", "n2", "anna", "a", "7"])
    }

    private static let needed: Set<String> = [
        "producer", "selection", "metric", "set", "warning", "epoch", "name", "column", "field", "template", "query",
    ]
    private static let strange = [
        "\0", "\u{202E}abc", "e\u{301}\u{200D}", String(repeating: "x", count: 3_000), "🙂", " ", "''", "%", "-", "((((",
        "\r\n", "9223372036854775808", "1e400", "NaN",
    ]
    private static let columns = [
        "id", "name", "status", "currency", "country", "company", "tags", "credit", "available", "channels", "warnings",
        "debit_limit", "flow_speed", "portal_access", "created_at", "last_call", "version", "bids", "asr", "asr_1h",
        "ner", "acd_24h", "pdd", "pdd_p95", "active", "cps", "cps_peak", "talk", "cost", "cost_all", "causes.busy",
    ]
    private static let expressions = [
        "", "bids > 0", "credit < 100 AND asr_n >= 0", "NOT (status = 'Active')", "name LIKE '%1%' OR tags HAS 'gold'",
        "warnings HAS no_auth", "channels / 0 > 1", "credit * 1e300 > 0", "last_call IS NULL", "id IN (1, 2, 9)",
        "pdd_p95 > 10", "credit BETWEEN -1 AND 9223372036854.775807", "id * 4611686018427387904 = 0", "asr >",
    ]
    private static let words: [String: [String]] = [
        "where": expressions, "filter": expressions,
        "columns": columns + ["count", "sum(credit)", "avg(channels)", "max(pdd)", "active * 100 / channels AS load"],
        "sort": columns.flatMap { [$0, "-" + $0] } + ["count", "-sum(credit)"],
        "group_by": ["status", "currency", "country", "company", "channels", "credit", "created_at", "name", "tags"],
        "pivot": ["", "", "currency", "status", "country", "portal_access"],
        "window": ["", "1m", "5m", "15m", "1h", "24h", "all"], "currency": ["EUR", "USD", "JPY"],
        "status": ["", "", "Active", "Inactive", "Pending", "Pending Approval", "Penalty"],
        "name": (0...40).map { "N\($0 < 20 ? $0 % 4 : $0)" }, "country": ["", "DE", "US"],
        "search": ["", "", "n", "gold", "10.0", "1"],
        "metric": ["asr", "bids", "pdd_p95", "cost", "acd", "cps", "active", "credit"],
        "set": [
            "channels=ceil(channels*1.1)", "credit+=50", "credit=9223372036854.775807", "credit-=9223372036854",
            "status=Penalty", "tags+=gold", "tags-=gold", "company='Ü'", "notes=(name)", "name=N5", "auth+=sip:u1",
            "flow_speed=4294967295", "channels=-1", "routes=a;!b", "contact_email=x@y.example", "portal_access=true",
            "asr_low.raise=35", "credit_low.on=false", "no_auth.on=true", "asr_low.clear=1", "credit_low.raise=",
        ],
        "fields": ["name", "credit", "channels", "tags", "contacts", "auth", "routes", "status", "currency", "id"],
        "warning": ["no_auth", "asr_low", "credit_low", "gone_silent"], "field": ["name", "currency", "credit"],
        "value": (0...99).map { "10.0.0.\($0)" } + ["10.0.0.0/8", "u1", "u2", "0049", "::1", "2001:db8::/32"],
        "tags": ["gold", "vip", "a;b"], "who": ["", "anna"], "layout": ["", "", "", "", "N1", "N2"],
        "stream": ["", "s1"], "auth_key": [""], "sip_user": ["", "u1", "u2"], "account": ["", "0049"],
    ]
}
