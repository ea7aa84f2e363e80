// What tasks hand to the connection's loop: requests to send and requests to give up.
//
// The only point where the calling tasks and the loop meet. A task that finds it empty wakes the loop; all others only
// append, so that many calls at a time cost one wake-up and leave in one write.

import NIOCore
import Synchronization
import Wire

/// A request on its way to the loop.
struct Submission: Sendable {
    var id: UInt32
    var method: Method
    var frame: ByteBuffer
    var timeout: Duration?
    /// Receives the answer's payload or the reason why there is none; resumed exactly once.
    var answer: CheckedContinuation<ByteBuffer, any Error>
}

final class Submissions: Sendable {
    /// Submissions waiting for the loop.
    struct Batch {
        var requests: [Submission] = []
        /// Ids whose tasks were cancelled.
        var cancellations: [UInt32] = []
        var isEmpty: Bool { requests.isEmpty && cancellations.isEmpty }

        /// Removes everything and retains the memory.
        mutating func removeAll() {
            requests.removeAll(keepingCapacity: true)
            cancellations.removeAll(keepingCapacity: true)
        }
    }

    private struct State {
        var batch = Batch()
        /// Why nothing more is accepted.
        var end: ClientError?
    }

    private let state = Mutex(State())

    /// Adds a request. Returns true if the loop must be woken. After the end the request is answered with the error at
    /// once.
    func submit(_ request: Submission) -> Bool {
        let (wasEmpty, end) = state.withLock { state in
            if let end = state.end { return (false, end as ClientError?) }
            let wasEmpty = state.batch.isEmpty
            state.batch.requests.append(request)
            return (wasEmpty, nil)
        }
        if let end { request.answer.resume(throwing: end) }
        return wasEmpty
    }

    /// Cancels a request, if it is still in flight when the loop gets there. Returns true if the loop must be woken.
    func cancel(_ id: UInt32) -> Bool {
        state.withLock { state in
            let wasEmpty = state.batch.isEmpty
            state.batch.cancellations.append(id)
            return wasEmpty
        }
    }

    /// Takes everything, and leaves the memory of `batch` for later submissions.
    func take(into batch: inout Batch) {
        batch.removeAll()
        state.withLock { swap(&$0.batch, &batch) }
    }

    /// Accepts nothing more: later requests get this error. The first error stays.
    func end(_ error: ClientError) {
        state.withLock { if $0.end == nil { $0.end = error } }
    }
}
