// Lists of fields: every length of a number, of a text and of a field, and bytes that end anywhere.

import Randomness
import Testing

@testable import Board

@Suite struct FieldListTests {
    private func read<Value>(
        _ bytes: [UInt8], _ body: (inout FieldReader) throws(FieldFault) -> Value
    ) -> Result<Value, FieldFault> {
        bytes.withUnsafeBytes { bytes in
            var reader = FieldReader(bytes)
            do throws(FieldFault) { return .success(try body(&reader)) } catch { return .failure(error) }
        }
    }

    private func packed(_ bytes: [UInt8]) -> UInt64? {
        try? read(bytes) { reader throws(FieldFault) in
            let value = try reader.packed()
            guard reader.isAtEnd else { throw FieldFault("has more") }
            return value
        }.get()
    }

    /// Around every border between two lengths.
    @Test func numbers() {
        var values: [UInt64] = [0, 1, .max, .max - 1, 1 << 63, 1 << 63 - 1]
        for bits in stride(from: UInt64(7), to: 64, by: 7) { values += [(1 << bits) - 1, 1 << bits, (1 << bits) + 1] }
        for value in values {
            var writer = FieldWriter()
            writer.append(packed: value)
            #expect(writer.bytes.count == max(1, (70 - value.leadingZeroBitCount) / 7), "\(value)")
            #expect(packed(writer.bytes) == value)
            for count in writer.bytes.indices { #expect(packed(Array(writer.bytes[..<count])) == nil, "\(value) cut") }
        }
    }

    /// A number has 64 bits: nine bytes of seven and one bit more.
    @Test func theTenthByte() {
        for last in UInt8.min ... .max {
            let bytes = [UInt8](repeating: 0x80, count: 9) + [last]
            #expect(packed(bytes) == (last <= 1 ? UInt64(last) << 63 : nil), "\(last)")
            #expect(packed(bytes + [0]) == nil)
        }
        #expect(packed([UInt8](repeating: 0xFF, count: 9) + [1]) == .max)
    }

    /// What `body` writes is preceded by its length, however many bytes that takes, also one within another.
    @Test(arguments: [
        0, 1, 126, 127, 128, 129, 16_382, 16_383, 16_384, 16_385, 70_000, 2_097_151, 2_097_152, 2_097_153,
    ])
    func nestedOfAnyLength(count: Int) {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var writer = FieldWriter([7])
        writer.field(300) { $0.nested { writer in for byte in content { writer.append(byte) } } }
        writer.append(packed: 9)
        var plain = FieldWriter()
        plain.append(bytes: content)
        var whole = FieldWriter([7])
        whole.append(packed: 300)
        whole.append(bytes: plain.bytes)
        whole.append(packed: 9)
        #expect(writer.bytes == whole.bytes)
        let found = read(writer.bytes) { reader throws(FieldFault) in
            let first: UInt8 = try reader.integer()
            guard first == 7, try reader.packed() == 300 else { throw FieldFault("begins otherwise") }
            var outer = FieldReader(try reader.bytes())
            let inner = Array(try outer.bytes())
            guard outer.isAtEnd, try reader.packed() == 9, reader.isAtEnd else { throw FieldFault("ends otherwise") }
            return inner
        }
        #expect((try? found.get()) == content)
    }

    @Test func textsUpToTheirLimit() {
        let most = EncodingLimits.textBytes
        for count in [0, 1, 127, 128, most - 1, most, most + 1] {
            var writer = FieldWriter()
            writer.append(String(repeating: "é", count: count / 2) + (count % 2 == 0 ? "" : "x"))
            let text = read(writer.bytes) { reader throws(FieldFault) in try reader.text() }
            #expect((try? text.get().utf8.count) == (count <= most ? count : nil), "\(count)")
        }
        #expect(throws: FieldFault.self) {
            try read([2, 0xC3, 0x28]) { reader throws(FieldFault) in try reader.text() }.get()
        }
    }

    private func customer(_ bytes: [UInt8]) -> Result<Customer, FieldFault> {
        read(bytes) { reader throws(FieldFault) in
            var customer = Customer()
            try reader.fields(of: &customer)
            return customer
        }
    }

    /// Every field alone, and each cut at any byte: the same, or a refusal, unless the cut is between two fields.
    @Test func everyFieldAndEveryCut() {
        var changes: [(inout Customer) -> Void] = [
            { $0.name = "A" }, { $0.currency = "EUR" }, { $0.creditMicros = .min }, { $0.debitLimitMicros = -1 },
            { $0.channels = .max }, { $0.flowSpeed = 128 }, { $0.portalAccess = true }, { $0.country = "DE" },
            { $0.company = "c" }, { $0.accountManager = "m" }, { $0.tags = ["x", ""] },
            { $0.contacts = [Contact(name: "n", email: "e@x.example", mobile: "+1", kind: "k"), Contact()] },
            { $0.auth = [.ip("10.0.0.0/8"), .sip("u"), .account("a")] },
            { $0.routes = [Route(name: "r"), Route(name: "s", enabled: false)] }, { $0.shortCallSeconds = 1 },
            { $0.notes = String(repeating: "n", count: 300) },
        ]
        for status in CustomerStatus.allCases { changes.append { $0.status = status } }
        var all = Customer()
        for change in changes {
            var one = Customer()
            change(&one)
            change(&all)
            var writer = FieldWriter()
            writer.append(fieldsOf: one)
            #expect((try? customer(writer.bytes).get()) == one)
            for count in writer.bytes.indices.dropFirst() {
                #expect(throws: FieldFault.self) { try customer(Array(writer.bytes[..<count])).get() }
            }
        }
        var writer = FieldWriter()
        writer.append(fieldsOf: all)
        // A field of a later version, before, between and behind.
        var later = FieldWriter()
        later.field(200) { $0.append(packed: 5) }
        #expect((try? customer(later.bytes + writer.bytes + later.bytes).get()) == all)
        #expect(throws: FieldFault.self) { try customer(writer.bytes + [200, 1]).get() }
    }

    /// Flags, numbers of 32 bits and lists at their limits and one beyond.
    @Test func limits() {
        func field(_ field: ChangedField, _ body: (inout FieldWriter) -> Void) -> [UInt8] {
            var writer = FieldWriter()
            writer.field(UInt64(field.rawValue), body)
            return writer.bytes
        }
        for value in [0, 1, 2, 128] as [UInt64] {
            let found = try? customer(field(.portalAccess) { $0.append(packed: value) }).get().portalAccess
            #expect(found == (value <= 1 ? value == 1 : nil), "\(value)")
        }
        for value in [UInt64(UInt32.max) - 1, UInt64(UInt32.max), UInt64(UInt32.max) + 1] {
            for number in [ChangedField.channels, .flowSpeed, .shortCallSeconds] {
                let found = customer(field(number) { $0.append(packed: value) })
                #expect(((try? found.get()) != nil) == (value <= UInt64(UInt32.max)), "\(number) \(value)")
            }
        }
        for count in [EncodingLimits.listEntries - 1, EncodingLimits.listEntries, EncodingLimits.listEntries + 1] {
            let found = customer(field(.tags) { for _ in 0..<count { $0.append("t") } })
            #expect((try? found.get().tags.count) == (count <= EncodingLimits.listEntries ? count : nil), "\(count)")
        }
        // More bytes than the field takes.
        let wrong: [(ChangedField, [UInt64])] = [(.channels, [1, 1]), (.status, [0, 0]), (.status, [5])]
        for (number, values) in wrong {
            let bytes = field(number) { writer in for value in values { writer.append(packed: value) } }
            #expect(throws: FieldFault.self) { try customer(bytes).get() }
        }
    }
}
