import CallEvents
import Randomness
import Testing

@testable import Board

/// Whether so few answers are chance: the tail's figures, and a board of which nothing is wrong.
@Suite struct AnswerDropTests {
    /// By sums of 40 digits.
    @Test(
        arguments: [
            (0, 20, 50, 50, 4.70969931565238e-6), (3, 40, 60, 40, 2.22193577025021e-9),
            (10, 100, 120, 80, 3.32265370010149e-18), (30, 200, 250, 250, 3.93459477847501e-19),
            (150, 1_000, 100, 120, 2.95872619253567e-21), (200, 4_000, 30, 70, 3.17746641201656e-15),
            (1, 50, 0.5, 0.5, 0.119785821926158), (900, 1_000, 95, 3, 0.00347004837935392),
            (0, 1_000, 49.5, 50.5, 1.94840912414583e-58), (12, 60, 400, 100, 2.14139521876461e-20),
            (5, 5, 2, 2, 1), (0, 1, 2, 3, 0.6),
        ] as [(Int64, Int64, Double, Double, Double)])
    func tailsAreRight(answered: Int64, count: Int64, alpha: Double, beta: Double, expected: Double) {
        let tail = BetaBinomial(count: count, alpha: alpha, beta: beta).tail(answered)
        #expect(abs(tail - expected) <= 1e-10 * expected, "\(tail)")
    }

    @Test(arguments: [
        (1e-3, 6.90717888538385366), (0.5, 0.572364942924700087), (1, 0), (7.25, 7.05218545073853944),
        (100.1, 359.594271788856785), (1_234_567.8, 16_081_759.8800561067),
    ])
    func logarithmsOfGammaAreRight(number: Double, expected: Double) {
        #expect(abs(LogGamma.of(number) - expected) <= 1e-13 * max(1, abs(expected)))
    }

    @Test(arguments: [
        (50, 50, 0.3, 1.55477997614433e-5), (2.5, 7.5, 0.05, 0.0258091492841759),
        (400, 100, 0.65, 7.97553640816029e-14),
        (30, 70, 0.05, 6.29271905411079e-16),
    ])
    func incompleteBetasAreRight(a: Double, b: Double, x: Double, expected: Double) {
        #expect(abs(LogGamma.incompleteBeta(x, a, b) - expected) <= 1e-10 * expected)
    }

    /// Giving up early says what the whole sum says.
    @Test(arguments: Seeds.of(1, 2)) func theQuickAnswerIsTheRightOne(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var below = 0
        for _ in 0..<600 {
            let count = Int64.random(in: 1...600, using: &random)
            let before = Int64.random(in: 20...20_000, using: &random)
            let drop = AnswerDrop(
                recent: (count, .random(in: 0...count, using: &random)),
                before: (before, .random(in: 0...before, using: &random)))
            let dispersion = Double.random(in: 0.001...0.05, using: &random)
            let probability = drop.probability(dispersion)
            for level in [1e-12, 1e-6, 1e-3] where abs(probability - level) > 1e-9 * level {
                #expect(drop.isUnlikely(dispersion, level: level) == (probability < level), "\(drop) \(dispersion)")
                below += probability < level ? 1 : 0
            }
        }
        #expect(below > 200)
    }

    /// What a window that slides shows by chance is counted as often as it is at most, and one that stands still shows
    /// less.
    @Test(arguments: Seeds.fixed(3)) func aWindowThatSlidesShowsChanceMoreOften(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (length, stretches, few) = (100, 20_000, 35)
        var calls = [Bool](repeating: false, count: length * (stretches + 1))
        for place in calls.indices { calls[place] = Bool.random(using: &random) }
        var answered = calls.prefix(length).count { $0 }
        var (found, last) = (0, 0)
        for place in length..<calls.count {
            answered += (calls[place] ? 1 : 0) - (calls[place - length] ? 1 : 0)
            // What lies within a window's length of another is the same chance.
            guard answered <= few else { continue }
            if place - last >= length { found += 1 }
            last = place
        }
        let probability = Chance.atMost(Int64(few), of: Int64(length), share: 0.5)
        // 35 of 100 lie three standard deviations below the mean.
        let ratio = Double(found) / Double(stretches) / probability
        #expect(ratio > 2 && ratio < 9, "\(ratio)")
        #expect(DropWindow.looks == 5 * 25)
    }

    /// No answer in many calls is within two standard deviations of a low ASR that varies much, and no chance all the
    /// same.
    @Test func aLowASRThatEndsIsSeen() {
        for count in [Int64(1_000), 20_000] {
            let drop = AnswerDrop(recent: (count, 0), before: (200_000, 20_000))
            #expect(drop.isUnlikely(0.025, level: 1e-3) && drop.probability(0.025) < 1e-3)
        }
        let drop = AnswerDrop(recent: (20_000, 0), before: (200_000, 20_000))
        #expect(drop.isUnlikely(0.025, level: 1e-6) && drop.probability(0.025) < 1e-6)
    }

    /// One by one added up and by the continuous form: the same where they meet.
    @Test func manyAnswersAreAsGoodAsContinuous() {
        for (answered, expected) in [
            (4_090, 2.505221823973119e-6), (4_097, 2.724511966664747e-6), (4_110, 3.181007306839743e-6),
        ]
            as [(Int64, Double)]
        {
            let tail = BetaBinomial(count: 12_000, mean: 0.5, correlation: 0.005).tail(answered)
            #expect(abs(tail / expected - 1) < 0.03, "\(answered): \(tail)")
        }
    }

    /// What is measured is what ASR differs by, also while that of two customers in five is a third of the usual.
    @Test(arguments: Seeds.fixed(8)) func aFaultOfManyIsNoDispersion(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var dispersion = AnswerDispersion()
        for _ in 0..<100 {
            for customer in 0..<100 {
                // A standard deviation of 5 points.
                let drift = (0..<3).reduce(0.0) { sum, _ in sum + .random(in: -0.05...0.05, using: &random) }
                let share = (0.5 + drift) * (customer < 40 ? 0.3 : 1)
                let answered = (0..<200).count { _ in Double.random(in: 0..<1, using: &random) < share }
                dispersion.add(AnswerDrop(recent: (200, Int64(answered)), before: (10_000, 5_000)))
            }
            dispersion.endRound(seconds: 60)
        }
        #expect((0.007...0.013).contains(dispersion.value), "\(dispersion.value)")
    }

    /// Six hours of calls whose ASR differs from quarter to quarter, and then some customers lose most of their
    /// answers.
    @Test(arguments: Seeds.fixed(7)) func nothingIsSaidOfChanceAndFallsAreFound(seed: UInt64) {
        let start: Int64 = 1_700_000_100_000_000
        let customers = 150
        let engine = makeEngine(customers: customers, clock: .events, now: start)
        var random = SeededGenerator(seed: seed)
        let usual = (0..<customers).map { _ in Double.random(in: 0.35...0.7, using: &random) }
        var raised: Set<UInt32> = []
        for quarter in 0..<26 {
            for part in 0..<3 {
                let now = start + Int64(quarter * 900 + part * 300) * 1_000_000
                var batch = CallRecordBatch()
                for customer in 0..<customers {
                    batch.parties.append(Party(customerID: UInt32(customer + 1)))
                    // A spread of about 4 points.
                    let noise = (0..<3).reduce(0.0) { sum, _ in sum + .random(in: -0.04...0.04, using: &random) }
                    let isFallen = quarter >= 24 && customer < 5
                    let share = isFallen ? 0.02 : usual[customer] + noise
                    for call in 0..<(customer < 40 ? 40 : 6) {
                        let isAnswered = Double.random(in: 0..<1, using: &random) < share
                        batch.party.append(UInt32(customer))
                        batch.setupMicros.append(now - 20_000_000 + Int64(call))
                        batch.ringMilliseconds.append(500)
                        batch.answerMilliseconds.append(isAnswered ? 1_000 : CallRecordBatch.never)
                        batch.endMilliseconds.append(20_000)
                        batch.talkMilliseconds.append(CallRecordBatch.never)
                        batch.code.append(isAnswered ? 200 : 486)
                        batch.q850.append(0)
                    }
                }
                _ = engine.ingest(batch, now: now)
                engine.advance(now: now)
                for _ in 0..<3 { engine.watch(now: now) }
                let found = engine.raisedWarnings(
                    customerID: 0, kind: .asrDrop, withMuted: false, limit: 1_000, now: now)
                raised.formUnion(found.warnings.map(\.customerID))
                if quarter < 24 { #expect(found.total == 0, "\(found.warnings.first?.reason ?? "")") }
            }
        }
        #expect(raised == [1, 2, 3, 4, 5])
        let list = engine.raisedWarnings(
            customerID: 1, kind: .asrDrop, withMuted: false, limit: 1, now: engine.nowMicros)
        let reason = list.warnings.first?.reason ?? ""
        #expect(reason.hasPrefix("ASR ") && reason.contains(" in the 24h before; p "), "\(reason)")
        // p and n are those of the test, and p counts all looks.
        let sample = WarningSample(engine.state, 0, engine.nowMicros)
        let all = DropWindow.allCases.compactMap { window in
            sample.drop(window, sample: 12).map { drop in
                (window, drop, drop.probability(engine.state.warnings.dispersion(window, sample.day)))
            }
        }
        guard let (window, drop, probability) = all.min(by: { $0.2 < $1.2 }) else { return #expect(all.count > 0) }
        #expect(reason.contains(" of \(drop.recent.count) calls in \(window.name), "), "\(reason)")
        #expect(reason.contains(" of \(drop.before.count) in the 24h before"), "\(reason)")
        let shown = Double(reason.split(separator: " ").last ?? "") ?? 1
        #expect(abs(shown / (125 * probability) - 1) < 0.5 && shown < 1e-6, "\(reason)")
    }
}
