// Every limit of the client, each with its reason.

import NIOCore

enum Limits {
    /// Octets of requests handed to the socket and not yet taken by it. Above, requests wait in the client: cancelling
    /// one that waits costs the server nothing. Two ordinary batches keep a fast network busy.
    static let outputOctets = 1 << 20
    /// Below it waiting requests go on.
    static let outputResumeOctets = 1 << 18
    /// Octets read at a time: grows to the latter while long answers come.
    static let firstReadOctets = 1 << 14
    static let readOctets = 1 << 20
    /// Requests that ran out of time are looked for at most this often, so that a look at all of them costs nothing
    /// that can be measured; a timeout is late by at most this.
    static let timeoutInterval = TimeAmount.milliseconds(10)
}
