import CallEvents

/// A call as reported by one row, or several rows together: one element of a `CallRecordBatch`.
struct FinishedCall {
    var key: CallKey
    /// Identifies the party without making its strings.
    var partyKey: CallKey
    var setupMicros: Int64
    var ringMilliseconds = CallRecordBatch.never
    var answerMilliseconds = CallRecordBatch.never
    var endMilliseconds: UInt32 = 0
    var talkMilliseconds = CallRecordBatch.never
    var cause = HangupCause()
    /// Nil if the row states no cost.
    var costMicros: Int64?
    /// The currency of the cost.
    var currency = RowCurrency.none

    var isAnswered: Bool { answerMilliseconds != CallRecordBatch.never }
}
