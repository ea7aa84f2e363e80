import CallEvents

/// The obvious figures of one customer, counted call by call.
struct Tally: Equatable {
    var attempts = 0
    var answered = 0
    var talkMilliseconds: Int64 = 0
    var talkSeconds: Int64 = 0
    var longestTalkSeconds: Int64 = 0
    var talksOfZeroSeconds = 0
    var codes: [Int: Int] = [:]
    var causes: [Int: Int] = [:]
    var pddMilliseconds: [Int64] = []
    var ringMilliseconds: [Int64] = []
    var hours: [Int64: Int] = [:]
    var seconds: [Int64: Int] = [:]
    var costMicros: Int64 = 0
    var ended = 0

    var failed: Int { attempts - answered }
    var busiestSecond: Int { seconds.values.max() ?? 0 }

    mutating func begin(_ setupMicros: Int64) {
        attempts += 1
        hours[setupMicros / 3_600_000_000, default: 0] += 1
        seconds[setupMicros / 1_000_000, default: 0] += 1
    }
}

/// Counts a board's figures the slow way, each key once.
struct NaiveBoard {
    /// What names the customer of a party.
    let customer: (Party) -> String
    var tallies: [String: Tally] = [:]
    var repeated = 0
    private var seen: Set<CallKey> = []

    init(customer: @escaping (Party) -> String) {
        self.customer = customer
    }

    var all: Tally {
        tallies.values.reduce(into: Tally()) { sum, one in
            sum.attempts += one.attempts
            sum.answered += one.answered
            sum.ended += one.ended
            sum.talkMilliseconds += one.talkMilliseconds
            sum.talkSeconds += one.talkSeconds
            sum.talksOfZeroSeconds += one.talksOfZeroSeconds
            sum.longestTalkSeconds = max(sum.longestTalkSeconds, one.longestTalkSeconds)
            sum.costMicros += one.costMicros
            sum.codes.merge(one.codes, uniquingKeysWith: +)
            sum.causes.merge(one.causes, uniquingKeysWith: +)
            sum.pddMilliseconds += one.pddMilliseconds
            sum.ringMilliseconds += one.ringMilliseconds
            sum.hours.merge(one.hours, uniquingKeysWith: +)
            sum.seconds.merge(one.seconds, uniquingKeysWith: +)
        }
    }

    mutating func add(_ batch: CallRecordBatch) {
        for index in 0..<batch.count {
            let key = batch.key[index]
            if key != .none, !seen.insert(key).inserted {
                repeated += 1
                continue
            }
            let name = customer(batch.parties[Int(batch.party[index])])
            tallies[name, default: Tally()].add(batch, index)
        }
    }
}

extension Tally {
    mutating func add(_ batch: CallRecordBatch, _ index: Int) {
        begin(batch.setupMicros[index])
        ended += 1
        codes[Int(batch.code[index]), default: 0] += 1
        causes[Int(batch.q850[index]), default: 0] += 1
        costMicros += batch.cost(index) ?? 0
        let never = CallRecordBatch.never
        let ring = batch.ringMilliseconds[index]
        let answer = batch.answerMilliseconds[index]
        let unknown = CallRecordBatch.unknown
        if ring < unknown { ringMilliseconds.append(Int64(ring)) }
        if ring != unknown && (ring != never || answer != never) {
            pddMilliseconds.append(Int64(ring == never ? answer : ring))
        }
        if answer == never { return }
        answered += 1
        let stated = batch.talkMilliseconds[index]
        let talk = Int64(stated == never ? batch.endMilliseconds[index] - answer : stated)
        talkMilliseconds += talk
        talkSeconds += talk / 1000
        longestTalkSeconds = max(longestTalkSeconds, talk / 1000)
        if talk < 1000 { talksOfZeroSeconds += 1 }
    }
}

/// Counts attempts from events: the last final answer of an attempt is its outcome, an answer is final.
struct NaiveSwitchboard {
    struct Attempt {
        var party: Party?
        var setupMicros: Int64
        var answerMicros: Int64?
        var endMicros: Int64?
        var code = 0
    }
    private(set) var attempts: [CallKey: Attempt] = [:]

    mutating func add(_ batch: CallEventBatch) {
        for index in 0..<batch.count {
            let key = batch.key[index]
            let time = batch.timeMicros[index]
            switch batch.kind[index] {
            case .setup, .setupUntimed:
                if attempts[key] != nil { continue }
                attempts[key] = Attempt(party: batch.parties[Int(batch.party[index])], setupMicros: time)
            case .answer:
                if attempts[key]?.answerMicros != nil { continue }
                attempts[key]?.answerMicros = time
                attempts[key]?.code = Int(batch.code[index])
            case .failure:
                if attempts[key]?.answerMicros == nil { attempts[key]?.code = Int(batch.code[index]) }
            case .end:
                if attempts[key]?.endMicros == nil { attempts[key]?.endMicros = time }
            case .ring, .progress, .refresh: break
            }
        }
    }

    func board(customer: (Party) -> String) -> [String: Tally] {
        var tallies: [String: Tally] = [:]
        for attempt in attempts.values {
            var tally = tallies[attempt.party.map(customer) ?? "", default: Tally()]
            tally.begin(attempt.setupMicros)
            tally.codes[attempt.code, default: 0] += 1
            if let answer = attempt.answerMicros {
                tally.answered += 1
                if let end = attempt.endMicros {
                    tally.ended += 1
                    tally.talkMilliseconds += (end - answer) / 1000
                }
            }
            tallies[attempt.party.map(customer) ?? ""] = tally
        }
        return tallies
    }
}
