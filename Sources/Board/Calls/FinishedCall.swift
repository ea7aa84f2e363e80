// One finished call, as it is shown.

import CallEvents

/// One finished call, as `explain` and `calls --ended` show it. Times are microseconds since 1970; 0: it did not happen.
public struct FinishedCall: Equatable, Sendable {
    public var setupMicros: Int64
    public var ringMicros: Int64
    public var answerMicros: Int64
    public var endMicros: Int64
    public var outcome: String
    public var code: UInt16
    public var q850: UInt8
    public var talkMilliseconds: Int64
    /// It came to its customer; else the customer made it.
    public var isInbound = false
    public var customerID: UInt32 = 0
    /// To the customer, 10^-6 of its currency; 0: none is known.
    public var costMicros: Int64 = 0
    public var details = CallDetails()
}
