// Every limit of the wire, each with its reason.

extension FrameHeader {
    /// Bytes of a payload, each way. The largest batches anyone sends (half a million calls) and the largest answers
    /// (two million cells) fit, while a peer can make the other side hold no more than this for one frame.
    public static let payloadLimit = 1 << 24
}
