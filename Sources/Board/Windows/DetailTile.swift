// Final codes and PDD buckets of a tile's customers, as counts: what is retained of outcomes once they are packed.

/// What an outcome carries besides its class: a final code, or the bucket of its post-dial delay.
struct OutcomeDetail: Equatable {
    /// Buckets are 1...126; codes follow from here on.
    private static let firstCode = 128
    static let count = firstCode + Int(OutcomeFact.highestCode) + 1

    let number: Int

    init(number: Int) { self.number = number }
    init(code: UInt16) { number = OutcomeDetail.firstCode + Int(code) }
    init(bucket: UInt8) { number = Int(bucket) }

    /// Nil for a bucket.
    var code: UInt16? {
        number < OutcomeDetail.firstCode ? nil : UInt16(truncatingIfNeeded: number - OutcomeDetail.firstCode)
    }

    /// Nil for a code.
    var bucket: UInt8? { number < OutcomeDetail.firstCode ? UInt8(truncatingIfNeeded: number) : nil }
}

/// Counts by detail and row. Only the details that occurred are visited and cleared, so the size of the table (1 MB)
/// costs nothing.
///
/// Unsafe, and why it is right: `counts` holds `OutcomeDetail.count` times `FactTile.rows` elements from init to
/// deinit; a detail's number is below the count (a code has ten bits, a bucket is at most 126, packed ones are
/// checked), rows are masked.
final class DetailTile {
    private let counts: UnsafeMutablePointer<Int64>
    private var seen = [Bool](repeating: false, count: OutcomeDetail.count)

    init() {
        counts = .allocate(capacity: OutcomeDetail.count << FactTile.shift)
        counts.initialize(repeating: 0, count: OutcomeDetail.count << FactTile.shift)
    }

    deinit { counts.deallocate() }

    func add(_ facts: UnsafeBufferPointer<OutcomeFact>) {
        for fact in facts {
            let row = Int(fact.customer)
            add(OutcomeDetail(code: fact.code), row: row, count: Int64(fact.sign))
            let bucket = fact.pddBucket
            if bucket != 0 { add(OutcomeDetail(bucket: bucket), row: row, count: Int64(fact.sign)) }
        }
    }

    @inline(__always)
    func add(_ detail: OutcomeDetail, row: Int, count: Int64) {
        seen[detail.number] = true
        counts[detail.number << FactTile.shift | row & (FactTile.rows - 1)] &+= count
    }

    /// Calls `body` with every count other than zero, by detail, then row, and resets them to zero.
    func drain(_ body: (OutcomeDetail, _ row: Int, _ count: Int64) -> Void) {
        for number in seen.indices where seen[number] {
            seen[number] = false
            let values = counts + number << FactTile.shift
            for row in 0..<FactTile.rows where values[row] != 0 {
                body(OutcomeDetail(number: number), row, values[row])
                values[row] = 0
            }
        }
    }
}
