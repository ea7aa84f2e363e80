// Spare segments. A spare is filled with zeros and synced before it is needed, so that a commit overwrites blocks that
// the file already has, which takes half the time of extending it, and cannot find the disk full. Segments that a
// snapshot has made superfluous are renamed to spares; their salt distinguishes the new frames from the old.
//
// A file is named `spare-N.tmp` until it is complete and synced, then `spare-N`.

import Columnar

/// The spare segments of a journal, and the thread that makes them. Any thread may call.
final class Spares: Sendable {
    private struct State {
        var ready: [String] = []
        var nextNumber = 1
        /// Segments with no record above this are not needed.
        var releasedLSN: UInt64 = 0
        var isReleasing = false
        /// The disk was full at the last attempt.
        var full: DiskError?
        var failure: DiskError?
        var isStopping = false
    }

    private let disk: any Disk
    private let directory: String
    private let segmentBytes: Int
    private let wanted: Int
    private let state = Monitor(State())

    /// Takes over the spares in the directory, and removes unfinished ones.
    init(
        disk: any Disk, directory: String, segmentBytes: Int, wanted: Int
    ) throws(DiskError) {
        self.disk = disk
        self.directory = directory
        self.segmentBytes = segmentBytes
        self.wanted = wanted
        for name in try disk.list(directory).sorted() where name.hasPrefix("spare-") {
            let path = directory + "/" + name
            guard let number = Int(name.dropFirst(6)), number > 0, number < Int.max, try isWhole(path) else {
                try disk.remove(path)
                continue
            }
            state.withLock {
                $0.value.ready.append(path)
                $0.value.nextNumber = max($0.value.nextNumber, number + 1)
            }
        }
    }

    private func isWhole(_ path: String) throws(DiskError) -> Bool {
        let file = try disk.open(path, for: .reading)
        defer { disk.close(file) }
        return try disk.byteCount(of: file) == segmentBytes
    }

    var readyCount: Int { state.withLock { $0.value.ready.count } }
    /// Why there was no space for a spare at the last attempt; nil: there was.
    var full: DiskError? { state.withLock { $0.value.full } }

    /// Takes a spare without waiting; nil: there is none. Called by one thread.
    func takeReady() -> String? {
        state.withLock { state in
            if state.value.ready.isEmpty { return nil }
            state.signal()
            return state.value.ready.removeFirst()
        }
    }

    /// Waits until there is a spare.
    /// - Throws: why there will be none.
    func waitUntilReady() throws(DiskError) {
        try state.withLock { state throws(DiskError) in
            while state.value.ready.isEmpty {
                if let failure = state.value.failure ?? state.value.full { throw failure }
                state.wait()
            }
        }
    }

    /// Waits for a spare and takes it.
    /// - Throws: why there will be none.
    func take() throws(DiskError) -> String {
        while true {
            if let spare = takeReady() { return spare }
            try waitUntilReady()
        }
    }

    /// Segments all of whose records are at or below `lsn` may be reused.
    func release(through lsn: UInt64) {
        state.withLock {
            $0.value.releasedLSN = max($0.value.releasedLSN, lsn)
            $0.value.isReleasing = true
            $0.signal()
        }
    }

    // MARK: - Making spares

    /// Works until `stop`. Returns early only when the disk fails for a reason other than being full.
    func run(failed: (DiskError) -> Void) {
        while true {
            do throws(DiskError) {
                while try workOnce(paced: true) {}
                if !waitForWork() { return }
            } catch {
                state.withLock {
                    $0.value.failure = error
                    $0.signal()
                }
                failed(error)
                return
            }
        }
    }

    func stop() {
        state.withLock {
            $0.value.isStopping = true
            $0.signal()
        }
    }

    /// Reuses one segment, or makes one spare.
    /// - Returns: false if there is no work, or none that can be done before there is space.
    func workOnce(paced: Bool = false) throws(DiskError) -> Bool {
        let (isReleasing, lsn, missing, isStopping) = state.withLock { state in
            (
                state.value.isReleasing, state.value.releasedLSN, wanted - state.value.ready.count,
                state.value.isStopping
            )
        }
        if isStopping { return false }
        if isReleasing, try retireOne(through: lsn) { return true }
        guard missing > 0 else { return false }
        do throws(DiskError) {
            try make(paced: paced)
            return true
        } catch  where error.isDiskFull {
            state.withLock {
                $0.value.full = error
                $0.signal()
            }
            return false
        }
    }

    /// - Returns: false to end.
    private func waitForWork() -> Bool {
        state.withLock { state in
            while !state.value.isStopping {
                if state.value.isReleasing { return true }
                if state.value.ready.count < wanted {
                    // The disk was full: try again after a while.
                    guard state.value.full != nil else { return true }
                    state.wait(milliseconds: JournalLimits.fullDiskPauseMilliseconds)
                    return !state.value.isStopping
                }
                state.wait()
            }
            return false
        }
    }

    /// Turns the oldest segment that is not needed into a spare, or removes it. One at a time and synced, so that a
    /// crash leaves no gap between the remaining ones.
    private func retireOne(through lsn: UInt64) throws(DiskError) -> Bool {
        let starts = try disk.list(directory).compactMap(JournalFormat.firstLSN).sorted()
        // The records of a segment end where the next one's begin; the last segment is always needed.
        guard starts.count >= 2, starts[1] - 1 <= lsn else {
            state.withLock { if $0.value.releasedLSN == lsn { $0.value.isReleasing = false } }
            return false
        }
        let path = directory + "/" + JournalFormat.segmentName(firstLSN: starts[0])
        if readyCount < wanted, try isWhole(path) {
            let spare = nextPath()
            try disk.rename(path, to: spare)
            try disk.syncDirectory(directory)
            add(spare)
        } else {
            try disk.remove(path)
            try disk.syncDirectory(directory)
            state.withLock {
                $0.value.full = nil
                $0.signal()
            }
        }
        return true
    }

    private func make(paced: Bool) throws(DiskError) {
        let path = nextPath()
        let unfinished = path + ".tmp"
        do throws(DiskError) {
            try fill(unfinished, paced: paced)
        } catch {
            // Half a file would occupy space that is needed elsewhere. The first error is the one that counts.
            try? disk.remove(unfinished)
            throw error
        }
        try disk.rename(unfinished, to: path)
        try disk.syncDirectory(directory)
        add(path)
    }

    private func fill(_ path: String, paced: Bool) throws(DiskError) {
        let file = try disk.open(path, for: .creating)
        defer { disk.close(file) }
        let zeros = [UInt8](repeating: 0, count: min(JournalLimits.zeroBytes, segmentBytes))
        var offset = 0
        while offset < segmentBytes {
            let count = min(zeros.count, segmentBytes - offset)
            let disk = disk
            try zeros.withBytes { bytes throws(DiskError) in
                try disk.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), to: file, at: offset)
            }
            offset += count
            // Piece by piece, so that a commit waits for one of them at most.
            try disk.sync(file)
            if paced { pause() }
        }
    }

    /// Paces the filling while there is a spare, because nothing is waiting for another one then.
    private func pause() {
        state.withLock {
            if !$0.value.ready.isEmpty && !$0.value.isStopping {
                $0.wait(milliseconds: JournalLimits.zeroPauseMilliseconds)
            }
        }
    }

    private func nextPath() -> String {
        state.withLock { state in
            defer { state.value.nextNumber += 1 }
            return "\(directory)/spare-\(state.value.nextNumber)"
        }
    }

    private func add(_ path: String) {
        state.withLock {
            $0.value.ready.append(path)
            $0.value.full = nil
            $0.signal()
        }
    }
}
