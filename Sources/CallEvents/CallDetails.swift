/// What identifies a call on the switch that carried it, as far as its source reported. Unknown texts are empty and
/// unknown addresses nil.
public struct CallDetails: Equatable, Sendable {
    public var callID: String
    /// The caller's number, or the user part of its SIP address.
    public var calling: String
    public var called: String
    /// The reason phrase of the final answer, or the text of the cause.
    public var reason: String
    public var source: IPAddress?
    public var destination: IPAddress?
    /// A hash of the From tag of the call's INVITE (`FromTag`); 0: unknown. It distinguishes legs with the same
    /// Call-ID.
    public var fromTag: UInt32
    /// Milliseconds that were added to the time of its set-up, since the clock of the agent that told of it is off; 0:
    /// none.
    public var clockCorrectedMillis: Int32

    public init(
        callID: String = "", calling: String = "", called: String = "", reason: String = "",
        source: IPAddress? = nil, destination: IPAddress? = nil, fromTag: UInt32 = 0,
        clockCorrectedMillis: Int32 = 0
    ) {
        self.callID = callID
        self.calling = calling
        self.called = called
        self.reason = reason
        self.source = source
        self.destination = destination
        self.fromTag = fromTag
        self.clockCorrectedMillis = clockCorrectedMillis
    }

    public var isEmpty: Bool { self == CallDetails() }
}
