// The position of a batch in everything that one producer sends, so that no part is counted twice or silently skipped.

/// 128 bits that a producer generated for itself.
public struct ProducerID: Hashable, Sendable {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// From 16 bytes in network order; nil: not 16 bytes, or all zeros, which identifies no producer.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        let number = { (bytes: any Collection<UInt8>) in bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8)))
        if high == 0 && low == 0 { return nil }
    }

    /// 16 bytes in network order.
    public var bytes: [UInt8] {
        [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } }
    }
}

/// A batch's range of a producer's sequence numbers: it accounts for the numbers `first...last`, whether or not each of
/// them has a row.
public struct ProducerBatch: Equatable, Sendable {
    public var producer: ProducerID
    /// The producer's epoch; a higher one shuts out lower ones.
    public var epoch: UInt64
    /// First sequence number, 1 and up.
    public var first: UInt64
    /// Last sequence number, at least `first`.
    public var last: UInt64
    /// The number of each row minus `first`, ascending; equal ones are in one batch. Empty: one number per row, in
    /// order.
    public var offsets: [UInt32]
    /// How many numbers right before `first` are given up: the producer can no longer send them.
    public var lost: UInt64

    public init(
        producer: ProducerID, epoch: UInt64, first: UInt64, last: UInt64, offsets: [UInt32] = [], lost: UInt64 = 0
    ) {
        self.producer = producer
        self.epoch = epoch
        self.first = first
        self.last = last
        self.offsets = offsets
        self.lost = lost
    }

    /// What is wrong with it, for a batch of this many rows; nil if valid. Cost: a pass over the offsets.
    public func fault(rows: Int) -> String? {
        guard first >= 1, last >= first, last < .max, lost < first else {
            return "the numbers \(first) to \(last), with \(lost) lost before, are none"
        }
        let span = last - first
        if offsets.isEmpty {
            return rows == 0 || UInt64(rows - 1) <= span ? nil : "\(rows) rows do not fit \(first) to \(last)"
        }
        guard offsets.count == rows else { return "\(offsets.count) offsets for \(rows) rows" }
        var previous: UInt32 = 0
        for offset in offsets {
            guard offset >= previous, UInt64(offset) <= span else {
                return "offsets must ascend, and end at \(last - first)"
            }
            previous = offset
        }
        return nil
    }

    /// How many of the first rows have numbers up to this one.
    /// - Precondition: `fault` is nil for this many rows.
    public func rows(through number: UInt64, of rows: Int) -> Int {
        guard number >= first else { return 0 }
        if number >= last { return rows }
        let most = number - first
        return offsets.isEmpty
            ? Int(min(UInt64(rows), most + 1)) : offsets.firstIndex { UInt64($0) > most } ?? rows
    }
}
