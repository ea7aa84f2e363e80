import CallEvents
import Columnar

/// Which finished calls to find.
public struct FinishedCallsQuery: Equatable, Sendable {
    /// A customer's id; 0: all customers.
    public var customerID: UInt32 = 0
    /// A condition in the board's language over the columns of a call; empty: all calls.
    public var filter = ""
    /// Maximum of calls, 1 to `BoardLimits.listedCalls`.
    public var limit = 50

    public init() {}
}

public struct FinishedCallsAnswer: Sendable {
    /// The calls found, newest first.
    public var calls: [FinishedCall] = []
    /// The customers of `calls`, by id.
    public var customers: [UInt32: (name: String, currency: String)] = [:]
    /// Number of the stored calls that were searched.
    public var looked = 0
    public var kept = 0
    public var asOfMicros: Int64 = 0
}

/// A search among the finished calls of one instant that any thread may run: everything in it is a value. A million
/// calls take some tenths of a second; the engine continues meanwhile.
public struct FinishedCallsTask: Sendable {
    let recent: RecentCalls
    let names: TextColumn
    let currencies: DictionaryColumn
    let mask: NumberMask
    let filter: Expression?
    let query: FinishedCallsQuery
    let asOfMicros: Int64

    public func answer() -> FinishedCallsAnswer {
        var answer = FinishedCallsAnswer()
        answer.kept = recent.count
        answer.asOfMicros = asOfMicros
        let row: UInt32? = query.customerID == 0 ? nil : query.customerID - 1
        let limit = min(max(1, query.limit), BoardLimits.listedCalls)
        recent.forEachNewest { chunk, index in
            answer.looked += 1
            if let row, chunk.customer(index) != row { return true }
            guard matches(chunk, index) else { return true }
            var call = recent.shown(chunk, index)
            call.details = mask.shown(call.details)
            answer.calls.append(call)
            return answer.calls.count < limit
        }
        for call in answer.calls where answer.customers[call.customerID] == nil {
            let row = Int(call.customerID) - 1
            answer.customers[call.customerID] = row < names.count ? (names[row], currencies[row]) : ("", "")
        }
        return answer
    }

    private func matches(_ chunk: FinishedChunk, _ index: Int) -> Bool {
        guard let filter else { return true }
        let call = chunk.call(index, recent.codes)
        // Texts are made on demand, once per call.
        var details: CallDetails?
        let truth = filter.truth { column in
            guard case .call(let column) = column else { return .null }
            switch column {
            case .id, .customer: return .integer(Int64(call.customer) + 1)
            case .name: return Int(call.customer) < names.count ? .text(names[Int(call.customer)]) : .null
            case .code: return call.code == 0 ? .null : .integer(Int64(call.code))
            case .q850: return call.q850 == 0 ? .null : .integer(Int64(call.q850))
            case .outcome: return .text(call.outcome.name)
            case .direction: return .text(CallDirection.name(isInbound: call.isInbound))
            case .setupAt: return .time(call.setupMicros)
            case .ringAt: return call.ringMicros == 0 ? .null : .time(call.ringMicros)
            case .answeredAt: return call.answerMicros == 0 ? .null : .time(call.answerMicros)
            case .endedAt: return call.endMicros == 0 ? .null : .time(call.endMicros)
            case .talk: return call.answerMicros == 0 ? .null : .number(Double(call.talkMilliseconds) / 1_000)
            case .pddMilliseconds: return call.delayMilliseconds.map { .integer($0) } ?? .null
            case .cost: return chunk.cost(index) == 0 ? .null : .money(chunk.cost(index))
            case .callID, .calling, .called, .reason, .source, .destination:
                let known = details ?? mask.shown(chunk.details(index))
                details = known
                return known.cell(column)
            }
        }
        return truth == true
    }
}

extension RecentCall {
    /// Set-up to ringing or, without ringing, to the answer; nil: neither happened.
    var delayMilliseconds: Int64? {
        let heard = ringMicros != 0 ? ringMicros : answerMicros
        guard heard != 0 else { return nil }
        let (micros, overflow) = heard.subtractingReportingOverflow(setupMicros)
        return overflow ? nil : max(0, micros) / 1_000
    }
}

extension CallDetails {
    fileprivate func cell(_ column: CallColumn) -> Cell {
        func text(_ text: String) -> Cell { text.isEmpty ? .null : .text(text) }
        switch column {
        case .callID: return text(callID)
        case .calling: return text(calling)
        case .called: return text(called)
        case .reason: return text(reason)
        case .source: return text(source?.description ?? "")
        case .destination: return text(destination?.description ?? "")
        default: return .null
        }
    }
}

extension EngineState {
    /// Reads and checks a query and captures what it reads: some microseconds.
    mutating func finishedCalls(_ query: FinishedCallsQuery, now: Int64) throws(QueryError) -> FinishedCallsTask {
        advance(now: now)
        let asOf = asOfMicros == 0 ? now : asOfMicros
        let filter = try ExpressionParser.filter(
            query.filter, window: .fifteenMinutes, scope: .call, nowMicros: asOf)
        return FinishedCallsTask(
            recent: recent, names: customers.names, currencies: customers.currencies, mask: configuration.numberMask,
            filter: filter, query: query, asOfMicros: asOf)
    }
}

extension Engine {
    /// Finished calls, newest first, ready to be searched by any thread.
    /// - Throws: the filter cannot be read.
    public func finishedCalls(_ query: FinishedCallsQuery, now: Int64) throws(QueryError) -> FinishedCallsTask {
        try state.finishedCalls(query, now: now)
    }
}
