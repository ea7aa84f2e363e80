import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Which accounting row belongs to which attempt: the whole table, and both sides of every border.
@Suite struct AttemptTests {
    private static let second: Int64 = 1_000_000
    private static let time: Int64 = 1_795_387_050 * second
    private static let other = CallKey(high: 3, low: 4)

    private static func attempt(
        code: UInt16 = 200, isAnswered: Bool = false, mayGoOn: Bool = false, end: Int64? = nil,
        otherSide: CallKey = other
    ) -> Attempt {
        Attempt(
            key: CallKey(high: 1, low: 2), sequence: 1, isAnswered: isAnswered, beginMicros: time,
            timeMicros: time + 100 * second, code: code, mayGoOn: mayGoOn, partyKey: .none, otherSide: otherSide,
            endMicros: end)
    }

    /// An INVITE row this long after the attempt's last transaction.
    private static func goesOn(_ attempt: Attempt, _ micros: Int64, otherSide: CallKey = other) -> Bool {
        attempt.goesOn(at: time + 100 * second + micros, otherSide: otherSide)
    }

    private static let near = CDRLimits.identityMicros

    /// Rows of about the same time are one attempt, from ten seconds before its begin on.
    @Test func rowsOfAboutTheSameTime() {
        for attempt in [
            Self.attempt(code: 486), Self.attempt(code: 401, mayGoOn: true), Self.attempt(isAnswered: true),
            Self.attempt(isAnswered: true, end: Self.time + 100 * Self.second),
        ] {
            let begin = -100 * Self.second - Self.near
            for (micros, isIts) in [(begin - 1, false), (begin, true), (0, true), (Self.near, true)] {
                #expect(Self.goesOn(attempt, micros) == isIts, "\(attempt.code), \(micros)")
            }
        }
    }

    /// After a failure: a challenge, a redirection and an error are tried again for four minutes, a refusal is not.
    @Test func laterRowsAfterAFailure() {
        for (code, mayGoOn, isTriedAgain) in [
            (UInt16(401), true, true), (302, true, true), (407, false, false), (407, true, true), (408, false, true),
            (409, false, false), (480, false, false), (486, false, false), (487, false, false), (499, false, false),
            (500, false, true), (503, false, true), (599, false, true), (600, false, false), (603, false, false),
        ] {
            let attempt = Self.attempt(code: code, mayGoOn: mayGoOn)
            for (micros, isInTime) in [
                (Self.near + 1, true), (CDRLimits.attemptMicros, true), (CDRLimits.attemptMicros + 1, false),
            ] {
                #expect(Self.goesOn(attempt, micros) == (isTriedAgain && isInTime), "\(code), \(micros)")
            }
        }
    }

    /// After an answer: re-INVITEs of the same dialog until its end, however long that takes.
    @Test func laterRowsAfterAnAnswer() {
        let third = CallKey(high: 5, low: 6)
        for own in [Self.other, .none] {
            for row in [Self.other, third, .none] {
                let isSame = own == row || own == .none || row == .none
                for micros in [Self.near + 1, 86_400 * Self.second] {
                    let open = Self.attempt(isAnswered: true, otherSide: own)
                    #expect(Self.goesOn(open, micros, otherSide: row) == isSame)
                }
                // With an end that decides.
                let end = 50 * Self.second
                let ended = Self.attempt(isAnswered: true, end: Self.time + 100 * Self.second + end, otherSide: own)
                for (micros, isBefore) in [(end, true), (end + Self.near, true), (end + Self.near + 1, false)] {
                    #expect(Self.goesOn(ended, micros, otherSide: row) == isBefore)
                }
            }
        }
    }

    /// A BYE row comes ten seconds before the answer at the earliest, and not after another one.
    @Test func ends() {
        let end = Self.time + 200 * Self.second
        for (attempt, micros, isIts) in [
            (Self.attempt(isAnswered: true), -Self.near - 1, false), (Self.attempt(isAnswered: true), -Self.near, true),
            (Self.attempt(isAnswered: true), 86_400 * Self.second, true),
            (Self.attempt(isAnswered: true, end: end), 100 * Self.second + Self.near, true),
            (Self.attempt(isAnswered: true, end: end), 100 * Self.second + Self.near + 1, false),
        ] {
            #expect(attempt.mayEnd(at: Self.time + 100 * Self.second + micros) == isIts, "\(micros)")
        }
    }

    /// The end in another file finds the call that began less than four hours before, from wherever in an hour to
    /// wherever in another.
    @Test func keysOfAnEnd() {
        let id = CallKey(high: 8, low: 9)
        let hour = CDRLimits.attemptSlotMicros
        let start = Self.time / hour * hour
        for begin in [0, 1, hour - 1, hour, 5 * hour / 2, start - 1, start, Self.time] {
            let key = Attempt.key(id, at: begin, after: nil)
            for length in [0, 1, hour, 2 * hour, 4 * hour - 1, 4 * hour] {
                let keys = Attempt.keys(id, endingAt: begin + length)
                #expect(keys.contains(key) && keys.count <= Int(CDRLimits.attemptSlots), "\(begin), \(length)")
                #expect(Set(keys).count == keys.count)
            }
            #expect(!Attempt.keys(id, endingAt: begin + 6 * hour).contains(key))
        }
    }

    /// A second attempt of an id in one hour has a key of its own, one in another hour that of its hour.
    @Test func keysOfAttempts() {
        let id = CallKey(high: 8, low: 9)
        let hour = CDRLimits.attemptSlotMicros
        let start = Self.time / hour * hour
        var former = Self.attempt()
        for (at, isOwn) in [(start, true), (start + hour - 1, true), (start - 1, false), (start + hour, false)] {
            former.timeMicros = at
            let key = Attempt.key(id, at: start + hour / 2, after: former)
            #expect((key != Attempt.key(id, at: start, after: nil)) == isOwn, "\(at - start)")
        }
        former.timeMicros = start
        let seconds = [0, 999_999, 1_000_000].map { Attempt.key(id, at: start + $0, after: former) }
        #expect(seconds[0] == seconds[1] && seconds[0] != seconds[2])
    }

    private static func numbered(_ number: Int, at second: Int64, end: Int64? = nil) -> Attempt {
        var attempt = attempt(end: end)
        (attempt.key, attempt.timeMicros) = (CallKey(high: 1, low: UInt64(number)), time + second * Self.second)
        return attempt
    }

    /// Attempts of one id, stored in any order and stored again with their ends: a BYE is of the latest before it.
    @Test(arguments: Seeds.of(1, 2, 3)) func attemptsOfOneID(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let id = CallKey(high: 8, low: 9)
        for _ in 0..<200 {
            var attempts = Attempts()
            var plain: [Attempt] = []
            let count = Int.random(in: 1...CDRLimits.attemptsOfOneID + 1, using: &random)
            for second in (0..<count).map({ Int64($0) * 100 }).shuffled(using: &random) {
                let attempt = Self.numbered(Int(second), at: second)
                attempts.store(attempt, for: id)
                plain.append(attempt)
                if Bool.random(using: &random), let place = plain.indices.randomElement(using: &random) {
                    plain[place].endMicros = plain[place].timeMicros + 20 * Self.second
                    attempts.store(plain[place], for: id)
                }
            }
            plain.sort { $0.timeMicros < $1.timeMicros }
            #expect(attempts.newest(id)?.key == plain.last?.key, "seed \(seed)")
            for _ in 0..<20 {
                let at = Self.time + Int64.random(in: -2...20, using: &random) * 50 * Self.second
                let right = plain.last { $0.mayEnd(at: at) }
                #expect(attempts.attempt(id, endingAt: at)?.key == right?.key, "seed \(seed)")
                let next = plain.last { $0.goesOn(at: at, otherSide: Self.other) }
                let found = attempts.attempt(id, goingOnAt: at, otherSide: Self.other)
                #expect(found?.key == next?.key, "seed \(seed)")
            }
        }
    }

    /// So many earlier attempts of an id are remembered, and the oldest is forgotten.
    @Test func earlierAttemptsOfAnID() {
        let id = CallKey(high: 8, low: 9)
        var attempts = Attempts()
        let count = CDRLimits.attemptsOfOneID + 4
        for number in 0..<count { attempts.store(Self.numbered(number, at: Int64(number) * 100), for: id) }
        for number in 0..<count {
            let found = attempts.attempt(id, endingAt: Self.time + Int64(number) * 100 * Self.second)
            let isKnown = number >= count - 1 - CDRLimits.attemptsOfOneID
            #expect(found?.key.low == (isKnown ? UInt64(number) : nil), "\(number)")
        }
        #expect(attempts.newest(.none) == nil && attempts.attempt(.none, endingAt: Self.time) == nil)
    }
}
