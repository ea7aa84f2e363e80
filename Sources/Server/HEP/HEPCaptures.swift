// Captured HEP that programs send in requests: the same packets as on the sockets, in records.
//
// A record is what one read of a socket returned when the capture was made. The records of a named capture are one
// stream of bytes, cut anywhere, that continues from request to request. Without a name each record stands alone: a
// datagram, or the packets, all of them whole, that one read of a TCP connection returned.

import CallEvents
import Feeds

/// The parser of the captures and the streams that are open. Lives on the engine's loop.
struct HEPCaptures {
    private struct Stream {
        var name: String
        var bytes = HEPStream()
    }

    private var feed: HEPFeed
    /// What `feed` had counted when `take` was last called.
    private var taken: HEPFeed.Counters
    /// Open streams; the most recently used is the last.
    private var streams: [Stream] = []
    private var streamErrors = FeedCounts()
    /// Holds state that a former process read.
    private var isRestored = false

    init(hashSeed: HashSeed) {
        feed = HEPFeed(hashSeed: hashSeed, authKey: nil)
        taken = feed.counters
    }

    /// What is read of INVITEs beyond addresses and user.
    var needs: PartyNeeds {
        get { feed.needs }
        set { feed.needs = newValue }
    }

    /// Users seen to authenticate on the sockets; they are saved here.
    mutating func take(_ users: [ProvenUser]) { feed.take(users) }

    /// The parser's state, to be saved; nil: nothing was read. To be set before anything is read.
    var memory: HEPFeedMemory? {
        get { isRestored || feed.counters.packets > 0 || !feed.hasNoProvenUsers ? feed.memory : nil }
        set {
            guard let newValue else { return }
            feed.memory = newValue
            isRestored = true
        }
    }

    /// The agents whose packets were sent.
    var agents: HEPAgents { feed.reportedAgents }

    /// From now on packets without this key are refused; nil: none is refused.
    mutating func setAuthKey(_ key: String?) {
        feed.authKey = key
    }

    /// Reads the records of one request.
    /// - Parameters:
    ///   - arrivalMicros: of each record.
    ///   - knowsArrivals: these are the packets' arrival times, and not the time of the request.
    ///   - origin: the program or stream.
    mutating func receive(
        _ records: [[UInt8]], stream name: String, arrivalMicros: [Int64], knowsArrivals: Bool,
        origin: UInt64
    ) {
        (feed.origin, feed.knowsArrivals) = (origin, knowsArrivals)
        if name.isEmpty {
            for (record, arrival) in zip(records, arrivalMicros) { receive(record, arrivalMicros: arrival) }
            return
        }
        var stream = streams.firstIndex { $0.name == name }.map { streams.remove(at: $0) } ?? Stream(name: name)
        for (record, arrival) in zip(records, arrivalMicros) {
            do throws(HEPStreamError) {
                try stream.bytes.receive(record.span.bytes, into: &feed, arrivalMicros: arrival)
            } catch {
                // As when a connection is closed: the next bytes begin a new stream.
                streamErrors.countError(error.name)
                feed.note(error.error, arrivalMicros: arrival)
                stream = Stream(name: name)
            }
        }
        if streams.count == Limits.hepStreams { streams.removeFirst() }
        streams.append(stream)
    }

    /// Nothing more follows from this origin.
    mutating func end(_ origin: UInt64) {
        feed.origin = origin
        feed.giveUpPieces()
    }

    /// To be called every `FeedLimits.pieceMicros`.
    mutating func giveUpIdlePieces() { feed.giveUpIdlePieces() }

    /// What was read since the last call.
    mutating func take() -> (events: CallEventBatch, counts: FeedCounts) {
        var counts = FeedCounts(feed.counters, since: taken)
        counts += streamErrors
        taken = feed.counters
        streamErrors = FeedCounts()
        return (feed.take(), counts)
    }

    /// Reads a record by itself: whole packets, back to back. Bytes after the last one are ignored (a datagram may be
    /// longer than its packet).
    private mutating func receive(_ record: [UInt8], arrivalMicros: Int64) {
        var start = 0
        while let length = Self.packetLength(at: start, in: record),
            Self.packetLength(at: start + length, in: record) != nil
        {
            feed.receive(record.span.extracting(start..<start + length).bytes, arrivalMicros: arrivalMicros)
            start += length
        }
        feed.receive(record.span.extracting(start...).bytes, arrivalMicros: arrivalMicros)
    }

    /// Length of the HEP3 packet at `start`, if its header is complete and it ends within the record.
    private static func packetLength(at start: Int, in record: [UInt8]) -> Int? {
        guard record.count - start >= 6, record[start..<start + 4].elementsEqual("HEP3".utf8) else { return nil }
        let length = Int(record[start + 4]) << 8 | Int(record[start + 5])
        return length >= 6 && length <= record.count - start ? length : nil
    }
}
