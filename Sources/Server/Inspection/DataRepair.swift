// Makes a damaged data directory startable: `busyhourd --repair`. Nothing is deleted: what is cut is first saved in
// `cut-N` of the directory. What is lost is reported: a repair cannot restore what only the damaged bytes had.
//
// Damaged snapshots are removed whole. The journal is cut at the first fault: at the frame, with all segments after it.
// If the newest snapshot has what the damaged part had, only that part is cut. If the journal then ends before the
// snapshot, it begins again after it.

import Board
import Glibc
import Store

public struct DataRepair {
    private let path: String
    private let cut: String
    private let disk = POSIXDisk()
    /// What was done and what is lost, one item per line.
    public private(set) var lines: [String] = []

    /// Repairs a directory that no server uses.
    /// - Throws: it cannot be repaired, and nothing was changed; or the disk failed, and what was cut until then is
    ///   in `cut-N`.
    public init(path: String) throws(ServerError) {
        self.path = path
        var facts = stat()
        if stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFDIR {
            throw ServerError(
                "\(path) is a file, and only data directories are repaired; use another backup, "
                    + "or make one (busyhour snapshot --to FILE)",
                kind: .environment)
        }
        let taken = Set((try? disk.list(path)) ?? [])
        cut = "\(path)/cut-\((1...).first { !taken.contains("cut-\($0)") } ?? 1)"
        guard !(try DataInspection(path: path)).faults.isEmpty else {
            lines.append("nothing to repair")
            return
        }
        let directory = try DataDirectory(path: path)
        defer { directory.unlock() }
        // Inspected again, now that no server can start.
        let inspection = DataInspection(held: directory)
        try Self.check(inspection)
        do throws(DiskError) {
            for file in inspection.damagedFiles { try moveAway(file) }
            if inspection.isKeyDamaged { try moveStatistics() }
            try repairJournal(inspection, directory)
        } catch {
            throw ServerError("the repair stopped: \(error)", kind: .environment)
        }
    }

    private static func check(_ inspection: DataInspection) throws(ServerError) {
        if let obstacle = inspection.obstacle {
            throw ServerError("nothing was changed: \(obstacle)", kind: .environment)
        }
        let first = inspection.survey.segments.first
        let hasBeginning = first.map { $0.firstLSN == 1 && $0.nextLSN > 1 } ?? false
        guard inspection.newest != nil || hasBeginning else {
            throw ServerError(
                "nothing was changed: \(inspection.path) has no snapshot that is right and no journal from the first record "
                    + "on, so nothing would be left; restore a backup (busyhourd --restore FILE --data-dir NEW)",
                kind: .environment)
        }
    }

    // MARK: - The journal

    private mutating func repairJournal(
        _ damaged: DataInspection, _ directory: DataDirectory
    ) throws(DiskError) {
        let lsn = damaged.newest?.lsn ?? 0
        var inspection = DataInspection(held: directory)
        // Each round removes one fault.
        var rounds = 0
        while inspection.refusal != nil, rounds <= 2 * damaged.survey.segments.count,
            try cutOnce(inspection.survey, after: lsn)
        {
            rounds += 1
            inspection = DataInspection(held: directory)
        }
        if inspection.refusal != nil, let newest = damaged.newest {
            for segment in inspection.survey.segments { try moveAway(segment.path) }
            try beginAnew(behind: newest)
            inspection = DataInspection(held: directory)
        }
        let kept = max(lsn, inspection.survey.lastLSN ?? 0)
        let lastKnown = damaged.survey.segments.map { max($0.lastNamedLSN, $0.nextLSN - 1) }.max() ?? 0
        lines.append(
            lastKnown > kept
                ? "lost: the changes of the records from \(kept + 1) to \(lastKnown) at least"
                : "kept: all changes up to record \(kept); whether there were more is unknown")
    }

    /// Removes the first fault from what a start would read.
    /// - Returns: false if there is none that a cut could remove.
    private mutating func cutOnce(_ survey: JournalSurvey, after lsn: UInt64) throws(DiskError) -> Bool {
        let segments = survey.segments
        guard let first = segments.lastIndex(where: { $0.firstLSN - 1 <= lsn }) else {
            for segment in segments { try moveAway(segment.path) }
            return !segments.isEmpty
        }
        for index in first..<segments.count {
            let segment = segments[index]
            let faults = survey.faults.filter { $0.path == segment.path }
            if faults.isEmpty { continue }
            if index == first, segment.nextLSN <= lsn, try salvage(segment, after: lsn) { return true }
            for later in segments[(index + 1)...] { try moveAway(later.path) }
            // Faults at byte 0 are in the header, or the segment is out of place.
            if faults.allSatisfy({ $0.offset > 0 }) {
                try cutSegment(segment)
            } else {
                try moveAway(segment.path)
                // The previous segment claims a successor.
                if index > first { try cutSegment(segments[index - 1]) }
            }
            return true
        }
        return false
    }

    /// Cuts only what the snapshot has.
    private mutating func salvage(_ segment: JournalSurvey.Segment, after lsn: UInt64) throws(DiskError) -> Bool {
        guard let rest = JournalSurvey.salvage(segment, try read(segment), after: lsn) else { return false }
        let folder = path + "/journal"
        let name = JournalSurvey.segmentName(firstLSN: rest.firstLSN)
        try write(rest.bytes, to: "\(folder)/\(name).tmp")
        try moveAway(segment.path)
        try disk.rename("\(folder)/\(name).tmp", to: "\(folder)/\(name)")
        try disk.syncDirectory(folder)
        lines.append(
            "\(folder)/\(name): has what is right behind the damage; what was damaged is in the snapshot of record \(lsn)"
        )
        return true
    }

    /// Keeps a segment's whole frames and zeroes the rest.
    private mutating func cutSegment(_ segment: JournalSurvey.Segment) throws(DiskError) {
        let name = Self.name(segment.path)
        var bytes = try read(segment)
        try disk.createDirectory(cut)
        try write(bytes, to: "\(cut)/\(name)")
        try disk.syncDirectory(cut)
        try disk.syncDirectory(path)
        bytes.replaceSubrange(
            segment.endOffset..., with: repeatElement(0, count: bytes.count - segment.endOffset))
        try write(bytes, to: segment.path + ".tmp")
        try disk.rename(segment.path + ".tmp", to: segment.path)
        try disk.syncDirectory(path + "/journal")
        lines.append(
            "\(segment.path): truncated at byte \(segment.endOffset); the whole file is kept as \(cut)/\(name)")
    }

    private mutating func beginAnew(behind mark: SnapshotMark) throws(DiskError) {
        let folder = path + "/journal"
        do throws(JournalError) {
            try Journal.begin(
                directory: folder, disk: disk, after: mark.lsn,
                cluster: ClusterID(high: mark.clusterHigh, low: mark.clusterLow))
        } catch {
            if case .disk(let error) = error.reason { throw error }
            // No segment could be at fault.
            throw DiskError(.create, folder, code: EIO)
        }
        lines.append("\(folder): starts again after the snapshot's record \(mark.lsn)")
    }

    // MARK: - Files

    private func read(_ segment: JournalSurvey.Segment) throws(DiskError) -> [UInt8] {
        let file = try disk.open(segment.path, for: .reading)
        defer { disk.close(file) }
        var bytes = [UInt8](repeating: 0, count: segment.byteCount)
        let disk = disk
        let count = try bytes.withUnsafeMutableBufferPointer { buffer throws(DiskError) in
            try disk.read(into: UnsafeMutableRawBufferPointer(buffer), from: file, at: 0)
        }
        bytes.removeSubrange(count...)
        return bytes
    }

    private func write(_ bytes: [UInt8], to file: String) throws(DiskError) {
        // Left half done by an earlier repair.
        try? disk.remove(file)
        let created = try disk.open(file, for: .creating)
        defer { disk.close(created) }
        let disk = disk
        try bytes.withUnsafeBufferPointer { buffer throws(DiskError) in
            try disk.write(UnsafeRawBufferPointer(buffer), to: created, at: 0)
        }
        try disk.sync(created)
    }

    private mutating func moveStatistics() throws(DiskError) {
        for name in try disk.list(path).sorted() where name.hasPrefix("soft-") { try moveAway(path + "/" + name) }
    }

    private mutating func moveAway(_ file: String) throws(DiskError) {
        try disk.createDirectory(cut)
        let name = Self.name(file)
        try disk.rename(file, to: "\(cut)/\(name)")
        try disk.syncDirectory(cut)
        try disk.syncDirectory(String(file.dropLast(name.count + 1)))
        try disk.syncDirectory(path)
        lines.append("\(file): is now \(cut)/\(name)")
    }

    private static func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
}
