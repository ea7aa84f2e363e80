import CallEvents

@testable import Board

/// The obvious board: it keeps every event in a list and works every figure out from all of them, each time it is
/// asked.
struct NaiveBoard {
    struct Heard {
        var kind: CallEventKind
        var key: UInt64
        var micros: Int64
        var customer: Int
        var sequence: UInt32
        var code: UInt16
        /// The clock when it came.
        var arrival: Int64
    }

    struct Figures: Equatable {
        var bids = 0, attempts = 0, answered = 0, failed = 0, ended = 0, talked = 0, short = 0, pddCount = 0, active = 0
        var pddMilliseconds = 0, talkMilliseconds = 0, cpsPeak = 0, cps = 0
    }

    var heard: [Heard] = []

    /// Figures of one customer in a window; `from` is its first microsecond.
    func figures(customer: Int, window: Window, now: Int64) -> Figures {
        let nowSecond = now / 1_000_000
        let slot = window.slotSeconds
        let from = window == .all ? Int64.min : (nowSecond / slot * slot + slot - window.seconds) * 1_000_000
        let end = (nowSecond + 1) * 1_000_000
        let covers = { (micros: Int64) in micros >= from && micros < end }
        var result = Figures()
        var setupsBySecond: [Int64: Int] = [:]
        for (_, events) in Dictionary(grouping: heard, by: \.key) {
            guard let setup = events.filter({ $0.kind == .setup }).map(\.micros).min() else { continue }
            guard events.first(where: { $0.kind == .setup })?.customer == customer else { continue }
            let call = outcome(of: events, setup: setup, now: now)
            if covers(setup) {
                result.bids += 1
                if call.blocked == false { result.attempts += 1 }
                setupsBySecond[setup / 1_000_000, default: 0] += 1
            }
            if setup / 1_000_000 == nowSecond - 1 { result.cps += 1 }
            if call.isLive { result.active += 1 }
            if let at = call.outcomeMicros, covers(at) {
                if call.isAnswered { result.answered += 1 } else { result.failed += 1 }
                if let pdd = call.pdd {
                    result.pddCount += 1
                    result.pddMilliseconds += pdd
                }
            }
            if let at = call.endMicros, covers(at) {
                result.ended += 1
                if let talk = call.talk {
                    result.talked += 1
                    result.talkMilliseconds += talk
                    if talk <= 6_000 { result.short += 1 }
                }
            }
        }
        result.cpsPeak = setupsBySecond.values.max() ?? 0
        return result
    }

    private struct Outcome {
        var outcomeMicros: Int64?
        var isAnswered = false
        var blocked = false
        var pdd: Int?
        var endMicros: Int64?
        var talk: Int?
        var isLive = false
    }

    private func outcome(of events: [Heard], setup: Int64, now: Int64) -> Outcome {
        let times = { (kind: CallEventKind) in events.filter { $0.kind == kind }.map(\.micros).min() }
        let ring = times(.ring)
        let milliseconds = { (from: Int64, to: Int64) in Int(max(0, to - from) + 500) / 1_000 }
        var result = Outcome()
        if let answer = times(.answer) {
            result.isAnswered = true
            result.outcomeMicros = max(answer, setup)
            result.pdd = milliseconds(setup, min(ring ?? answer, answer))
            if let end = times(.end) {
                result.endMicros = max(end, max(answer, setup))
                result.talk = milliseconds(answer, end)
            } else {
                result.isLive = now / 1_000_000 < lastNews(events) + 4 * 3_600
            }
            return result
        }
        let lastInvite = events.filter { $0.kind == .setup }.map(\.sequence).max() ?? 0
        let failures = events.filter { $0.kind == .failure }
        let top = failures.map(\.sequence).max() ?? 0
        var failedAt: Int64?
        if !failures.isEmpty && top >= lastInvite {
            let failure = failures.filter { $0.sequence == top }.min { $0.micros < $1.micros }
            failedAt = failure?.micros
            result.blocked = failure?.code == OutcomeTable.blockedCode
        } else {
            let patience: Int64 = ring == nil ? 32 : 180
            if now / 1_000_000 >= lastNews(events) + patience {
                failedAt =
                    max(setup, events.filter { $0.kind == .ring }.map(\.micros).max() ?? 0) + patience * 1_000_000
            }
        }
        result.isLive = failedAt == nil
        guard let failedAt else { return result }
        result.outcomeMicros = max(failedAt, setup)
        result.endMicros = result.outcomeMicros
        if let ring, ring <= failedAt { result.pdd = milliseconds(setup, ring) }
        return result
    }

    /// Second in which something new was heard last: repetitions are none, except of an INVITE of a call that is not
    /// over, and of the ringing.
    private func lastNews(_ events: [Heard]) -> Int64 {
        var known: [String: Int64] = [:]
        var latestRing: Int64 = 0
        var last: Int64 = 0
        for event in events {
            let name = "\(event.kind)\(event.kind == .failure ? event.sequence : 0)"
            let sequence = Int64(event.sequence)
            let isNew: Bool
            if event.kind == .setup {
                isNew = true
                known["sequence"] = max(known["sequence"] ?? 0, sequence)
            } else {
                isNew =
                    known[name].map { event.micros < $0 } ?? true || event.kind == .ring && event.micros > latestRing
            }
            if event.kind == .ring { latestRing = max(latestRing, event.micros) }
            if isNew { last = event.arrival / 1_000_000 }
            known[name] = min(known[name] ?? event.micros, event.micros)
        }
        return last
    }
}
