// Capture files: records one after the other, each the bytes that one read of a socket returned.
//
//     u64 arrival, microseconds since 1970 | u32 length | bytes       little-endian

public struct HEPCaptureError: Error, Equatable, Sendable {
    /// `capture_cut`: the last record is not whole. `capture_record`: an impossible length.
    public let name: String
    /// What is wrong and how to fix it, one line.
    public let message: String
}

/// Reads a capture piece by piece, so that a large one needs no more memory than its longest record.
public struct HEPCapture {
    public struct Record: Equatable, Sendable {
        public var arrivalMicros: Int64
        public var bytes: [UInt8]
    }

    private static let headBytes = 12
    private var pending: [UInt8] = []
    private var start = 0
    /// Bytes of the file before `pending`.
    private var offset = 0

    public init() {}

    /// Adds the next bytes of the file, in any pieces.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        pending.removeFirst(start)
        offset += start
        start = 0
        pending.append(contentsOf: bytes)
    }

    /// The next record, or nil until more bytes arrive.
    public mutating func next() throws(HEPCaptureError) -> Record? {
        guard pending.count - start >= HEPCapture.headBytes else { return nil }
        let arrival = number(start, bytes: 8)
        let length = Int(number(start + 8, bytes: 4))
        guard length <= FeedLimits.captureRecordBytes, let arrivalMicros = Int64(exactly: arrival) else {
            throw HEPCaptureError(
                name: "capture_record",
                message: "not a HEP capture: bad record length \(length) at byte \(offset + start)")
        }
        guard pending.count - start - HEPCapture.headBytes >= length else { return nil }
        let body = start + HEPCapture.headBytes
        start = body + length
        return Record(arrivalMicros: arrivalMicros, bytes: Array(pending[body..<body + length]))
    }

    /// To be called at the end of the file: any remaining bytes are a record that was cut.
    public func finish() throws(HEPCaptureError) {
        guard pending.count > start else { return }
        throw HEPCaptureError(
            name: "capture_cut",
            message: "byte \(offset + start): the last record is cut short; everything before it was read")
    }

    private func number(_ position: Int, bytes: Int) -> UInt64 {
        (0..<bytes).reduce(0) { $0 | UInt64(pending[position + $1]) << UInt64(8 * $1) }
    }
}
