// Rebuilds a segment without its damaged part, where a snapshot covers that part.

import Columnar

extension JournalSurvey {
    /// A segment that begins with the first whole frame behind the damage, if no record between the snapshot and that
    /// frame is missing.
    /// - Parameters:
    ///   - bytes: the damaged segment.
    ///   - lsn: the snapshot's last record.
    /// - Returns: the new segment's bytes and first record; nil: something would be missing.
    public static func salvage(
        _ segment: Segment, _ bytes: [UInt8], after lsn: UInt64
    ) -> (bytes: [UInt8], firstLSN: UInt64)? {
        guard var header = segment.header, segment.endOffset > 0, bytes.count == segment.byteCount else { return nil }
        let salt = header.salt
        var offset = segment.endOffset
        while offset < bytes.count {
            let frame = bytes.withBytes { FrameHeader(UnsafeRawBufferPointer(rebasing: $0[offset...]), salt: salt) }
            if let frame, frame.kind == .records, frame.firstLSN > segment.nextLSN {
                guard frame.firstLSN - 1 <= lsn else { return nil }
                header.firstLSN = frame.firstLSN
                header.previousHash = frame.previousHash
                // The hashes of frames do not depend on their position.
                var salvaged = header.encoded() + bytes[offset...]
                salvaged.append(contentsOf: repeatElement(0, count: bytes.count - salvaged.count))
                return (salvaged, frame.firstLSN)
            }
            offset += JournalFormat.sectorBytes
        }
        return nil
    }

    public static func segmentName(firstLSN: UInt64) -> String { JournalFormat.segmentName(firstLSN: firstLSN) }
}
