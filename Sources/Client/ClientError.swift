import Wire

/// Why a call has no answer. A cancelled task gets `CancellationError` instead.
public enum ClientError: Error, Equatable {
    /// The address does not answer, or the name has no address.
    case cannotReach(address: String, reason: String)
    /// The server refuses the request. `code` is the name of a `Wire.ErrorCode`, or one unknown to this side.
    case server(code: String, message: String, details: [String: String])
    /// The other side does not speak this protocol. Where it broke a frame, the connection is closed.
    case protocolViolation(String)
    /// The connection ended before the answer arrived. Whether the request was carried out is unknown.
    case connectionLost(address: String, reason: String)
    /// No answer arrived in time. Whether the request was carried out is unknown.
    case timedOut(Duration)
    /// The peer sent nothing at all for this time while an answer was due.
    /// - Parameter mayBeDone: a request that changes something was under way; whether it was carried out is unknown.
    case silent(address: String, Duration, mayBeDone: Bool)
    /// The listening program does not speak this protocol: it closed the connection without an answer, or sent
    /// something other than a frame.
    case notBusyHour(address: String, isClosed: Bool)
    /// The request is longer than a frame may be; it was not sent.
    case requestTooLong(FrameError)
    /// `close` was called earlier; the request was not sent.
    case closed
}

extension ClientError: CustomStringConvertible {
    /// One line: what is wrong, where, and how to fix it.
    public var description: String {
        switch self {
        case .cannotReach(let address, let reason): "cannot reach the server at \(address): \(reason)"
        case .server(let code, let message, _): "\(message) (\(code))"
        case .protocolViolation(let what): "the peer does not speak this protocol: \(what)"
        case .connectionLost(let address, let reason):
            "lost the connection to \(address): \(reason); whether the request was carried out is not known"
        case .timedOut(let duration): "no answer within \(duration); whether the request was carried out is not known"
        case .silent(let address, let duration, let mayBeDone):
            "no answer from \(address) within \(duration.components.seconds) s; is this BusyHour's --listen port?"
                + (mayBeDone ? " Whether the request was carried out is not known" : "")
        case .notBusyHour(let address, false): "\(address) is not a BusyHour RPC port (is it the HEP port?)"
        case .notBusyHour(let address, true):
            "\(address) closed the connection without an answer; "
                + "it is not a BusyHour RPC port (is it the HEP port?), or the server was just stopping"
        case .requestTooLong(let error): "the request cannot be sent: \(error)"
        case .closed: "the client is closed; connect again"
        }
    }
}
