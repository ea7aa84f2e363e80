// Captured HEP that programs send in requests: the same packets as on the sockets, in records.
//
// A record is what one read of a socket gave when the capture was made. Of a named capture the records are one stream
// of bytes, cut anywhere, that goes on from request to request. Without a name each record stands for itself: a
// datagram, or the packets, all of them whole, that one read of a TCP connection gave.

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
    /// The one used last is the last.
    private var streams: [Stream] = []
    private var streamErrors = FeedCounts()
    /// It has in mind what a former process read.
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

    /// Users that authenticated as the sockets heard; here they are saved.
    mutating func take(_ users: [ProvenUser]) { feed.take(users) }

    /// What the parser has in mind, to be saved; nil: nothing was read. To be set before anything is.
    var memory: HEPFeedMemory? {
        get { isRestored || feed.counters.packets > 0 || !feed.hasNoProvenUsers ? feed.memory : nil }
        set {
            guard let newValue else { return }
            feed.memory = newValue
            isRestored = true
        }
    }

    /// Whose packets were sent.
    var agents: HEPAgents { feed.reportedAgents }

    /// From now on packets without this key are refused; nil: none is.
    mutating func setAuthKey(_ key: String?) {
        feed.authKey = key
    }

    /// Reads the records of one request.
    /// - Parameters:
    ///   - arrivalMicros: of each record.
    ///   - knowsArrivals: these are when the packets came, and not the time of the request.
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
                // As with a connection that is closed: what comes next begins anew.
                streamErrors.countError(error.name)
                feed.note(error.error, arrivalMicros: arrival)
                stream = Stream(name: name)
            }
        }
        if streams.count == Limits.hepStreams { streams.removeFirst() }
        streams.append(stream)
    }

    /// Nothing follows from this origin.
    mutating func end(_ origin: UInt64) {
        feed.origin = origin
        feed.giveUpPieces()
    }

    /// To be called every `FeedLimits.pieceMicros`.
    mutating func giveUpIdlePieces() { feed.giveUpIdlePieces() }

    /// What was read since the last time.
    mutating func take() -> (events: CallEventBatch, counts: FeedCounts) {
        var counts = FeedCounts(feed.counters, since: taken)
        counts += streamErrors
        taken = feed.counters
        streamErrors = FeedCounts()
        return (feed.take(), counts)
    }

    /// A record by itself: whole packets, back to back. Bytes behind the last one are its own (a datagram may be
    /// longer than the packet in it).
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

    /// Length of the HEP3 packet at `start`, if there is the head of one that does not go beyond the record.
    private static func packetLength(at start: Int, in record: [UInt8]) -> Int? {
        guard record.count - start >= 6, record[start..<start + 4].elementsEqual("HEP3".utf8) else { return nil }
        let length = Int(record[start + 4]) << 8 | Int(record[start + 5])
        return length >= 6 && length <= record.count - start ? length : nil
    }
}
