import CallEvents
import Client
import Feeds
import Foundation
import Terminal

/// Sends files and directories to the server.
extension FeedCDRCommand {
    /// Sends the files; an interrupted feed of them continues where it was. Directories come after them.
    func report(_ plan: CDRPlan, _ client: Client) async throws -> any Report {
        try InputFile.check(files)
        var summary = FeedSummary()
        let (folders, plain) = (files.filter(Self.isDirectory), files.filter { !Self.isDirectory($0) })
        if plain.isEmpty {
            await client.close()
        } else {
            let feed = FileFeed(plan.identity(client.address), files: plain, global)
            try await feed.open(client)
            summary = try await sent(
                plain, plan, client.address, by: CDRSender(feed.link, isCostsOnly: costsOnly, showError: Self.show))
            // What is there of the last file is counted; the rest may come.
            let isCut = plain.count == 1 && summary.errorsByName[CDRErrorName.cutFile.rawValue] != nil
            try await feed.close(isWhole: !isCut)
        }
        for path in folders {
            var feed = try folderFeed(path, plan, client.address)
            summary = summary + (try await feed.feed(waits: false))
            if feed.folder.leftOut > 0, summary.read == 0 {
                let count = Number.grouped(UInt64(feed.folder.leftOut))
                try Self.show("\(path): all \(count) files were fed before; --again feeds them once more")
            }
        }
        return summary
    }

    private func folderFeed(
        _ path: String, _ plan: CDRPlan, _ server: String, stops: (() -> Bool)? = nil
    ) throws -> CDRFolderFeed {
        let what = plan.identity(server)
        return CDRFolderFeed(
            global: global, what: what,
            folder: try CDRFolder(
                path, what, isForJSON: plan.formats.isJSON, forgets: again,
                environment: ProcessInfo.processInfo.environment),
            send: { files, link in
                let sender = CDRSender(link, isCostsOnly: costsOnly, showError: Self.show)
                return try await sent(files, plan, server, by: sender, isStopped: stops ?? { false })
            }, stops: stops)
    }

    /// Runs until it is stopped: a lost server is waited for.
    func followed(_ plan: CDRPlan, _ client: Client) async throws -> any Report {
        let file = files[0]
        if Self.isDirectory(file) { return try await followedFolder(file, plan, client) }
        if let head = FileHandle(forReadingAtPath: file)?.readData(ofLength: Decompressor.Kind.signatureBytes),
            let kind = Decompressor.Kind(head)
        {
            throw Refusal(
                "\(file) is packed (\(kind.rawValue)) and grows no more; feed it without --follow, or follow its directory"
            )
        }
        let positionPath =
            try position ?? CDRFollower.standardPosition(of: file, environment: ProcessInfo.processInfo.environment)
        StopSignals.catchThem()
        let state = FollowState.load(positionPath)
        let producer = FeedProducer(id: ProducerID(text: state.producer) ?? .random(), epoch: state.epoch) { epoch in
            // Only the epoch: what else changes is noted when it is safe.
            var noted = FollowState.load(positionPath)
            if noted.producer != state.producer { noted = state }
            noted.epoch = epoch
            try noted.save(positionPath)
        }
        let recovery = ProducerLink.Recovery(
            connect: { FeedServer(try await global.connect()) }, isStopped: { StopSignals.isReceived },
            log: { try? OutputDevice.standardError.writeLine("busyhour: " + VisibleText.clean($0)) })
        let link = ProducerLink(producer, recovery: recovery)
        try await link.open(FeedServer(client), counted: state.counted)
        var reader = try plan.reader(of: file)
        reader.readsSwitchLegs = link.wantsLegs
        var follower = CDRFollower(
            path: file, positionPath: positionPath, state: state, reader: reader, link: link,
            isCostsOnly: costsOnly, showError: Self.show)
        let summary = try await follower.run(
            isStopped: { StopSignals.isReceived }, pause: { try await Task.sleep(for: Limits.followPause) })
        await link.close(isDone: false)
        return summary
    }

    /// Feeds new files of a directory when they are finished, until it is stopped.
    private func followedFolder(_ path: String, _ plan: CDRPlan, _ client: Client) async throws -> any Report {
        if position != nil {
            throw UsageError("--position is for a file; what was fed of a directory is noted in the state folder")
        }
        StopSignals.catchThem()
        var feed = try folderFeed(path, plan, client.address, stops: { StopSignals.isReceived })
        await client.close()
        return try await feed.follow(
            pause: { try await Task.sleep(for: Limits.folderPause) }, log: Self.show)
    }

    /// - Parameter isStopped: checked between two pieces of a file: then what was sent is answered, and the rest is
    /// left to   another run.
    private func sent(
        _ files: [String], _ plan: CDRPlan, _ server: String, by sender: CDRSender,
        isStopped: () -> Bool = { false }
    ) async throws -> FeedSummary {
        var sender = sender
        var progress = Progress()
        defer { progress.clear() }
        var lastPoll = ContinuousClock.now
        var passes = PassMemory(
            plan.identity(server), file: files[0], environment: ProcessInfo.processInfo.environment)
        for file in files {
            var reader = try plan.reader(of: file)
            reader.passFloorMicros = passes.floor(of: file)
            reader.readsSwitchLegs = sender.link.wantsLegs
            let input = try CDRInput(file)
            while !isStopped(), let piece = try Self.next(input, &reader) {
                piece.withUnsafeBytes { reader.read($0) }
                // What a pipe has delivered is sent before waiting for it; calls held for further rows, after a while.
                if input.isDrained, ContinuousClock.now - lastPoll > Limits.heldPause {
                    lastPoll = .now
                    reader.finish(atEnd: false)
                }
                try await sender.send(&reader, isAll: input.isDrained)
                progress.show("\(file): \(Number.grouped(sender.rows)) rows sent")
            }
            if isStopped() { break }
            reader.finish(atEnd: true)
            try await sender.send(&reader, isAll: true)
            sender.endReader(reader)
            if let latest = reader.latestDoubtfulMicros {
                passes.note(file, floor: reader.passFloorMicros, latest: latest)
            }
        }
        progress.clear()
        return try await sender.finish()
    }

    /// The next bytes of a file; a compressed one that cannot be decompressed any further ends here, with an error that
    /// has its position.
    private static func next(_ input: CDRInput, _ reader: inout CDRReader) throws -> [UInt8]? {
        do {
            return try input.read()
        } catch let error as DecompressionError {
            reader.endDamaged(error)
            return nil
        }
    }
}
