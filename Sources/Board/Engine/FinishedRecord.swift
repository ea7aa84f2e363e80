import CallEvents

/// One record of a batch. If it is not valid, the other fields mean nothing.
struct FinishedRecord {
    /// Valid: its times are in order, within 32 bits of seconds and the longest length.
    let isRight: Bool
    let setupMicros: Int64
    let endMicros: Int64
    /// The answer, in milliseconds after the set-up; only if answered.
    let answerMilliseconds: UInt32
    let isAnswered: Bool
    /// -1: it did not ring.
    let ringMilliseconds: Int32
    /// 0: it was not answered.
    let talkMilliseconds: Int32
    /// -1: it has none.
    let pddMilliseconds: Int32
    let setupSecond: UInt32
    /// The second of the answer, or of the final failure.
    let outcomeSecond: UInt32
    let endSecond: UInt32
    let code: UInt16
    let q850: UInt8

    @inline(__always) var rang: Bool { ringMilliseconds >= 0 }

    /// Arguments are those of any row of `CallRecordBatch`: nothing here can overflow.
    ///
    /// Selections instead of branches: whether a call was answered and rang is unpredictable.
    @inline(__always)
    init(
        setupMicros setup: Int64, ring: UInt32, answer: UInt32, end: UInt32, talk: UInt32, code: UInt16, q850: UInt8
    ) {
        let isAnswered = answer != CallRecordBatch.never
        let isInOrder = !isAnswered || answer <= end
        isRight =
            (setup > 0) && (setup < FinishedRecord.latestSetupMicros)
            && (Int64(end) <= BoardLimits.longestCallMilliseconds) && isInOrder
        let second = setup / 1_000_000
        // In a valid record the set-up is below 2^32 seconds by more than the longest call.
        setupSecond = UInt32(truncatingIfNeeded: second)
        let setupMilliseconds = UInt32(truncatingIfNeeded: setup &- second &* 1_000_000) / 1_000
        let outcome = isAnswered ? answer : end
        // The set-up's odd microseconds change no second; ring, answer and end are below 2^31.
        endSecond = setupSecond &+ (setupMilliseconds &+ end) / 1_000
        outcomeSecond = setupSecond &+ (setupMilliseconds &+ outcome) / 1_000
        setupMicros = setup
        endMicros = setup &+ Int64(end) &* 1_000
        self.isAnswered = isAnswered
        answerMilliseconds = answer

        // `never` and `unknown` are above every end.
        let rang = ring <= end
        ringMilliseconds = rang ? Int32(truncatingIfNeeded: ring) : -1
        let length = talk == CallRecordBatch.never ? end &- answer : talk
        talkMilliseconds = isAnswered ? Int32(truncatingIfNeeded: min(length, UInt32(Int32.max))) : 0
        // Without ringing the answer ends the delay, unless the ringing is unknown.
        let answered =
            ring == CallRecordBatch.unknown ? -1 : Int32(truncatingIfNeeded: min(rang ? ring : answer, answer))
        pddMilliseconds = isAnswered ? answered : ringMilliseconds
        self.code = isAnswered && code == 0 ? 200 : code
        self.q850 = q850
    }

    static let latestSetupMicros =
        (Int64(UInt32.max) - Int64(BoardLimits.longestCallMilliseconds / 1_000)) * 1_000_000

    /// The record as the recent calls store it.
    @inline(__always)
    func recent(customer: UInt32, outcome: OutcomeClass, isInbound: Bool = false) -> RecentCall {
        RecentCall(
            customer: customer, setupMicros: setupMicros,
            ringMicros: rang ? setupMicros &+ Int64(ringMilliseconds) &* 1_000 : 0,
            answerMicros: isAnswered ? setupMicros &+ Int64(answerMilliseconds) &* 1_000 : 0, endMicros: endMicros,
            outcome: outcome, code: code, q850: q850, talkMilliseconds: talkMilliseconds,
            sources: isAnswered && pddMilliseconds < 0 ? [.told, .untimed] : .told, isInbound: isInbound)
    }
}
