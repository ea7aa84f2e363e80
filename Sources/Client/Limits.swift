// Every limit of the client, each with its reason.

import NIOCore

enum Limits {
    /// Bytes of requests handed to the socket and not yet accepted by it. Above this, requests wait in the client:
    /// cancelling a waiting one costs the server nothing. Two ordinary batches keep a fast network busy.
    static let outputBytes = 1 << 20
    /// Below it, waiting requests continue.
    static let outputResumeBytes = 1 << 18
    /// Bytes read at a time: grows to the second value while long answers arrive.
    static let firstReadBytes = 1 << 14
    static let readBytes = 1 << 20
    /// Timed-out requests are searched for at most this often, so that checking all of them costs nothing measurable; a
    /// timeout is late by at most this.
    static let timeoutInterval = TimeAmount.milliseconds(10)
}
