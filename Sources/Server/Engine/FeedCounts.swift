// What each feed delivered, as the status shows it.

import CallEvents

/// The ways in which calls come in.
enum FeedName: String, CaseIterable, Sendable {
    /// HEP3 datagrams of a switch.
    case hepUDP = "hep-udp"
    /// HEP3 over a TCP connection of a switch.
    case hepTCP = "hep-tcp"
    /// HEP3 over a TLS connection of an agent.
    case hepTLS = "hep-tls"
    /// Captured HEP3 packets, sent by a program in requests.
    case hepFile = "hep-file"
    /// Finished calls, sent by a program in requests.
    case cdr = "cdr"
    /// Live events, sent by a program in requests.
    case rpc = "rpc"
}

/// Sums since the server started, or what one batch adds to them.
struct FeedCounts: Equatable, Sendable {
    /// HEP packets, finished calls or events, including those with errors.
    var received: UInt64 = 0
    /// Attempts newly counted.
    var calls: UInt64 = 0
    /// Repetitions that changed no figure.
    var duplicates: UInt64 = 0
    /// Read correctly, but no event of a customer's call.
    var notCalls: UInt64 = 0
    /// Credit notes that were booked.
    var credits: UInt64 = 0
    /// Calls reported by two sources, counted once.
    var joined: UInt64 = 0
    /// Known calls of which another cost was told.
    var rerated: UInt64 = 0
    /// Costs of calls that are not known.
    var costs: UInt64 = 0
    /// By the name of the error.
    var errors: [String: UInt64] = [:]

    /// All errors, whatever their name.
    var errorCount: UInt64 { errors.values.reduce(0, &+) }

    /// The name of the engine's errors: times that run backwards or overflow, indices out of range.
    static let invalid = "invalid"

    /// The name of records that name another customer than the one to which the observed call belongs.
    static let otherCustomer = "other_customer"

    init(received: UInt64 = 0) {
        self.received = received
    }

    /// Names may come from programs, so their number and length are limited: those beyond count as `other`.
    mutating func countError(_ name: String, times: UInt64 = 1) {
        if times == 0 { return }
        let isKept =
            errors[name] != nil || errors.count < Limits.errorNames && name.utf8.count <= Limits.errorNameBytes
        // Wrapping is right: 2^64 errors do not happen, and a program that claims so must not stop us.
        errors[isKept ? name : "other", default: 0] &+= times
    }

    /// Adds the engine's summary of a batch (what is in the future is in the engine's own status).
    mutating func add(_ summary: IngestSummary) {
        // Fewer: what counted at once was later refused by the switch.
        if summary.calls < 0 {
            calls -= min(calls, UInt64(summary.calls.magnitude))
        } else {
            calls &+= UInt64(summary.calls)
        }
        duplicates &+= UInt64(clamping: summary.duplicates)
        notCalls &+= UInt64(clamping: summary.ignored)
        joined &+= UInt64(clamping: summary.joined)
        rerated &+= UInt64(clamping: summary.rerated)
        costs &+= UInt64(clamping: summary.costs)
        credits &+= UInt64(clamping: summary.credits)
        for (name, count) in summary.refusedByName { countError(name, times: UInt64(clamping: count)) }
    }

    static func += (left: inout FeedCounts, right: FeedCounts) {
        left.received &+= right.received
        left.calls &+= right.calls
        left.duplicates &+= right.duplicates
        left.notCalls &+= right.notCalls
        left.credits &+= right.credits
        left.joined &+= right.joined
        left.rerated &+= right.rerated
        left.costs &+= right.costs
        for (name, count) in right.errors { left.countError(name, times: count) }
    }
}
