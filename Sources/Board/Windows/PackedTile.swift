// The facts of a tile's customers in one slot of 24 h, added up and packed: about 20 bytes per customer with calls, and
// three for each of its final codes and PDD buckets.
//
//     rows, then for each row: row - last row, mask of the fields that are not 0, their values
//     details, then for each: key - last key, count              key = detail * rows of a tile + row
//
// All numbers are of variable length, seven bits a byte, lowest first; values and counts have their sign in bit 0.

struct PackedTile {
    var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }
    var byteSize: Int { bytes.capacity }

    /// Packs what the tile and the details hold; the details are empty afterwards.
    init(_ tile: FactTile?, _ details: DetailTile) {
        var writer = PackedWriter()
        let rows = tile.map(PackedTile.rowsWithFacts) ?? []
        writer.append(UInt64(rows.count))
        var last = 0
        for row in rows {
            guard let tile else { break }
            writer.append(UInt64(row - last))
            last = row
            PackedTile.append(row, of: tile, to: &writer)
        }
        var entries = PackedWriter()
        var count = 0
        var lastKey = 0
        details.drain { detail, row, value in
            let key = detail.number << FactTile.shift | row
            entries.append(UInt64(key - lastKey))
            entries.append(signed: value)
            lastKey = key
            count += 1
        }
        guard count > 0 || !rows.isEmpty else { return }
        writer.append(UInt64(count))
        bytes = writer.bytes + entries.bytes
    }

    init() {}

    private static func rowsWithFacts(_ tile: FactTile) -> [Int] {
        (0..<FactTile.rows).filter { row in
            (0..<tile.counterCount).contains { tile.counts[$0 << FactTile.shift | row] != 0 }
                || (0..<tile.sumCount).contains { tile.sums[$0 << FactTile.shift | row] != 0 }
        }
    }

    // The order of the fields in a mask, from its lowest bit on: counters of calls to customers were added later and
    // follow the fields before them.

    @inline(__always)
    private static func bit(ofCounter field: Int) -> Int {
        field < CounterField.outboundCount ? field : field + SumField.outboundCount
    }

    @inline(__always)
    private static func bit(ofSum field: Int) -> Int {
        field < SumField.outboundCount ? field + CounterField.outboundCount : field + CounterField.count
    }

    static let fieldCount = CounterField.count + SumField.count
    private static let firstInboundBit = UInt64(CounterField.outboundCount + SumField.outboundCount)

    private static func append(_ row: Int, of tile: FactTile, to writer: inout PackedWriter) {
        var mask: UInt64 = 0
        for field in 0..<tile.counterCount where tile.counts[field << FactTile.shift | row] != 0 {
            mask |= 1 << bit(ofCounter: field)
        }
        for field in 0..<tile.sumCount where tile.sums[field << FactTile.shift | row] != 0 {
            mask |= 1 << bit(ofSum: field)
        }
        writer.append(mask)
        for isInbound in [false, true] {
            for field in PackedTile.counters(isInbound) where mask >> bit(ofCounter: field) & 1 != 0 {
                writer.append(signed: Int64(tile.counts[field << FactTile.shift | row]))
            }
            for field in PackedTile.sums(isInbound) where mask >> bit(ofSum: field) & 1 != 0 {
                writer.append(signed: tile.sums[field << FactTile.shift | row])
            }
        }
    }

    private static func counters(_ areInbound: Bool) -> Range<Int> {
        areInbound ? CounterField.outboundCount..<CounterField.count : 0..<CounterField.outboundCount
    }

    private static func sums(_ areInbound: Bool) -> Range<Int> {
        areInbound ? SumField.outboundCount..<SumField.count : 0..<SumField.outboundCount
    }

    /// Adds the counters and sums to a tile, `sign` times (1 or -1). A packed tile may touch any row.
    func add(to tile: FactTile, sign: Int64) {
        guard !bytes.isEmpty else { return }
        var reader = PackedReader(bytes)
        var row = 0
        for _ in 0..<reader.next() {
            row = (row + Int(reader.next())) & (FactTile.rows - 1)
            let mask = reader.next()
            let hasInbound = mask >> PackedTile.firstInboundBit != 0
            if hasInbound { tile.noteInbound() }
            for isInbound in hasInbound ? [false, true] : [false] {
                for field in PackedTile.counters(isInbound) where mask >> PackedTile.bit(ofCounter: field) & 1 != 0 {
                    tile.counts[field << FactTile.shift | row] &+= Int32(
                        truncatingIfNeeded: sign &* reader.nextSigned())
                }
                for field in PackedTile.sums(isInbound) where mask >> PackedTile.bit(ofSum: field) & 1 != 0 {
                    tile.sums[field << FactTile.shift | row] &+= sign &* reader.nextSigned()
                }
            }
        }
    }

    /// Shows each row's outcomes that seized, and answers.
    func forEachRow(_ weights: OutcomeWeights, _ body: (_ row: Int, AnswerCount) -> Void) {
        guard !bytes.isEmpty else { return }
        var reader = PackedReader(bytes)
        var row = 0
        for _ in 0..<reader.next() {
            row = (row + Int(reader.next())) & (FactTile.rows - 1)
            var mask = reader.next()
            var count = AnswerCount()
            while mask != 0 {
                let classIndex = mask.trailingZeroBitCount - CounterField.answered.rawValue
                mask &= mask - 1
                let value = reader.nextSigned()
                guard classIndex >= 0, classIndex < PackedTile.classes else { continue }
                if classIndex == 0 { count.answered = value }
                if weights.isSeizure(classIndex) { count.outcomes &+= value }
            }
            body(row, count)
        }
    }

    private static let classes = OutcomeClass.allCases.count

    /// Shows the details with the row in the tile and the count.
    func forEachDetail(_ body: (OutcomeDetail, _ row: Int, _ count: Int64) -> Void) {
        guard !bytes.isEmpty else { return }
        var reader = PackedReader(bytes)
        for _ in 0..<reader.next() {
            _ = reader.next()
            for _ in 0..<reader.next().nonzeroBitCount { _ = reader.next() }
        }
        var key = 0
        for _ in 0..<reader.next() {
            key += Int(reader.next())
            body(OutcomeDetail(number: key >> FactTile.shift), key & (FactTile.rows - 1), reader.nextSigned())
        }
    }
}

private struct PackedWriter {
    var bytes: [UInt8] = []

    mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(signed value: Int64) { append(UInt64(bitPattern: value << 1 ^ value >> 63)) }
}

/// Reads what a `PackedWriter` wrote and nothing else.
private struct PackedReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    mutating func nextSigned() -> Int64 {
        let value = next()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
