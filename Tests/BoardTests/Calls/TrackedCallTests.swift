// Attempts with several branches, against a plain list of what became of each.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct TrackedCallTests {
    private static let most = BoardLimits.branchesOfCall

    private struct Failure: Equatable {
        var micros: Int64
        var code: UInt16
        var cause: UInt8
    }

    /// What a proxy passes on (RFC 3261 16.7 step 6): a 6xx, else the lowest class, in it what helps the caller.
    private func best(_ failures: [Failure]) -> Failure? {
        failures.min { one, other in
            func rank(_ failure: Failure) -> [Int64] {
                if failure.code >= 600 { return [0, 0, failure.micros] }
                let helps: Set<UInt16> = [401, 407, 415, 420, 484]
                let isBest = helps.contains(failure.code) || failure.code >= 500 && failure.code != 503
                return [Int64(failure.code) / 100, isBest ? 0 : 1, failure.micros]
            }
            return rank(one).lexicographicallyPrecedes(rank(other))
        }
    }

    /// Set-ups and failures of up to as many branches as are remembered, in any order, some of them twice.
    @Test(arguments: Seeds.fixed(0..<60)) func anAttemptFailsWhenAllItsBranchesHave(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let start: Int64 = 1_750_000_000_000_000
        let count = Int.random(in: 2...Self.most, using: &random)
        let codes: [UInt16] = [302, 401, 404, 407, 480, 484, 486, 500, 502, 503, 504, 600, 603]
        var failures: [UInt64: Failure] = [:]
        for branch in 1...UInt64(count) where Int.random(in: 0..<12, using: &random) != 0 {
            failures[branch] = Failure(
                micros: start + 1_000 + Int64(branch) * 7, code: codes.randomElement(using: &random) ?? 486,
                cause: UInt8.random(in: 0...2, using: &random))
        }
        var events: [(branch: UInt64, isSetup: Bool)] = []
        for branch in 1...UInt64(count) {
            events.append((branch, true))
            if failures[branch] != nil { events.append((branch, false)) }
        }
        events.append(contentsOf: events.filter { _ in Bool.random(using: &random) })
        events.shuffle(using: &random)
        var call = TrackedCall(key: CallKey(high: 1, low: 1), customer: 0)
        // The first INVITE comes first: which branch is the call's own depends on nothing else.
        call.observeSetup(at: start + 1, sequence: 1, isTimed: true, branch: 1)
        for (branch, isSetup) in events {
            if isSetup {
                call.observeSetup(at: start + Int64(branch), sequence: 1, isTimed: true, branch: branch)
            } else if let failure = failures[branch] {
                call.observeFailure(
                    at: failure.micros, sequence: 1, code: failure.code, cause: failure.cause, branch: branch)
                // Again, and later: the earliest counts.
                call.observeFailure(at: failure.micros + 9, sequence: 1, code: 503, cause: 0, branch: branch)
            }
        }
        let hasFailed = failures.count == count
        #expect(call.isFailed == hasFailed, "seed \(seed)")
        if hasFailed, let best = best(Array(failures.values)) {
            #expect(call.failureCode == best.code && call.failureCause == best.cause, "seed \(seed)")
            #expect(call.failureMicros == failures.values.map(\.micros).max(), "seed \(seed)")
        }
        #expect((1...UInt64(count)).allSatisfy { call.knows(branch: $0) }, "seed \(seed)")
    }

    /// One more than are remembered: a failed one makes room, wherever it stands, else the oldest.
    @Test func oneBranchTooMany() {
        for failed in [nil] + (1...UInt64(Self.most)).map(Optional.some) {
            var call = TrackedCall(key: CallKey(high: 1, low: 1), customer: 0)
            for branch in 1...UInt64(Self.most) {
                call.observeSetup(at: Int64(branch), sequence: 1, isTimed: true, branch: branch)
            }
            if let failed { call.observeFailure(at: 100, sequence: 1, code: 486, cause: 0, branch: failed) }
            call.observeSetup(at: 200, sequence: 1, isTimed: true, branch: 99)
            let left = (1...UInt64(Self.most)).filter { $0 != failed ?? 1 }
            #expect(call.branches.map(\.branch) == left + [99], "\(failed ?? 0)")
            // The next one, too, is remembered by its failure alone.
            call.observeFailure(at: 300, sequence: 1, code: 404, cause: 0, branch: 100)
            #expect(call.branches.count == Self.most && call.branches.last?.branch == 100)
        }
    }
}
