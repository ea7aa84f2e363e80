// Every limit of the client, each with its reason.

import NIOCore

enum Limits {
    /// Bytes of requests handed to the socket and not yet taken by it. Above, requests wait in the client: cancelling
    /// one that waits costs the server nothing. Two ordinary batches keep a fast network busy.
    static let outputBytes = 1 << 20
    /// Below it waiting requests go on.
    static let outputResumeBytes = 1 << 18
    /// Bytes read at a time: grows to the latter while long answers come.
    static let firstReadBytes = 1 << 14
    static let readBytes = 1 << 20
    /// Requests that ran out of time are looked for at most this often, so that a look at all of them costs nothing
    /// that can be measured; a timeout is late by at most this.
    static let timeoutInterval = TimeAmount.milliseconds(10)
}
