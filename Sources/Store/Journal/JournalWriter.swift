// Group commit. The engine's thread puts records into a frame; a thread of the journal's own takes the frame, writes it,
// syncs it and tells, while the next frame fills. So the sync under way is the time in which a group forms: one client waits
// for one sync, and a thousand share it.
//
// A record is copied once, into the frame in which it is written. The engine's thread never waits for the disk: it holds
// the lock to append, and the journal's thread to exchange the empty frame for the full one.

/// Why a journal takes no record now. Nothing of the request was kept.
public enum JournalRefusal: Error, Equatable, Sendable {
    /// As much waits as may; soon there is room again.
    case busy
    /// The record is longer than one may be.
    case tooLong(bytes: Int, limit: Int)
    /// There is no space for another segment. It is tried again, so this ends when there is.
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
        /// What is submitted and not yet taken.
        var frame = FrameBuffer()
        var nextLSN: UInt64
        var durableLSN: UInt64
        /// Bytes of records not yet durable, each as if it had a frame of its own.
        var waitingBytes = 0
        /// Of these, what the frame being written has.
        var writingBytes = 0
        /// Bytes of frames that the segment takes into which goes what waits, the frame being written included.
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
    private let durable: @Sendable (_ lsn: UInt64) -> Void
    private let failed: @Sendable (DiskError) -> Void
    private let threads = Monitor<[WorkerThread]>([])

    /// Takes the journal over and starts its threads.
    /// - Parameters:
    ///   - durable: is told the newest record that is durable, with every group; on the journal's thread.
    ///   - failed: is told once, when the disk has failed. Whoever waits for a record must not be told that it is durable,
    ///     nor that it is not: nobody knows. The process has to end and read the journal anew.
    public init(
        _ journal: Journal, durable: @escaping @Sendable (_ lsn: UInt64) -> Void,
        failed: @escaping @Sendable (DiskError) -> Void
    ) {
        state = Monitor(
            State(nextLSN: journal.nextLSN, durableLSN: journal.nextLSN - 1, roomBytes: journal.roomBytes))
        spares = journal.spares
        waitingLimit = JournalLimits.waitingBytes(segmentBytes: journal.segmentBytes)
        (self.durable, self.failed) = (durable, failed)
        // The threads end with `close`, which whoever made the writer has to call, so the writer outlives them.
        threads.withLock {
            $0.value = [
                WorkerThread { self.write(journal) },
                WorkerThread { self.spares.run { self.fail($0) } },
            ]
        }
    }

    /// Newest record that is durable; 0: none.
    public var durableLSN: UInt64 { state.withLock { $0.value.durableLSN } }

    /// Whether a record of so many bytes would be taken now. What is admitted to the thread that submits stays so until
    /// it submits, unless the disk fails.
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
        // The frame being written is no longer the queue's.
        guard state.waitingBytes - state.writingBytes + bytes <= waitingLimit,
            Int(state.frame.recordCount) < JournalLimits.waitingRequests
        else { return .busy }
        // A spare holds all that may wait. Without one, the current segment has to.
        if state.waitingBytes + bytes <= state.roomBytes || spares.readyCount > 0 { return nil }
        return spares.full.map(JournalRefusal.diskFull) ?? .busy
    }

    /// Puts a record behind the last one. Never waits for the disk.
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

    /// A snapshot has all records up to this one; the segments that have no others may be used again.
    public func release(through lsn: UInt64) { spares.release(through: lsn) }

    /// Writes what was submitted and ends; once.
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
    /// - Returns: false when all is written and nothing more will come.
    private func take(_ frame: inout FrameBuffer, _ journal: inout Journal) throws(DiskError) -> Bool {
        if takeNow(&frame) { return true }
        // Nothing to do: time to note that the last frame is durable.
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

    /// The spare and the room that it brings change in one step: what was admitted because of the one fits the other.
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

    /// The first failure is told; after it nothing is written.
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
