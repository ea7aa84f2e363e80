// Changes as bytes: what a file may not say is refused, and what lies just within is read.

import Columnar
import Testing

@testable import Board

@Suite struct ChangeBytesTests {
    private func read<Value>(_ bytes: [UInt8], _ body: (inout FieldReader) throws -> Value) throws -> Value {
        try bytes.withBytes { bytes throws in
            var reader = FieldReader(bytes)
            return try body(&reader)
        }
    }

    private func bytes(_ rows: [UInt32], _ field: ChangedField, _ values: FieldValues) -> [UInt8] {
        var change = Change()
        change.rows = RowSet(rows)
        change.fields = [FieldChange(field: field, old: values, new: values)]
        var writer = FieldWriter()
        writer.append(valuesOf: change, withOld: false)
        return writer.bytes
    }

    /// Both sides of what each numeric field can be.
    @Test func numbersHaveTheirRanges() {
        let last = Int64(UInt32.max)
        let statuses = Int64(CustomerStatus.allCases.count)
        let cases: [(ChangedField, [Int64], [Int64])] = [
            (.status, [0, 1, statuses - 1], [-1, statuses, 255, .max]), (.portalAccess, [0, 1], [-1, 2, .min]),
            (.channels, [0, 1, last], [-1, last + 1, .max]), (.flowSpeed, [0, last], [-1, last + 1]),
            (.shortCallSeconds, [0, last], [-1, last + 1]), (.deleted, [0, 1, .max], [-1, .min]),
            (.credit, [.min, 0, .max], []), (.debitLimit, [.min, 0, .max], []),
        ]
        for (field, possible, impossible) in cases {
            for number in possible + impossible {
                // Among values that can be.
                for numbers in [[number], [0, number], [number, 0, 0]] {
                    let rows = numbers.indices.map { UInt32($0) * 9 }
                    let bytes = bytes(rows, field, FieldValues(numbers))
                    var change = Change()
                    let isRead = (try? read(bytes) { try change.readValues(&$0, withOld: false) }) != nil
                    #expect(isRead == possible.contains(number), "\(field.name) of \(number)")
                    if isRead { #expect(change.fields.first?.new == FieldValues(numbers) && change.rows.rows == rows) }
                }
            }
        }
    }

    /// Each row names one of the values that follow.
    @Test func codesNameValuesThatAreThere() {
        let list: [FieldValue] = [.text("a"), .text("b"), .text("c")]
        for code in [-1, 0, 2, 3, 4, 1_000] as [Int64] {
            let values = FieldValues.coded(PackedNumbers([0, 1, code]), list)
            let bytes = bytes([1, 2, 3], .company, values)
            var change = Change()
            let isRead = (try? read(bytes) { try change.readValues(&$0, withOld: false) }) != nil
            #expect(isRead == (0..<3).contains(code), "\(code)")
        }
        // No more values than rows.
        let more = FieldValues.coded(PackedNumbers([0, 1]), list)
        #expect(throws: FieldFault.self) {
            var change = Change()
            try read(bytes([1, 2], .company, more)) { try change.readValues(&$0, withOld: false) }
        }
    }

    @Test func aFieldChangesOnce() {
        var change = Change()
        change.rows = .list([1])
        let field = FieldChange(field: .channels, old: FieldValues([1]), new: FieldValues([2]))
        change.fields = [field, field]
        var writer = FieldWriter()
        writer.append(valuesOf: change, withOld: true)
        #expect(throws: FieldFault.self) {
            var again = Change()
            try read(writer.bytes) { try again.readValues(&$0, withOld: true) }
        }
    }

    /// Rows ascend, each once, and are rows that there can be.
    @Test func rowsAscend() {
        let last = UInt64(BoardLimits.customers) - 1
        let lists: [([UInt64], Bool)] = [
            ([], true), ([0], true), ([7], true), ([0, 1], true), ([0, 0], false), ([7, 0], false), ([7, 1, 0], false),
            ([7, 1, 1], true), ([last], true), ([last + 1], false), ([last, 1], false), ([last - 1, 1], true),
            ([1, last], false), ([.max], false), ([5, .max], false),
        ]
        for (steps, isGood) in lists {
            var writer = FieldWriter()
            writer.append(packed: 0)
            writer.append(packed: UInt64(steps.count))
            for step in steps { writer.append(packed: step) }
            let set = try? read(writer.bytes) { try RowSet(&$0) }
            #expect((set != nil) == isGood, "\(steps)")
            guard let set else { continue }
            var row: UInt32 = 0
            let rows = steps.map { step in
                row += UInt32(step)
                return row
            }
            #expect(set.rows == rows)
        }
        for (first, words, isGood) in [
            (0, [1], true), (UInt32(last) & ~63, [1 << (last & 63)], true), (UInt32(last), [1], true),
            (UInt32(last), [2], false), (UInt32(last) + 1, [1], false), (UInt32(last) + 1, [0], true),
            (5, [1, 0, 1 << 63], true),
        ] as [(UInt32, [UInt64], Bool)] {
            var writer = FieldWriter()
            writer.append(packed: 1)
            writer.append(first)
            writer.append(packed: UInt64(words.count))
            for word in words { writer.append(word) }
            let set = try? read(writer.bytes) { try RowSet(&$0) }
            #expect((set != nil) == isGood, "\(first) \(words)")
            // Cut anywhere it is refused.
            for length in 0..<writer.bytes.count {
                #expect((try? read(Array(writer.bytes.prefix(length))) { try RowSet(&$0) }) == nil)
            }
        }
        for kind in [2, 3, 255] as [UInt64] {
            var writer = FieldWriter()
            writer.append(packed: kind)
            writer.append(packed: 0)
            #expect(throws: FieldFault.self) { try read(writer.bytes) { try RowSet(&$0) } }
        }
    }
}
