import CallEvents

/// A call as one row tells it, or several rows together: one element of a `CallRecordBatch`.
struct FinishedCall {
    var key: CallKey
    /// Tells the party from others without making its strings.
    var partyKey: CallKey
    var setupMicros: Int64
    var ringMilliseconds = CallRecordBatch.never
    var answerMilliseconds = CallRecordBatch.never
    var endMilliseconds: UInt32 = 0
    var talkMilliseconds = CallRecordBatch.never
    var cause = HangupCause()
    /// Nil when the row tells no cost.
    var costMicros: Int64?
    /// Of the cost.
    var currency = RowCurrency.none

    var isAnswered: Bool { answerMilliseconds != CallRecordBatch.never }
}
