// Request frames made by hand (proto/protocol.md, proto/busyhour.proto).

enum Frames {
    private static let countries = [
        "AE", "BR", "CH", "DE", "EE", "FR", "GB", "IN", "JP", "KE", "MX", "NG", "SG", "US", "ZA",
    ]

    /// `CreateCustomersRequest` with customers of these numbers.
    static func create(_ numbers: Range<Int>) -> [UInt8] {
        var payload: [UInt8] = []
        for number in numbers {
            let name = Array("customer number \(number)".utf8)
            let country = Array(countries[number % countries.count].utf8)
            let status = Array(number % 7 == 0 ? "Inactive".utf8 : "Active".utf8)
            let customer =
                [2 << 3 | 2] + varint(name.count) + name + [3 << 3 | 2, 3] + Array("USD".utf8)
                + [4 << 3 | 2] + varint(status.count) + status + [10 << 3 | 2, 2] + country
            payload += [2 << 3 | 2] + varint(customer.count) + customer
        }
        return frame(method: 2, payload)
    }

    /// `MetricsRequest` for the default window.
    static func metrics(customer: Int) -> [UInt8] { frame(method: 11, [1 << 3] + varint(customer)) }

    /// `BoardRequest`: all customers by country and status.
    static func pivot() -> [UInt8] {
        var payload: [UInt8] = [3 << 3 | 2, 7] + Array("country".utf8) + [4 << 3 | 2, 6] + Array("status".utf8)
        for column in ["count", "credit", "active", "attempts", "answered", "talk", "pdd"] {
            payload += [5 << 3 | 2, UInt8(column.utf8.count)] + Array(column.utf8)
        }
        return frame(method: 8, payload + [7 << 3] + varint(1_000_000))
    }

    /// `SnapshotRequest`.
    static func snapshot() -> [UInt8] { frame(method: 48, []) }

    /// `GetCustomerRequest`.
    static func get(customer: Int) -> [UInt8] { frame(method: 3, [1 << 3] + varint(customer)) }

    /// `IngestCallsRequest` with finished calls that ended in the seconds before `now`, spread over the customers by
    /// a power law (an exponent of about 0.8).
    static func calls(_ count: Int, customers: Int, now: Int64, random: inout Random) -> [UInt8] {
        var indices: [Int: UInt32] = [:]
        var parties: [UInt8] = []
        var party: [UInt32] = []
        var setups: [Int64] = []
        var rings: [UInt32] = []
        var answers: [UInt32] = []
        var ends: [UInt32] = []
        var codes: [UInt32] = []
        for _ in 0..<count {
            // x^5 of an even x has about the density x^-0.8.
            let x = random.unit()
            let customer = min(customers, 1 + Int(x * x * x * x * x * Double(customers)))
            if indices[customer] == nil {
                indices[customer] = UInt32(indices.count)
                let bytes = [1 << 3] + varint(customer)
                parties += [1 << 3 | 2] + varint(bytes.count) + bytes
            }
            let isAnswered = random.unit() < 0.45
            let ring = UInt32(3_000 * random.unit())
            let end = isAnswered ? ring + 3_000 + UInt32(360_000 * random.unit()) : ring
            party.append(indices[customer] ?? 0)
            setups.append(now - Int64(end) * 1_000 - Int64(60_000_000 * random.unit()))
            rings.append(ring)
            answers.append(isAnswered ? ring + 3_000 : .max)
            ends.append(end)
            codes.append(isAnswered ? 200 : 486)
        }
        let payload =
            parties + column(2, party) + column(3, setups) + column(4, rings) + column(5, answers) + column(6, ends)
            + column(8, codes)
        return frame(method: 6, payload)
    }

    private static func frame(method: UInt16, _ payload: [UInt8]) -> [UInt8] {
        bytes(UInt32(payload.count)) + bytes(method) + [0, 0] + bytes(UInt32(1)) + payload
    }

    /// A packed column whose bytes are those in the memory of a little-endian machine.
    private static func column(_ field: UInt8, _ values: [some FixedWidthInteger & BitwiseCopyable]) -> [UInt8] {
        let body = values.withUnsafeBytes { Array($0) }
        return [field << 3 | 2] + varint(body.count) + body
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func varint(_ value: Int) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
    }
}

/// SplitMix64.
struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// 0 to 1.
    mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
