// Invented calls as the SIP messages that switches mirror, with what real networks do: proxies that fail over by
// another branch, and from another address of their own, requests within a dialog from other addresses, gateways whose
// Call-IDs come back, announcements of minutes, session timers, datagrams that overtake each other, two agents that see
// the same message and whose clocks differ, IPv4 and IPv6.

import CallEvents
import Randomness

struct RandomDialogs {
    /// A message and when, whence and whither it went.
    struct Message {
        var micros: Int64
        var source: String
        var destination: String
        var text: String
        /// Of one connection, whose payloads may be cut and joined; nil: a datagram.
        var connection: Int?
        /// Who saw it.
        var agent = 1
        /// When the agent's packet comes: datagrams overtake each other.
        var arrivalMicros: Int64
    }

    /// What a restart forgets of messages under way is not to happen then.
    struct Options {
        /// A proxy fails over from another address, and an answer that was lost is acknowledged from elsewhere.
        var hasOtherAddresses = true
        /// Datagrams come up to so many microseconds late.
        var disorderMicros: Int64 = 400_000
        /// Some dialogs say how long they live, go on for hours, and do not always end where an agent hears it.
        var hasSessions = true
    }

    /// What the board has to show in the end.
    struct Truth: Equatable {
        var attempts = 0, answered = 0, failed = 0, ended = 0, delays = 0
        var talkMilliseconds: Int64 = 0, delayMilliseconds: Int64 = 0
        var codes: [Int: Int] = [:]
    }

    /// All of one customer.
    static let customer = ["198.51.100.10", "198.51.100.11", "2001:db8:5::10"]
    private static let switches = [["192.0.2.1", "192.0.2.2"], ["2001:db8:f::1", "2001:db8:f::2"]]
    private static let elsewhere = [["198.51.100.99", "203.0.113.77"], ["2001:db8:5::99", "2001:db8:9::77"]]

    private(set) var messages: [Message] = []
    private(set) var truth = Truth()
    private let options: Options
    var generator: SeededGenerator
    var branch = 0
    private var tag = 0

    /// Every call is over, for some hours behind the last one time passes.
    init(count: Int, from start: Int64, seed: UInt64, _ options: Options = Options()) {
        self.options = options
        generator = SeededGenerator(seed: seed)
        var clock = start
        // A few Call-IDs for many calls, each with the same From tag: a gateway that counts from the start again and
        // again.
        var freeFrom = [Int64](repeating: 0, count: max(1, count / 4))
        for _ in 0..<count {
            clock += Int64.random(in: 1_000...20_000_000, using: &generator)
            let free = freeFrom.indices.filter { freeFrom[$0] < clock }
            guard let id = free.randomElement(using: &generator) else { continue }
            let end = addCall(id: id, setup: clock)
            // It comes back a minute later at the earliest, and mostly much later: forgotten calls come back, too.
            let pauses: [ClosedRange<Int64>] = [61...120, 600...900, 2_000...90_000]
            let pause = pauses.randomElement(using: &generator) ?? 61...120
            freeFrom[id] = end + Int64.random(in: pause, using: &generator) * 1_000_000
        }
        if options.hasSessions { passTime(until: (messages.map(\.micros).max() ?? start) + 6 * 3_600_000_000) }
        // Two of one instant in the order in which they were made.
        let order = messages.indices.sorted {
            (messages[$0].arrivalMicros, $0) < (messages[$1].arrivalMicros, $1)
        }
        messages = order.map { messages[$0] }
    }

    private mutating func addCall(id: Int, setup: Int64) -> Int64 {
        tag += 1
        var dialog = Dialog(
            id: id, toTag: "to\(tag)", connection: Bool.random(using: &generator) ? id : nil,
            caller: Int.random(in: 0..<3, using: &generator),
            sight: [.one, .one, .one, .someTwice, .allTwice].randomElement(using: &generator) ?? .one)
        var clock = setup
        var host = 0
        truth.attempts += 1
        var sequence = Int.random(in: 1...3, using: &generator)
        var branches: [(name: String, code: Int)] = []
        // A challenge or two, then branches in series, then the outcome.
        while true {
            let name = invite(dialog, clock, sequence, host)
            if Int.random(in: 0..<5, using: &generator) == 0 { invite(dialog, clock + 500_000, sequence, host, name) }
            clock += Int64.random(in: 600_000...900_000, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0 where branches.isEmpty && sequence < 6:
                answer(dialog, clock, sequence, host, name, code: 407)
                sequence += 1
            case 1, 2:
                guard branches.count < 3 else { fallthrough }
                let code = [503, 500, 486, 404].randomElement(using: &generator) ?? 503
                answer(dialog, clock, sequence, host, name, code: code)
                branches.append((name, code))
                if Int.random(in: 0..<3, using: &generator) == 0 {
                    return fail(branches.map(\.code), clock, ring: 0, setup)
                }
                host = 1 - host
                if options.hasOtherAddresses, Int.random(in: 0..<3, using: &generator) == 0 {
                    dialog.caller = Int.random(in: 0..<3, using: &generator)
                }
            default:
                return conclude(dialog, setup, clock, sequence, host, name, branches.map(\.code))
            }
            clock += Int64.random(in: 5_000...3_000_000, using: &generator)
        }
    }

    struct Dialog {
        /// How many agents see its messages: one; a second one some of them, a little later; a second one all of them,
        /// whose clock is behind.
        enum Sight { case one, someTwice, allTwice }

        var id: Int
        var toTag: String
        var connection: Int?
        /// Which of the customer's addresses.
        var caller: Int
        var sight: Sight

        private var family: Int { caller == 2 ? 1 : 0 }
        var address: String { RandomDialogs.customer[caller] }
        func host(_ host: Int) -> String { RandomDialogs.switches[family][host] }
        func elsewhere(_ place: Int) -> String { RandomDialogs.elsewhere[family][place] }
    }

    /// The last branch rings and is answered, or fails like the others.
    private mutating func conclude(
        _ dialog: Dialog, _ setup: Int64, _ begin: Int64, _ sequence: Int, _ host: Int, _ branch: String,
        _ codes: [Int]
    ) -> Int64 {
        var clock = begin
        var ring: Int64 = 0
        if Int.random(in: 0..<3, using: &generator) != 0 {
            ring = clock
            answer(
                dialog, clock, sequence, host, branch, code: [180, 182, 183].randomElement(using: &generator) ?? 180)
            for _ in 0..<(Int.random(in: 0..<8, using: &generator) == 0 ? 6 : 0) {
                clock += 60_000_000
                let code = [180, 182, 183, 199].randomElement(using: &generator) ?? 183
                answer(dialog, clock, sequence, host, branch, code: code)
            }
        }
        clock += Int64.random(in: 1_000...20_000_000, using: &generator)
        if Int.random(in: 0..<3, using: &generator) == 0 {
            let code = [486, 480, 404, 603, 500].randomElement(using: &generator) ?? 486
            answer(dialog, clock, sequence, host, branch, code: code)
            return fail(codes + [code], clock, ring: ring, setup)
        }
        var end = clock + Int64.random(in: 200_000...300_000_000, using: &generator)
        let session = options.hasSessions ? session() : nil
        var isEndLost = false
        if let session {
            end = keepAlive(dialog, from: clock, seconds: session, host)
            isEndLost = Int.random(in: 0..<6, using: &generator) == 0
        }
        talk(dialog, clock, end, sequence, host, branch, session: session, isEndLost: isEndLost)
        truth.answered += 1
        truth.codes[200, default: 0] += 1
        truth.delays += 1
        truth.delayMilliseconds += milliseconds((ring == 0 ? clock : ring) - setup)
        if isEndLost { return end + 4 * 3_600_000_000 }
        truth.ended += 1
        truth.talkMilliseconds += milliseconds(end - clock)
        return end
    }

    /// The answer, its ACK and the end: by either side, from the caller's address or from anywhere, or told by its
    /// answer only.
    private mutating func talk(
        _ dialog: Dialog, _ answered: Int64, _ end: Int64, _ sequence: Int, _ host: Int, _ branch: String,
        session: Int?, isEndLost: Bool
    ) {
        let isLost = Int.random(in: 0..<8, using: &generator) == 0
        // An answer that was not mirrored is told by the ACK, which may come from another address.
        if !isLost { answer(dialog, answered, sequence, host, branch, code: 200, session: session) }
        if isLost || Bool.random(using: &generator) {
            let isElsewhere = Bool.random(using: &generator) && (!isLost || options.hasOtherAddresses)
            request(
                dialog, "ACK", answered + (isLost ? 0 : 50_000), sequence,
                isElsewhere ? dialog.elsewhere(0) : dialog.address, dialog.host(host))
        }
        if isEndLost { return }
        let isCaller = Bool.random(using: &generator)
        let anywhere = Int.random(in: 0..<3, using: &generator)
        let source =
            isCaller
            ? (anywhere == 0 ? dialog.elsewhere(0) : dialog.address)
            : (anywhere == 0 ? dialog.elsewhere(1) : dialog.host(host))
        let destination = isCaller ? dialog.host(1 - host) : (anywhere == 1 ? dialog.elsewhere(0) : dialog.address)
        let bye = sequence + 1
        let told = Int.random(in: 0..<4, using: &generator)
        if told != 0 { request(dialog, "BYE", end, bye, source, destination, isCaller: isCaller) }
        if told < 2 { byeAnswer(dialog, told == 0 ? end : end + 30_000, bye, destination, source, isCaller: isCaller) }
    }

    private mutating func fail(_ codes: [Int], _ micros: Int64, ring: Int64, _ setup: Int64) -> Int64 {
        truth.failed += 1
        // RFC 3261 16.7 step 6: a 6xx, else the lowest class, of which not the 503; else the first.
        let rank = { (code: Int) in code >= 600 ? 0 : code / 100 * 2 + (code == 503 ? 1 : 0) }
        let best = codes.min { rank($0) < rank($1) } ?? 0
        truth.codes[best, default: 0] += 1
        if ring != 0 {
            truth.delays += 1
            truth.delayMilliseconds += milliseconds(ring - setup)
        }
        return micros
    }

    private func milliseconds(_ micros: Int64) -> Int64 { (micros + 500) / 1_000 }
}

// MARK: - Messages

extension RandomDialogs {
    @discardableResult
    private mutating func invite(
        _ dialog: Dialog, _ micros: Int64, _ sequence: Int, _ host: Int, _ again: String? = nil
    ) -> String {
        branch += 1
        let name = again ?? "z9hG4bK\(branch)x\(dialog.id)"
        add(
            dialog, micros, dialog.address, dialog.host(host),
            """
            INVITE sip:4420@switch\(host) SIP/2.0
            Via: SIP/2.0/TCP host\(dialog.caller);branch=\(name)
            From: <sip:1000@example.net>;tag=constant
            To: <sip:4420@example.com>
            Call-ID: \(dialog.id)@gateway
            CSeq: \(sequence) INVITE
            Content-Length: 9

            v=0
            s=-

            """)
        return name
    }

    private mutating func answer(
        _ dialog: Dialog, _ micros: Int64, _ sequence: Int, _ host: Int, _ branch: String, code: Int,
        session: Int? = nil
    ) {
        let body = code == 183 ? "v=0\nINVITE sip:a@b SIP/2.0 is no start line here\n" : ""
        add(
            dialog, micros, dialog.host(host), dialog.address,
            """
            SIP/2.0 \(code) Reason
            Via: SIP/2.0/TCP host\(dialog.caller);branch=\(branch);received=\(dialog.address)
            From: <sip:1000@example.net>;tag=constant
            To: <sip:4420@example.com>;tag=\(code < 200 || code == 200 ? dialog.toTag : "f\(code)\(branch)")
            Call-ID: \(dialog.id)@gateway
            CSeq: \(sequence) INVITE\(session.map { "\nSession-Expires: \($0);refresher=uac" } ?? "")
            l: \(body.utf8.count + body.filter { $0 == "\n" }.count)

            \(body)
            """)
    }

    private mutating func request(
        _ dialog: Dialog, _ method: String, _ micros: Int64, _ sequence: Int, _ source: String, _ destination: String,
        isCaller: Bool = true
    ) {
        branch += 1
        let (from, to) = isCaller ? ("constant", dialog.toTag) : (dialog.toTag, "constant")
        add(
            dialog, micros, source, destination,
            """
            \(method) sip:x@y SIP/2.0
            Via: SIP/2.0/TCP host;branch=z9hG4bK\(method)\(branch)
            From: <sip:x@example.net>;tag=\(from)
            To: <sip:y@example.com>;tag=\(to)
            Call-ID: \(dialog.id)@gateway
            CSeq: \(sequence) \(method)
            Content-Length: 0


            """)
    }

    private mutating func byeAnswer(
        _ dialog: Dialog, _ micros: Int64, _ sequence: Int, _ source: String, _ destination: String, isCaller: Bool
    ) {
        let (from, to) = isCaller ? ("constant", dialog.toTag) : (dialog.toTag, "constant")
        add(
            dialog, micros, source, destination,
            """
            SIP/2.0 \([200, 481, 408].randomElement(using: &generator) ?? 200) x
            Via: SIP/2.0/TCP host;branch=z9hG4bKanswer\(branch)
            From: <sip:x@example.net>;tag=\(from)
            To: <sip:y@example.com>;tag=\(to)
            Call-ID: \(dialog.id)@gateway
            CSeq: \(sequence) BYE
            Content-Length: 0


            """)
    }

    mutating func add(
        _ dialog: Dialog, _ micros: Int64, _ source: String, _ destination: String, _ text: String
    ) {
        // Segments of a connection come in their order.
        let isLate = dialog.connection == nil && Int.random(in: 0..<4, using: &generator) == 0
        let late = isLate ? Int64.random(in: 0...options.disorderMicros, using: &generator) : 0
        let message = Message(
            micros: micros, source: source, destination: destination, text: text.replacing("\n", with: "\r\n"),
            connection: dialog.connection, arrivalMicros: micros + late)
        messages.append(message)
        guard dialog.sight == .allTwice || dialog.sight == .someTwice && Bool.random(using: &generator) else { return }
        var copy = message
        copy.agent = 2
        copy.micros += dialog.sight == .allTwice ? -15_000 : Int64.random(in: 0...20_000, using: &generator)
        copy.arrivalMicros =
            micros + (dialog.connection == nil ? Int64.random(in: 0...50_000, using: &generator) : 5_000)
        messages.append(copy)
    }
}
