// Every bound of the journal, each with its reason.

public enum JournalLimits {
    /// Bytes of a segment. Long enough that changing the segment costs nothing per mutation, short enough that a
    /// snapshot frees most of what came before it.
    public static let segmentBytes = 64 << 20
    /// Shortest segment: four requests of the longest kind have to fit; the tests use it.
    public static let leastSegmentBytes = 8_192
    /// Longest segment that is read: the size in its header is believed up to here.
    public static let mostSegmentBytes = 1 << 30
    /// Segments that are filled with zeros before they are needed: one to change to, one while the next is prepared.
    public static let spareSegments = 2
    /// Requests waiting to be written. Some thousand are written together; this many wait for a stalled disk.
    public static let waitingRequests = 16_384
    /// Bytes waiting to be written, and bytes of one request: a frame of the wire is no longer.
    public static let waitingBytes = 16 << 20
    /// Bytes of zeros written to a spare segment at a time before others may use the disk.
    static let zeroBytes = 1 << 20
    /// Pause between these where commits share the disk: a segment takes a second.
    static let zeroPauseMilliseconds = 8
    /// How long to wait before a full disk is tried again.
    static let fullDiskPauseMilliseconds = 1_000

    /// Bytes that may wait in a journal of such segments: a quarter of one, so that a spare segment holds everything
    /// accepted, including the frame being written, whatever is lost at a segment's end.
    static func waitingBytes(segmentBytes: Int) -> Int {
        min(waitingBytes, segmentBytes / 4) / JournalFormat.sectorBytes * JournalFormat.sectorBytes
    }
}
