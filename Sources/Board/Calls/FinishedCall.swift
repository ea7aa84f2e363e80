// One finished call, as displayed.

import CallEvents

/// A finished call in `explain` and `calls --ended`. Times are microseconds since 1970; 0: it did not happen.
public struct FinishedCall: Equatable, Sendable {
    public var setupMicros: Int64
    public var ringMicros: Int64
    public var answerMicros: Int64
    public var endMicros: Int64
    public var outcome: String
    public var code: UInt16
    public var q850: UInt8
    public var talkMilliseconds: Int64
    /// It came to its customer; otherwise the customer made it.
    public var isInbound = false
    public var customerID: UInt32 = 0
    /// Cost to the customer, 10^-6 of its currency; 0: unknown.
    public var costMicros: Int64 = 0
    public var details = CallDetails()
}
