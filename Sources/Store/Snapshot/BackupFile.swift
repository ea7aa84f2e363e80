// A backup being sent: a snapshot of everything in an unnamed file, which disappears when it is released, even if the
// process is killed.

import Board

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Any thread may read it.
public final class BackupFile: Sendable {
    public let receipt: SnapshotReceipt
    private let descriptor: CInt

    fileprivate init(_ receipt: SnapshotReceipt, descriptor: CInt) {
        self.receipt = receipt
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Bytes from `offset` on: `count` of them, or fewer at the end of the file.
    public func read(at offset: UInt64, count: Int) throws(SnapshotError) -> [UInt8] {
        guard let offset = Int(exactly: offset), offset < receipt.byteCount else { return [] }
        var bytes = [UInt8](repeating: 0, count: min(count, receipt.byteCount - offset))
        let descriptor = descriptor
        let read: Int
        do throws(Transfer.Failure) {
            read = try bytes.withUnsafeMutableBufferPointer { buffer throws(Transfer.Failure) in
                try Transfer.all(buffer.count) { done in
                    let rest = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[done...]))
                    return pread(descriptor, rest.baseAddress, rest.count, offset + done)
                }
            }
        } catch {
            throw SnapshotError(path: receipt.path, .system(call: "pread", code: error.code))
        }
        // The file is ours alone and unnamed, so it cannot have become shorter.
        guard read == bytes.count else { throw SnapshotError(path: receipt.path, .order("the file ends early")) }
        return bytes
    }
}

extension SnapshotDirectory {
    /// Writes a snapshot, reads it back, and removes its name.
    public func writeBackup(
        _ tables: [SavedTable], producers: [SavedProducer], mark: SnapshotMark
    ) throws(SnapshotError) -> BackupFile {
        // What a crash leaves behind is removed with the other unfinished files.
        let file = path + "/" + mark.fileName + ".tmp"
        unlink(file)
        defer { unlink(file) }
        let root: UInt64
        do {
            root = try SnapshotFile.write(tables, producers, mark, to: file, between: { true })
            guard try SnapshotFile.verify(file) == root else { throw SnapshotError(path: file, .rootHash) }
        } catch {
            throw (error as? SnapshotError) ?? SnapshotError(path: file, .notASnapshot)
        }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SnapshotError(path: file, .system(call: "open", code: errno)) }
        let size = lseek(descriptor, 0, SEEK_END)
        let receipt = SnapshotReceipt(
            path: file, mark: mark, rootHash: root, byteCount: Int(size), oldestNumber: mark.number)
        return BackupFile(receipt, descriptor: descriptor)
    }
}
