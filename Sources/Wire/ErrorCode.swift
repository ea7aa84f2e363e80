/// The stable names of errors, as in an error frame's message (`Busyhour_V1_Error.code`).
public enum ErrorCode: String, CaseIterable, Sendable {
    /// The request is well-formed, but its arguments are invalid.
    case invalidArgument = "INVALID_ARGUMENT"
    case notFound = "NOT_FOUND"
    case alreadyExists = "ALREADY_EXISTS"
    /// It conflicts with later changes: a version that is not the newest, an undo with later changes.
    case conflict = "CONFLICT"
    case unknownMethod = "UNKNOWN_METHOD"
    /// The bytes are not the expected message or frame.
    case malformed = "MALFORMED"
    /// A request or its answer exceeds a limit.
    case tooLarge = "TOO_LARGE"
    /// The request is valid; try again later.
    case busy = "BUSY"
    /// Sequence numbers of a producer are missing before its batch. Details: "expected", the next number.
    case gap = "GAP"
    /// A newer epoch of the producer has begun. Details: "epoch", the highest one known.
    case fenced = "FENCED"
    /// No change can be made durable until there is space; reads and statistics continue.
    case diskFull = "DISK_FULL"
    /// The server is reading its data and will answer soon. Details: `phase` and, if known, `done` and `total`.
    case loading = "LOADING"
    /// A fault of the server.
    case `internal` = "INTERNAL"
}
