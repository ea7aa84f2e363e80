// The frames of one segment, one after the other, and what follows the last one.
//
// At any time at most one frame is written and not yet synced, and it is the last. So bytes that are no frame are the
// end: an unfinished write, or nothing yet. The exception is when something valid follows them: then the damaged frame
// had been durable before that was written. Since only the headers at the beginnings of sectors are inspected for this,
// the search is as long as the segment, whatever lengths the bytes claim.

import Columnar

struct SegmentScan {
    enum Step {
        case frame(FrameHeader, records: UnsafeRawBufferPointer)
        case end(End)
    }

    enum End: Equatable {
        /// The mark follows the last frame.
        case sealed
        /// No mark, and nothing of a frame.
        case open
        /// The beginning of a frame that is not whole.
        case torn
        /// The journal continues in another segment.
        case continued
        /// What is here is damaged, and was durable.
        case damaged
    }

    /// The segment, without any bytes of the file beyond its size. It may be cut short.
    private let bytes: UnsafeRawBufferPointer
    private let salt: UInt64
    private let flaws: SeededFlaws
    /// Where the next frame is, or would be.
    private(set) var offset = JournalFormat.sectorBytes
    private(set) var nextLSN: UInt64
    /// Hash of the previous frame.
    private(set) var hash: UInt64

    init(_ header: SegmentHeader, _ bytes: UnsafeRawBufferPointer, flaws: SeededFlaws = []) {
        self.bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(header.byteCount))
        salt = header.salt
        nextLSN = header.firstLSN
        hash = header.previousHash
        self.flaws = flaws
    }

    mutating func next() -> Step {
        guard let header = header(at: offset), header.firstLSN == nextLSN, header.previousHash == hash,
            let last = nextLSN.checkedAdding(UInt64(header.recordCount))
        else { return .end(endWithoutMark()) }
        switch header.kind {
        case .seal: return .end(isFollowed ? .damaged : .sealed)
        case .continued: return .end(isFollowed ? .damaged : .continued)
        case .records:
            let start = offset + FrameHeader.byteCount
            // In bounds: the header's length was checked against the bytes.
            let records = UnsafeRawBufferPointer(rebasing: bytes[start..<start + header.payloadBytes])
            guard ByteHash.hash(records, seed: salt) == header.payloadHash || flaws.contains(.skipsChecksum) else {
                return .end(isFollowed ? .damaged : .torn)
            }
            offset += header.paddedBytes
            nextLSN = last
            hash = header.hash
            return .frame(header, records: records)
        }
    }

    private func endWithoutMark() -> End {
        if isFollowed { return .damaged }
        // A whole header that does not fit here cannot be an unfinished write.
        if header(at: offset) != nil { return .damaged }
        let isBegun = FrameHeader.isBegun(rest(from: offset), firstLSN: nextLSN, previousHash: hash)
        return isBegun ? .torn : .open
    }

    /// Whether something valid begins behind the sector at `offset`.
    private var isFollowed: Bool {
        if flaws.contains(.takesDamageForTheEnd) { return false }
        return stride(from: offset + JournalFormat.sectorBytes, to: bytes.count, by: JournalFormat.sectorBytes)
            .contains { header(at: $0) != nil }
    }

    /// The newest record that a whole header from here on refers to, whatever became of its records; the one before the
    /// next if there is none.
    var lastNamedLSN: UInt64 {
        stride(from: offset, to: bytes.count, by: JournalFormat.sectorBytes).reduce(nextLSN - 1) { last, offset in
            guard let header = header(at: offset) else { return last }
            return max(last, header.firstLSN.checkedAdding(UInt64(header.recordCount)).map { $0 - 1 } ?? last)
        }
    }

    private func header(at offset: Int) -> FrameHeader? { FrameHeader(rest(from: offset), salt: salt) }

    private func rest(from offset: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[min(offset, bytes.count)...])
    }
}

extension UInt64 {
    /// Nil on overflow.
    func checkedAdding(_ other: UInt64) -> UInt64? {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? nil : sum
    }
}
