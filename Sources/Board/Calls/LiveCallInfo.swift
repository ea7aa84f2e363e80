// One live call, as `calls` shows it.

import CallEvents

/// Times are microseconds since 1970; 0: it has not happened yet.
public struct LiveCallInfo: Equatable, Sendable {
    public enum State: String, Sendable {
        case setup, ringing, answered
    }
    public var customerID: UInt32
    public var key: CallKey
    public var state: State
    public var setupMicros: Int64
    public var ringMicros: Int64
    public var answerMicros: Int64
    public var isInbound = false
    public var details = CallDetails()
}
