// A feed of files from their beginning to their end: who it is, its link, and its end when everything is safe.

import Client
import Foundation
import Terminal

struct FileFeed {
    let link: ProducerLink
    /// Nil: it cannot go on in another run.
    private let state: FeedState?

    /// - Parameter what: what makes a feed another one, besides the files.
    init(_ what: [String], files: [String], _ global: GlobalOptions) {
        state = FeedState(what, files: files, environment: ProcessInfo.processInfo.environment)
        let recovery = ProducerLink.Recovery(
            connect: { FeedServer(try await global.connect()) }, attempts: Limits.reconnectAttempts,
            tell: { try? OutputDevice.standardError.writeLine("busyhour: " + VisibleText.clean($0)) })
        link = ProducerLink(state?.producer ?? .passing(), recovery: recovery)
    }

    func open(_ client: Client) async throws { try await link.open(FeedServer(client), counted: 0) }

    /// Ends the feed, all of which was sent: what the server has counted it has on its disk then.
    func close() async throws {
        let isSafe = try await link.becomeSafe()
        await link.close(isDone: isSafe)
        if isSafe {
            state?.remove()
        } else {
            try OutputDevice.standardError.writeLine(
                "busyhour: everything is counted, but the server does not save it (see busyhour status); "
                    + "feed this again if it crashes")
        }
    }
}
