/// Why a journal cannot be read or written. Where a segment is named, its file is unchanged: nothing is repaired or
/// deleted without being requested.
public struct JournalError: Error, Equatable, Sendable {
    public enum Reason: Equatable, Sendable {
        case disk(DiskError)
        case notASegment
        case formatVersion(UInt32)
        case damagedHeader
        /// The file belongs to another installation.
        case otherCluster
        /// A required segment is missing, or is in the place of another.
        case order(String)
        /// A frame is damaged, and what follows it shows that it had been durable.
        case damagedFrame(lsn: UInt64)
        case record(lsn: UInt64, RecordFault)
    }

    public var path: String
    /// Offset from the beginning of the file, in bytes.
    public var offset: Int
    public var reason: Reason

    public init(path: String, offset: Int = 0, _ reason: Reason) {
        self.path = path
        self.offset = offset
        self.reason = reason
    }

    init(path: String, header fault: SegmentHeader.Fault) {
        switch fault {
        case .notASegment: self.init(path: path, Reason.notASegment)
        case .version(let version): self.init(path: path, Reason.formatVersion(version))
        case .damaged: self.init(path: path, Reason.damagedHeader)
        }
    }

    init(_ error: DiskError) { self.init(path: error.path, .disk(error)) }
}

extension JournalError: CustomStringConvertible {
    public var description: String {
        if case .disk(let error) = reason { return "journal: \(error)" }
        return "journal \(path), byte \(offset): \(what)"
    }

    private var what: String {
        switch reason {
        case .disk(let error): error.description
        case .notASegment: "is no segment of a journal; put the segment back, or take the data from a copy"
        case .formatVersion(let version):
            "has the format \(version), this program reads \(JournalFormat.version); use the program that wrote it"
        case .damagedHeader: "the segment's header is damaged; take the file from a copy"
        case .otherCluster: "belongs to another installation; put this one's segment back"
        case .order(let detail): "\(detail); put the right segments back"
        case .damagedFrame(let lsn):
            "the frame with record \(lsn) was durable and is damaged; take the file from a copy, or look at the disk"
        case .record(let lsn, let fault): "record \(lsn) \(fault); use the program that wrote it"
        }
    }
}
