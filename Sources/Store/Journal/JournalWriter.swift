// Group commit. The engine's thread puts records into a frame; the journal's own thread takes the frame, writes it,
// syncs it and reports it durable, while the next frame fills. So a group forms during the sync under way: one client
// waits for one sync, and a thousand share it.
//
// A record is copied once, into the frame in which it is written. The engine's thread never waits for the disk: it
// holds the lock to append, and the journal's thread to exchange the empty frame for the full one.

/// Why a journal accepts no record now. Nothing of the request was stored.
public enum JournalRefusal: Error, Equatable, Sendable {
    /// The queue is full; there will be room again soon.
    case busy
    /// The record is longer than the limit.
    case tooLong(bytes: Int, limit: Int)
    /// There is no space for another segment. The journal keeps trying, so this ends when there is space.
    case diskFull(DiskError)
    /// Writing has failed, and nothing will be written any more.
    case failed(DiskError)
    case closed
}

extension JournalRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .busy: "the disk is behind; try again in a moment"
        case .tooLong(let bytes, let limit): "\(bytes) bytes at a time are too many; send at most \(limit)"
        case .diskFull(let error):
            "disk full: no room for another journal segment (\(error.folder)); free space, it retries every "
                + "\(JournalLimits.fullDiskPauseMilliseconds / 1_000) s"
        case .failed(let error): "the journal has failed: \(error)"
        case .closed: "the journal is closed"
        }
    }
}

/// Writes records durably, in the order in which they are submitted. One thread submits; any thread may call the rest.
public final class JournalWriter: Sendable {
    private struct State {
        /// Records submitted and not yet taken by the journal's thread.
        var frame = FrameBuffer()
        var nextLSN: UInt64
        var durableLSN: UInt64
        /// Bytes of records not yet durable, each counted as if it had a frame of its own.
        var waitingBytes = 0
        /// Of these, the bytes in the frame being written.
        var writingBytes = 0
        /// Bytes of frames that fit the segment to which the waiting records go, including the frame being written.
        var roomBytes: Int
        var failure: DiskError?
        var isClosing = false

        /// For assertions; traps where an invariant does not hold. O(1).
        var isRight: Bool {
            precondition(writingBytes >= 0 && writingBytes <= waitingBytes, "what is being written waits")
            precondition(durableLSN < nextLSN, "only records that were submitted are durable")
            precondition(
                nextLSN - durableLSN - 1 >= UInt64(frame.recordCount), "what is in the frame is not durable")
            precondition(
                frame.isEmpty || waitingBytes > writingBytes, "the records of the frame wait, too")
            return true
        }
    }

    private let state: Monitor<State>
    private let spares: Spares
    private let waitingLimit: Int
    private let waitingRequests: Int
    private let durable: @Sendable (_ lsn: UInt64) -> Void
    private let failed: @Sendable (DiskError) -> Void
    private let threads = Monitor<[WorkerThread]>([])

    /// Takes over the journal and starts its threads.
    /// - Parameters:
    ///   - waitingRequests: how many requests may wait to be written.
    ///   - durable: receives the newest durable record, once per group, on the journal's thread.
    ///   - failed: called once, when the disk has failed. Callers waiting for a record must be told neither that it is
    ///     durable nor that it is not: that is unknown. The process has to end and read the journal again.
    public init(
        _ journal: Journal, waitingRequests: Int = JournalLimits.waitingRequests,
        durable: @escaping @Sendable (_ lsn: UInt64) -> Void,
        failed: @escaping @Sendable (DiskError) -> Void
    ) {
        state = Monitor(
            State(nextLSN: journal.nextLSN, durableLSN: journal.nextLSN - 1, roomBytes: journal.roomBytes))
        spares = journal.spares
        waitingLimit = JournalLimits.waitingBytes(segmentBytes: journal.segmentBytes)
        self.waitingRequests = waitingRequests
        (self.durable, self.failed) = (durable, failed)
        // The threads end with `close`, which the writer's creator must call, so the writer outlives them.
        threads.withLock {
            $0.value = [
                WorkerThread { self.write(journal) },
                WorkerThread { self.spares.run { self.fail($0) } },
            ]
        }
    }

    /// Newest record that is durable; 0: none.
    public var durableLSN: UInt64 { state.withLock { $0.value.durableLSN } }

    /// Why a record of so many bytes would be refused now; nil: it would be accepted. Once the submitting thread gets
    /// nil, that holds until it submits, unless the disk fails.
    public func refusal(payloadBytes: Int) -> JournalRefusal? {
        state.withLock { refusal(payloadBytes: payloadBytes, $0.value) }
    }

    private func refusal(payloadBytes: Int, _ state: State) -> JournalRefusal? {
        if let failure = state.failure { return .failed(failure) }
        if state.isClosing { return .closed }
        let bytes = FrameBuffer.paddedBytes(payloadBytes: payloadBytes)
        guard bytes <= waitingLimit else {
            return .tooLong(bytes: payloadBytes, limit: FrameBuffer.payloadBytes(paddedBytes: waitingLimit))
        }
        // The frame being written is no longer in the queue.
        guard state.waitingBytes - state.writingBytes + bytes <= waitingLimit,
            Int(state.frame.recordCount) < waitingRequests
        else { return .busy }
        // A spare holds everything that may wait. Without one, the current segment has to.
        if state.waitingBytes + bytes <= state.roomBytes || spares.readyCount > 0 { return nil }
        return spares.full.map(JournalRefusal.diskFull) ?? .busy
    }

    /// Appends a record to the journal. Never waits for the disk.
    /// - Parameter micros: the engine's time.
    /// - Returns: the record's number.
    public func submit(
        _ type: RecordType, schemaVersion: UInt16, key: IdempotencyKey = .none, payload: UnsafeRawBufferPointer,
        micros: Int64
    ) throws(JournalRefusal) -> UInt64 {
        try state.withLock { state throws(JournalRefusal) in
            if let refusal = refusal(payloadBytes: payload.count, state.value) { throw refusal }
            let header = RecordHeader(type: type, schemaVersion: schemaVersion, key: key)
            state.value.frame.append(header, payload: payload, micros: micros)
            state.value.waitingBytes += FrameBuffer.paddedBytes(payloadBytes: payload.count)
            defer {
                state.value.nextLSN += 1
                assert(state.value.isRight)
            }
            state.signal()
            return state.value.nextLSN
        }
    }

    /// Segments that are ready to be used.
    var readySpares: Int { spares.readyCount }

    /// A snapshot has all records up to this one; segments without later ones may be reused.
    public func release(through lsn: UInt64) { spares.release(through: lsn) }

    /// Writes what was submitted and ends the threads. To be called once.
    public func close() {
        state.withLock {
            $0.value.isClosing = true
            $0.signal()
        }
        let threads = threads.withLock { $0.value }
        threads.first?.join()
        spares.stop()
        threads.last?.join()
    }

    // MARK: - The journal's thread

    private func write(_ journal: Journal) {
        var journal = journal
        var frame = FrameBuffer()
        do throws(DiskError) {
            while try take(&frame, &journal) {
                if !journal.hasRoom(for: frame) { try changeSegment(of: &journal) }
                if SeededFlaws.ofProcess.contains(.acknowledgesEarly) { publish(journal, ahead: frame.recordCount) }
                do throws(DiskError) { try journal.append(&frame) } catch {
                    guard SeededFlaws.ofProcess.contains(.goesOnAfterErrors) else { throw error }
                }
                publish(journal)
            }
            if state.withLock({ $0.value.failure == nil }) { try journal.close() }
        } catch {
            fail(error)
        }
    }

    /// Waits for records, and exchanges the empty frame for the one that has them.
    /// - Returns: false when everything is written and nothing more will come.
    private func take(_ frame: inout FrameBuffer, _ journal: inout Journal) throws(DiskError) -> Bool {
        if takeNow(&frame) { return true }
        // The queue is empty: time to record that the last frame is durable.
        try journal.seal()
        return state.withLock { state in
            while state.value.frame.isEmpty && !state.value.isClosing && state.value.failure == nil { state.wait() }
            return exchange(&frame, state)
        }
    }

    private func takeNow(_ frame: inout FrameBuffer) -> Bool { state.withLock { exchange(&frame, $0) } }

    private func exchange(_ frame: inout FrameBuffer, _ state: Monitor<State>) -> Bool {
        guard !state.value.frame.isEmpty, state.value.failure == nil else { return false }
        swap(&frame, &state.value.frame)
        state.value.writingBytes = state.value.waitingBytes
        assert(state.value.isRight)
        return true
    }

    /// The spare and the room it brings change in one step: whatever was admitted because of one fits the other.
    private func changeSegment(of journal: inout Journal) throws(DiskError) {
        while true {
            let spare = state.withLock { state in
                let spare = spares.takeReady()
                if spare != nil { state.value.roomBytes = JournalFormat.roomBytes(segmentBytes: journal.segmentBytes) }
                return spare
            }
            if let spare { return try journal.change(to: spare) }
            try spares.waitUntilReady()
        }
    }

    private func publish(_ journal: Journal, ahead: UInt32 = 0) {
        let lsn = journal.nextLSN - 1 + UInt64(ahead)
        state.withLock {
            $0.value.durableLSN = lsn
            $0.value.waitingBytes -= $0.value.writingBytes
            $0.value.writingBytes = 0
            $0.value.roomBytes = journal.roomBytes
            assert($0.value.isRight)
        }
        durable(lsn)
    }

    /// Reports the first failure; after it nothing is written.
    private func fail(_ error: DiskError) {
        let isFirst = state.withLock { state in
            if state.value.failure != nil { return false }
            state.value.failure = error
            state.signal()
            return true
        }
        if isFirst { failed(error) }
    }
}
