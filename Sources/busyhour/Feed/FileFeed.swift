// A feed of files from beginning to end: its producer, its link, and its end when everything is durable.

import Client
import Foundation
import Terminal

struct FileFeed {
    let link: ProducerLink
    /// Nil: another run cannot continue it.
    private let state: FeedState?

    /// - Parameters:
    ///   - what: what distinguishes this feed from others, besides the files.
    ///   - isStopped: for feeds that run until they are stopped: a lost server is waited for.
    init(_ what: [String], files: [String], _ global: GlobalOptions, isStopped: (() -> Bool)? = nil) {
        state = FeedState(what, files: files, environment: ProcessInfo.processInfo.environment)
        let recovery = ProducerLink.Recovery(
            connect: { FeedServer(try await global.connect()) }, isStopped: isStopped ?? { false },
            attempts: isStopped == nil ? Limits.reconnectAttempts : nil,
            log: { try? OutputDevice.standardError.writeLine("busyhour: " + VisibleText.clean($0)) })
        link = ProducerLink(state?.producer ?? .passing(), recovery: recovery)
    }

    func open(_ client: Client) async throws { try await link.open(FeedServer(client), counted: 0) }

    /// Ends the feed, all of which was sent: everything that the server has counted is durable there afterwards.
    /// - Parameters:
    ///   - isWhole: false: the file was cut short, so the feed continues once the rest exists.
    ///   - note: records that the files are fed, before the feed's state is removed.
    func close(isWhole: Bool = true, note: () throws -> Void = {}) async throws {
        let isSafe = try await link.becomeSafe()
        if isSafe { try note() }
        await link.close(isDone: isSafe && isWhole)
        if isSafe {
            if isWhole { state?.remove() }
        } else {
            try OutputDevice.standardError.writeLine(
                "busyhour: everything is counted, but the server does not save it (see busyhour status); "
                    + "feed this again if it crashes")
        }
    }
}
