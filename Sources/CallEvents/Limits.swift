// Bounds of the stored details of one call, in bytes of UTF-8. A longer text is truncated and ends in an ellipsis.

public enum CallDetailLimits {
    /// Products generate 20 to 120; RFC 3261 sets no limit, and the id that finds a call on the switch must be
    /// complete.
    public static let callIDBytes = 255
    /// E.164 has 15 digits; user parts with prefixes and parameters are longer.
    public static let numberBytes = 64
    /// A reason phrase or the text of a cause.
    public static let reasonBytes = 96
    /// All that one call's packed details can take: header, two addresses, a hash of the From tag, a correction of
    /// times, texts.
    public static let packedBytes = 5 + 32 + 4 + 4 + callIDBytes + 2 * numberBytes + reasonBytes
}

public enum IngestLimits {
    /// Rows of a batch that are listed as late, future or unattributed: people read only the first.
    public static let namedRows = 20
}
