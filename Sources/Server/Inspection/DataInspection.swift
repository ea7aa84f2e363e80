// Lists the contents of a data directory and its faults without changing a byte of it: `busyhourd --check`.
//
// Reads everything that a start could read, and what it would not: older snapshots, all segments of the journal. Then
// tries the start itself with an engine that is thrown away.

import Board
import Glibc
import Logging
import Store

public struct DataInspection {
    public let path: String
    /// What was found, for people, one item per line.
    public private(set) var lines: [String] = []
    /// What is wrong, one fault per line, with file and position. Empty: a server starts and has everything.
    public private(set) var faults: [String] = []
    /// It is a backup, or a file of a data directory: there is nothing to repair.
    public private(set) var isFile = false

    // For `DataRepair`:
    private(set) var survey = JournalSurvey(directory: "", disk: POSIXDisk())
    private(set) var damagedFiles: [String] = []
    /// The newest intact snapshot of the customers.
    private(set) var newest: SnapshotMark?
    private(set) var isKeyDamaged = false
    /// The files are a newer program's, or cannot be opened: repair cannot help.
    private(set) var obstacle: String?
    /// The error of a start; nil: it would start.
    private(set) var refusal: JournalError?

    /// Reads a data directory, or a backup.
    /// - Throws: there is nothing to read, or a server uses it.
    public init(path: String) throws(ServerError) {
        self.path = path
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw ServerError(
                "cannot read \(path): \(String(cString: strerror(errno)).lowercased()); \(Self.remedy)",
                kind: .environment)
        }
        guard facts.st_mode & S_IFMT == S_IFDIR else {
            try inspectFile()
            return
        }
        let lock = try Self.lock(path)
        defer { if let lock { close(lock) } }
        guard lock != nil || Self.isDataDirectory(path) else {
            throw ServerError(
                "\(path) is no data directory: it has neither a journal nor snapshots; \(Self.remedy)",
                kind: .environment)
        }
        lines.append("lock: \(lock == nil ? "never taken" : "free"); no server uses \(path)")
        inspectDirectory()
    }

    /// Reads a directory whose lock the caller holds.
    init(held directory: DataDirectory) {
        path = directory.path
        inspectDirectory()
    }

    /// Holds the lock while the files are read, so that no server changes them meanwhile. The lock's file stays as is.
    private static func lock(_ path: String) throws(ServerError) -> CInt? {
        let descriptor = open(path + "/lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw ServerError("cannot open \(path)/lock: \(String(cString: strerror(errno)))", kind: .environment)
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        let owner = DataDirectory.owner(descriptor)
        close(descriptor)
        throw ServerError(
            "\(path) is in use by \(owner); stop it first, or check a backup (busyhour snapshot --to FILE)",
            kind: .environment)
    }

    private static let remedy = "give a data directory of busyhourd, or a backup (busyhour snapshot --to FILE)"

    private static func isDataDirectory(_ path: String) -> Bool {
        let names = (try? POSIXDisk().list(path)) ?? []
        return names.contains { $0 == "journal" || $0 == "hash-key" || $0.contains(".db") }
    }

    // MARK: - Files

    private mutating func inspectDirectory() {
        let directory = SnapshotDirectory(path: path)
        survey = JournalSurvey(directory: path + "/journal", disk: POSIXDisk()) { record throws(RecordFault) in
            _ = try record.body()
        }
        let engine = Engine()
        var customers: Snapshot?
        var statistics: Snapshot?
        for kind in [SnapshotMark.Kind.board, .statistics] {
            do throws(SnapshotError) {
                for number in try directory.numbers(kind) {
                    guard let snapshot = inspectSnapshot(kind, number) else { continue }
                    if kind == .board { customers = customers ?? snapshot } else { statistics = statistics ?? snapshot }
                }
            } catch {
                fault("\(error)")
            }
        }
        inspectKey()
        inspectJournal()
        listOthers()
        newest = customers?.mark
        start(engine, customers, statistics)
    }

    private mutating func inspectSnapshot(_ kind: SnapshotMark.Kind, _ number: UInt64) -> Snapshot? {
        let file = path + "/" + SnapshotMark.fileName(kind, number)
        do throws(SnapshotError) {
            let snapshot = try SnapshotDirectory.read(file)
            guard snapshot.mark.kind == kind, snapshot.mark.number == number,
                kind != .board || survey.roots[number, default: snapshot.rootHash] == snapshot.rootHash
            else { throw SnapshotError(path: file, .rootHash) }
            lines.append(Self.describe(snapshot, file))
            return snapshot
        } catch {
            if error.isDamage { damagedFiles.append(file) } else { obstacle = "\(error)" }
            fault("\(error)")
            return nil
        }
    }

    private static func describe(_ snapshot: Snapshot, _ file: String) -> String {
        let what =
            switch snapshot.mark.kind {
            case .board: "customers"
            case .statistics: "statistics"
            case .backup: "backup"
            }
        let rows = snapshot.tables.reduce(0) { $0 + $1.rowCount }
        let producers = snapshot.producers.isEmpty ? "" : ", \(snapshot.producers.count) producers"
        return "\(what): \(file), \(fileSize(file)) bytes, \(snapshot.tables.count) tables with \(rows) rows"
            + "\(producers), record \(snapshot.mark.lsn), as of \(time(snapshot.mark.engineMicros)), root \(hex(snapshot.rootHash)), "
            + "by \(snapshot.mark.writer)"
    }

    private mutating func inspectKey() {
        guard case .damaged = DataDirectory.readKey(path) else { return }
        isKeyDamaged = true
        damagedFiles.append(path + "/hash-key")
        fault("\(path)/hash-key, byte 0: is not what was written")
    }

    private mutating func inspectJournal() {
        for segment in survey.segments {
            let records =
                segment.nextLSN > segment.firstLSN
                ? "records \(segment.firstLSN) to \(segment.nextLSN - 1)" : "no records"
            let end = segment.isTorn ? ", then the beginning of a frame that was never acknowledged" : ""
            lines.append(
                "journal: \(segment.path), \(segment.byteCount) bytes, \(records) up to byte \(segment.endOffset)\(end)"
            )
        }
        for error in survey.faults {
            if case .formatVersion = error.reason { obstacle = "\(error)" }
            if case .disk = error.reason { obstacle = "\(error)" }
            if case .record(_, .unknownType) = error.reason { obstacle = "\(error)" }
            if case .record(_, .unknownSchema) = error.reason { obstacle = "\(error)" }
            fault("\(error)")
        }
    }

    private mutating func listOthers() {
        for name in ((try? POSIXDisk().list(path)) ?? []).sorted() {
            if name.contains(".bad") { lines.append("set aside: \(path)/\(name)") }
            if name.hasPrefix("cut-") { lines.append("cut by a repair: \(path)/\(name)") }
            if name.hasSuffix(".tmp") { lines.append("unfinished, removed by the next start: \(path)/\(name)") }
        }
    }

    // MARK: - The start

    private mutating func start(_ engine: Engine, _ customers: Snapshot?, _ statistics: Snapshot?) {
        let lsn = customers?.mark.lsn ?? 0
        let lastLSN: UInt64
        do throws(JournalError) {
            do throws(RestoreError) { if let customers { try engine.restore(customers.tables) } } catch {
                throw JournalError(path: path, .order(error.description))
            }
            let contents = try Journal.read(
                directory: path + "/journal", disk: POSIXDisk(), after: lsn,
                cluster: customers.map { ClusterID(high: $0.mark.clusterHigh, low: $0.mark.clusterLow) }
            ) { record throws(RecordFault) in try MutationJournal.replay(record, engine) }
            lastLSN = contents.lastLSN
            let newestNumber = (try? SnapshotDirectory(path: path).numbers(.board).first) ?? 0
            if customers == nil, lastLSN < newestNumber {
                throw JournalError(
                    path: path + "/journal",
                    .order("ends with record \(lastLSN), before the damaged snapshot's, \(newestNumber)"))
            }
        } catch {
            refusal = error
            if !survey.faults.contains(error) { fault("\(error)") }
            return
        }
        lines.append(
            "holds: \(engine.customerCount) customers at record \(lastLSN), state "
                + Self.hex(engine.snapshot().stateHash()))
        guard let statistics else {
            lines.append("statistics: none")
            return
        }
        do {
            try engine.restoreStatistics(statistics.tables)
            lines.append("statistics: as of \(Self.time(statistics.mark.engineMicros))")
        } catch {
            damagedFiles.append(path + "/" + statistics.mark.fileName)
            fault("\(path)/\(statistics.mark.fileName): \(error)")
        }
    }

    private mutating func inspectFile() throws(ServerError) {
        isFile = true
        try BackupContents.checkFile(path)
        let snapshot: Snapshot
        do throws(SnapshotError) { snapshot = try SnapshotDirectory.read(path) } catch {
            guard !error.isNoSnapshot else {
                throw ServerError(
                    "\(path) is neither a data directory nor a backup of BusyHour; \(Self.remedy)", kind: .environment)
            }
            return fault("\(error)")
        }
        lines.append(Self.describe(snapshot, path))
        do {
            let contents = try BackupContents(snapshot, path)
            let engine = Engine()
            try engine.restore(contents.customers)
            if !contents.statistics.isEmpty { try engine.restoreStatistics(contents.statistics) }
            lines.append(
                "holds: \(engine.customerCount) customers at record \(snapshot.mark.lsn), state "
                    + Self.hex(engine.snapshot().stateHash()))
        } catch let error as ServerError {
            fault(error.message)
        } catch {
            fault("\(path): \(error)")
        }
    }

    private mutating func fault(_ text: String) { faults.append(text) }

    // MARK: - Texts

    private static func fileSize(_ file: String) -> Int {
        var facts = stat()
        return stat(file, &facts) == 0 ? Int(facts.st_size) : 0
    }

    static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func time(_ micros: Int64) -> String { micros == 0 ? "no event" : LogText.time(micros) }
}
