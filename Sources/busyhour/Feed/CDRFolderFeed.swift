// Feeds the files of a directory and, with --follow, new ones as they come.

import Client
import Feeds
import Foundation
import Terminal

struct CDRFolderFeed {
    let global: GlobalOptions
    /// What distinguishes this feed from others, besides the files.
    let what: [String]
    var folder: CDRFolder
    /// Sends files by a feed's link.
    let send: ([String], ProducerLink) async throws -> FeedSummary
    /// Whether to stop; nil: it ends by itself, also when a lost server does not come back.
    var stops: (() -> Bool)?

    private func isStopped() -> Bool { stops?() ?? false }

    /// Feeds the files that were not fed yet.
    /// - Parameter waits: only those that have not changed since the last scan.
    mutating func feed(waits: Bool) async throws -> FeedSummary {
        var summary = FeedSummary()
        while !isStopped() {
            let files = try folder.next(waits: waits)
            if files.isEmpty { break }
            let feed = FileFeed(what, files: files, global, isStopped: stops)
            try await feed.open(try await global.connect())
            summary = summary + (try await send(files, feed.link))
            // Stopped in the middle: the next run continues with these.
            if isStopped() {
                await feed.link.close(isDone: false)
                break
            }
            var folder = folder
            try await feed.close { try folder.finish() }
            self.folder = folder
        }
        return summary
    }

    /// Feeds new files until it is stopped.
    /// - Parameters:
    ///   - pause: waits until the next scan.
    ///   - log: shows a line.
    mutating func follow(pause: () async throws -> Void, log: (String) throws -> Void) async throws -> FeedSummary {
        var summary = FeedSummary()
        var isToldOfServer = false
        while !isStopped() {
            do {
                summary = summary + (try await feed(waits: true))
                isToldOfServer = false
            } catch let error as ClientError where error.isAboutTheConnection {
                // A started feed is continued.
                if !isToldOfServer { try log("busyhour: \(error); trying again") }
                isToldOfServer = true
            }
            try await pause()
        }
        return summary
    }
}
