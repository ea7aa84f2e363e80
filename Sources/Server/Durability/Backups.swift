// Backups that clients are reading. The server writes no file at a client's request (any client allowed a backup could
// overwrite any file of the server's user); it sends bytes, and the client's own rights decide where they go.

import NIOCore
import NIOPosix
import Store
import Wire

/// Lives on the engine's loop.
final class Backups {
    private struct Entry {
        let file: BackupFile
        var lastUse: NIODeadline
    }

    private var entries: [UInt64: Entry] = [:]
    /// Backups requested and not yet written.
    private var coming = 0
    private let reader: NIOThreadPool
    private let loop: any EventLoop

    init(loop: any EventLoop) {
        self.loop = loop
        reader = NIOThreadPool(numberOfThreads: 1)
        reader.start()
    }

    /// Holds a file that is being made until it has been read.
    /// - Returns: the name to read it by, which cannot be guessed.
    func keep(_ make: () -> EventLoopFuture<BackupFile>) throws(RequestError) -> EventLoopFuture<(UInt64, BackupFile)> {
        forgetOld()
        guard entries.count + coming < Limits.backups else {
            throw RequestError(.busy, "\(Limits.backups) backups are being read; try again when one is done")
        }
        coming += 1
        let file = make()
        let kept = file.assumeIsolated().map { file in
            let id = UInt64.random(in: 1 ... .max)
            self.entries[id] = Entry(file: file, lastUse: .now())
            return (id, file)
        }
        file.assumeIsolated().whenComplete { _ in self.coming -= 1 }
        return kept.nonisolated()
    }

    func read(_ id: UInt64, at offset: UInt64) throws(RequestError) -> EventLoopFuture<(piece: [UInt8], fileBytes: Int)>
    {
        forgetOld()
        guard let file = entries[id]?.file else {
            throw RequestError(.notFound, "there is no such backup any more; ask for one again")
        }
        let fileBytes = file.receipt.byteCount
        // The last bytes are on their way: the file is deleted once they are read.
        let isLast = offset >= UInt64(max(0, fileBytes - Limits.backupBytes))
        entries[id] = isLast ? nil : Entry(file: file, lastUse: .now())
        return reader.runIfActive(eventLoop: loop) {
            (piece: try file.read(at: offset, count: Limits.backupBytes), fileBytes: fileBytes)
        }
    }

    /// Drops those whose client has stopped reading; called periodically.
    func forgetOld() {
        let oldest = NIODeadline.now() - Limits.backupPatience
        entries = entries.filter { $0.value.lastUse > oldest }
    }

    func close() {
        entries = [:]
        reader.shutdownGracefully { _ in }
    }
}
