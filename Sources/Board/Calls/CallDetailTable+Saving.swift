import CallEvents
import Columnar

/// The details of calls that are not over, copied: some 100 bytes each.
struct CallDetailSnapshot: Sendable {
    /// The call's position among the saved calls.
    private var places: [UInt32] = []
    private var lengths: [UInt32] = []
    private var bytes: [UInt8] = []

    init(_ details: borrowing CallDetailTable, _ calls: borrowing CallTable) {
        if details.isEmpty { return }
        var place: UInt32 = 0
        for number in 0..<calls.numberCount where calls.line(number).pointee.key != .none {
            let packed = details.packed(number)
            if !packed.isEmpty {
                places.append(place)
                lengths.append(UInt32(packed.count))
                bytes.append(contentsOf: packed)
            }
            place += 1
        }
    }

    /// Empty without details; the bytes are a table of their own length, after that of the positions.
    var tables: [SavedTable] {
        if places.isEmpty { return [] }
        var packed = Column<UInt8>()
        bytes.withUnsafeBufferPointer { packed.append(contentsOf: $0) }
        // One table: one row per byte, with the call's position at its first byte (all ones elsewhere).
        var owners = [UInt32](repeating: .max, count: bytes.count)
        var start = 0
        for (place, length) in zip(places, lengths) {
            owners[start] = place
            start += Int(length)
        }
        return [
            SavedTable(
                .callDetails,
                [SavedColumn(1, "byte", .unsigned8(packed)), SavedColumn(2, "call", .unsigned32(Column(owners)))])
        ]
    }
}

extension CallDetailTable {
    /// - Parameters:
    ///   - table: nil: no details were saved.
    ///   - calls: the number of restored calls, numbered in the order in which they were saved.
    init(_ table: SavedTable?, calls: UInt32) throws(RestoreError) {
        self.init()
        guard let table else { return }
        let (bytes, owners) = (try table.unsigned8(1), try table.unsigned32(2))
        var start = 0
        while start < table.rowCount {
            var end = start + 1
            while end < table.rowCount && owners[end] == .max { end += 1 }
            let packed = (start..<end).map { bytes[$0] }
            guard owners[start] < calls, packed.count <= CallDetailLimits.packedBytes,
                PackedCallDetails.length(packed.span, at: 0) == packed.count
            else { throw table.fault("has details that cannot be") }
            set(owners[start], packed)
            start = end
        }
    }
}
