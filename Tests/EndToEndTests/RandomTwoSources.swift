// Invented calls of which SIP messages are heard and CDR rows are told, some of either lost; and what the board has to
// show of them, worked out call by call from what was left, in the plainest way.

import CallEvents
import Randomness

struct RandomTwoSources {
    enum Source: Comparable { case message, row }

    /// A HEP packet or a CDR row.
    struct Telling {
        /// When it happened, microseconds since 1970.
        var micros: Int64
        var packet: [UInt8] = []
        var row = ""
    }

    static let customer = "198.51.100.130"
    private static let host = "192.0.2.1"
    static let columns = ["id", "call_id", "ip", "setup_at", "ring_at", "answer_at", "end_at", "code", "cost"]

    private(set) var messages: [Telling] = []
    private(set) var rows: [Telling] = []
    private(set) var truth = Truth()

    struct Truth: Equatable {
        var attempts = 0, answered = 0, failed = 0, talked = 0, delays = 0
        var talkMilliseconds: Int64 = 0, delayMilliseconds: Int64 = 0, costMicros: Int64 = 0
        var codes: [Int: Int] = [:]
    }

    /// One call as it was.
    fileprivate struct Call {
        var callID: String
        var setup: Int64
        /// 0: no challenge.
        var challenge: Int64 = 0
        var ring: Int64 = 0
        var answer: Int64 = 0
        var end: Int64 = 0
        var code = 200
    }

    /// What is left of it on the wire; 0: not heard.
    fileprivate struct Heard {
        var setup: Int64 = 0, ring: Int64 = 0, answer: Int64 = 0, failure: Int64 = 0, end: Int64 = 0
        var code = 0
        /// The caller went on after the challenge.
        var goesOn = false
    }

    /// What a row tells; its clock is another one's.
    fileprivate struct Row {
        var setup: Int64, ring: Int64, answer: Int64, end: Int64
        var code: Int
        var cost: Int64
    }

    init(count: Int, from start: Int64, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var clock = start
        for number in 0..<count {
            clock += Int64.random(in: 100...20_000, using: &generator) * 1_000
            // A Call-ID comes back an hour or more later.
            let id = number >= 200 ? number - 200 : number
            clock += number == 200 ? 4_000_000_000 : 0
            let call = Self.call("call\(id)@\(Self.customer)", at: clock, using: &generator)
            let loss = [0, 0, 3, 6].randomElement(using: &generator) ?? 0
            var heard = Heard()
            if Int.random(in: 0..<6, using: &generator) != 0 { tell(call, number, loss, &heard, using: &generator) }
            var row: Row?
            if Int.random(in: 0..<6, using: &generator) != 0 {
                row = Self.row(of: call, using: &generator)
                add(row, call, number)
            }
            truth.add(heard, row)
        }
        messages.sort { $0.micros < $1.micros }
        rows.sort { $0.micros < $1.micros }
    }

    private static func call(
        _ callID: String, at setup: Int64, using generator: inout SeededGenerator
    ) -> Call {
        var call = Call(callID: callID, setup: setup)
        var clock = setup
        func wait(_ range: ClosedRange<Int64>) -> Int64 {
            clock += Int64.random(in: range, using: &generator) * 1_000
            return clock
        }
        if Int.random(in: 0..<4, using: &generator) == 0 { call.challenge = wait(5...300) }
        if Int.random(in: 0..<3, using: &generator) != 0 { call.ring = wait(100...4_000) }
        if Int.random(in: 0..<3, using: &generator) == 0 {
            call.end = wait(100...20_000)
            call.code = [486, 480, 404, 603, 503].randomElement(using: &generator) ?? 486
        } else {
            call.answer = wait(100...20_000)
            call.end = wait(500...400_000)
        }
        return call
    }

    // MARK: - Messages

    private mutating func tell(
        _ call: Call, _ number: Int, _ loss: Int, _ heard: inout Heard, using generator: inout SeededGenerator
    ) {
        func isLost() -> Bool { loss != 0 && Int.random(in: 0..<loss, using: &generator) == 0 }
        let hasChallenge = call.challenge != 0
        if !isLost() {
            add(call, number, "INVITE", call.setup, sequence: 1)
            heard.setup = call.setup
        }
        if hasChallenge {
            if !isLost() {
                add(call, number, "407", call.challenge, sequence: 1)
                (heard.failure, heard.code) = (call.challenge, 407)
            }
            if !isLost() {
                add(call, number, "INVITE", call.challenge + 1_000, sequence: 2)
                if heard.setup == 0 { heard.setup = call.challenge + 1_000 }
                heard.goesOn = true
            }
        }
        let sequence = hasChallenge ? 2 : 1
        if call.ring != 0, !isLost() {
            add(call, number, "180", call.ring, sequence: sequence)
            heard.ring = call.ring
        }
        if call.answer == 0 {
            if isLost() { return }
            add(call, number, "\(call.code)", call.end, sequence: sequence)
            (heard.failure, heard.code, heard.goesOn) = (call.end, call.code, false)
            return
        }
        let isAnswerLost = isLost()
        if !isAnswerLost {
            add(call, number, "200", call.answer, sequence: sequence)
            heard.answer = call.answer
        }
        if !isLost() {
            add(call, number, "BYE", call.end, sequence: sequence + 1)
            // Without the 200 the board does not know the dialog, and the BYE ends nothing.
            if !isAnswerLost { heard.end = call.end }
        }
    }

    private mutating func add(_ call: Call, _ number: Int, _ what: String, _ micros: Int64, sequence: Int) {
        let isRequest = what == "INVITE" || what == "BYE"
        let method = what == "BYE" ? "BYE" : "INVITE"
        let hasToTag = what == "BYE" || what == "180" || what == "200"
        let text = """
            \(isRequest ? "\(method) sip:4420@\(Self.host) SIP/2.0" : "SIP/2.0 \(what) Reason")
            Via: SIP/2.0/UDP \(Self.customer);branch=z9hG4bK\(number)x\(sequence)x\(method)
            From: <sip:100@\(Self.customer)>;tag=from\(number)
            To: <sip:4420@\(Self.host)>\(hasToTag ? ";tag=to\(number)" : "")
            Call-ID: \(call.callID)
            CSeq: \(sequence) \(method)
            Content-Length: 0


            """
        let (source, destination) = isRequest ? (Self.customer, Self.host) : (Self.host, Self.customer)
        messages.append(
            Telling(
                micros: micros,
                packet: HEPPacketMaker.packet(
                    Array(text.replacing("\n", with: "\r\n").utf8), micros: micros, from: source, to: destination)))
    }

    // MARK: - Rows

    private static func row(of call: Call, using generator: inout SeededGenerator) -> Row {
        // Milliseconds, by a clock that differs.
        let ahead = Int64.random(in: -3_000...3_000, using: &generator) * 1_000
        func told(_ micros: Int64) -> Int64 { micros == 0 ? 0 : (micros + ahead) / 1_000 * 1_000 }
        return Row(
            setup: told(call.setup), ring: told(call.ring), answer: told(call.answer), end: told(call.end),
            code: call.code,
            cost: call.answer == 0 ? 0 : Int64.random(in: 0...3, using: &generator) * 10_000)
    }

    private mutating func add(_ row: Row?, _ call: Call, _ number: Int) {
        guard let row else { return }
        func time(_ micros: Int64) -> String { micros == 0 ? "" : "\(micros / 1_000)" }
        let cells = [
            "row\(number)", call.callID, Self.customer, time(row.setup), time(row.ring), time(row.answer),
            time(row.end), "\(row.code)", "0.0\(row.cost / 10_000)",
        ]
        rows.append(Telling(micros: row.end, row: cells.joined(separator: ",") + "\n"))
    }
}

// MARK: - What it comes to

extension RandomTwoSources.Truth {
    fileprivate mutating func add(_ heard: RandomTwoSources.Heard, _ row: RandomTwoSources.Row?) {
        if let row { costMicros += row.cost }
        guard heard.setup != 0 else {
            if let row { add(row, setup: row.setup, ring: row.ring) }
            return
        }
        if heard.answer != 0 {
            attempts += 1
            answer(delay: (heard.ring == 0 ? heard.answer : min(heard.ring, heard.answer)) - heard.setup)
            if heard.end != 0 { talk(heard.end - heard.answer) } else if let row { talk(row.end - row.answer) }
            return
        }
        let hasFailed = heard.failure != 0 && !heard.goesOn
        if hasFailed, heard.code != 407 || row == nil {
            attempts += 1
            // It may ring after a challenge that the caller followed by an INVITE which was lost.
            let rang = heard.ring != 0 && heard.ring <= heard.failure
            return fail(heard.code, delay: rang ? heard.ring - heard.setup : 0)
        }
        guard let row else {
            attempts += 1
            return fail(408, delay: heard.ring == 0 ? 0 : heard.ring - heard.setup)
        }
        let ring = heard.ring != 0 ? heard.ring : row.ring == 0 ? 0 : heard.setup + row.ring - row.setup
        add(row, setup: heard.setup, ring: ring)
    }

    private mutating func add(_ row: RandomTwoSources.Row, setup: Int64, ring: Int64) {
        attempts += 1
        if row.answer == 0 { return fail(row.code, delay: ring == 0 || ring > row.end ? 0 : ring - setup) }
        answer(delay: (ring == 0 ? row.answer : min(ring, row.answer)) - setup)
        talk(row.end - row.answer)
    }

    private mutating func answer(delay: Int64) {
        answered += 1
        codes[200, default: 0] += 1
        delays += 1
        delayMilliseconds += max(0, delay + 500) / 1_000
    }

    private mutating func talk(_ micros: Int64) {
        talked += 1
        talkMilliseconds += (micros + 500) / 1_000
    }

    /// - Parameter delay: 0: it did not ring.
    private mutating func fail(_ code: Int, delay: Int64) {
        failed += 1
        codes[code, default: 0] += 1
        if delay == 0 { return }
        delays += 1
        delayMilliseconds += (delay + 500) / 1_000
    }
}
