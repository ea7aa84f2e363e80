/// The stable names of what goes wrong, as an error frame's message carries them (`Busyhour_V1_Error.code`).
public enum ErrorCode: String, CaseIterable, Sendable {
    /// The request can be read, and asks for what makes no sense.
    case invalidArgument = "INVALID_ARGUMENT"
    case notFound = "NOT_FOUND"
    case alreadyExists = "ALREADY_EXISTS"
    /// It stands against what others have done since: a version that is not the newest, an undo with later changes.
    case conflict = "CONFLICT"
    case unknownMethod = "UNKNOWN_METHOD"
    /// The bytes are not the message, or not the frame, that they should be.
    case malformed = "MALFORMED"
    /// A request or its answer is over a limit.
    case tooLarge = "TOO_LARGE"
    /// Nothing is wrong with the request; try again later.
    case busy = "BUSY"
    /// Numbers of a producer are missing before its batch. Details: "expected", the one that is next.
    case gap = "GAP"
    /// Another life of the producer has begun. Details: "epoch", the highest one known.
    case fenced = "FENCED"
    /// No change can be made durable until there is space; reads and statistics go on.
    case diskFull = "DISK_FULL"
    /// The server is reading its data and answers soon: `phase`, and where they are known `done` and `total`, are in the
    /// details.
    case loading = "LOADING"
    /// A fault of the server.
    case `internal` = "INTERNAL"
}
