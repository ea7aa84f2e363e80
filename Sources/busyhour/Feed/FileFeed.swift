// A feed of files from their beginning to their end: who it is, its link, and its end when everything is safe.

import Client
import Foundation
import Terminal

struct FileFeed {
    let link: ProducerLink
    /// Nil: it cannot go on in another run.
    private let state: FeedState?

    /// - Parameters:
    ///   - what: what makes a feed another one, besides the files.
    ///   - isStopped: for feeds that go on until they are stopped: a server that goes is waited for.
    init(_ what: [String], files: [String], _ global: GlobalOptions, isStopped: (() -> Bool)? = nil) {
        state = FeedState(what, files: files, environment: ProcessInfo.processInfo.environment)
        let recovery = ProducerLink.Recovery(
            connect: { FeedServer(try await global.connect()) }, isStopped: isStopped ?? { false },
            attempts: isStopped == nil ? Limits.reconnectAttempts : nil,
            log: { try? OutputDevice.standardError.writeLine("busyhour: " + VisibleText.clean($0)) })
        link = ProducerLink(state?.producer ?? .passing(), recovery: recovery)
    }

    func open(_ client: Client) async throws { try await link.open(FeedServer(client), counted: 0) }

    /// Ends the feed, all of which was sent: what the server has counted it has on its disk then.
    /// - Parameters:
    ///   - isWhole: false: the file was cut short, so the feed goes on when it is there.
    ///   - note: notes that the files are fed, before the feed is forgotten.
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
