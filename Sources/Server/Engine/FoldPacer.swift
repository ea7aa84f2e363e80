// When calls that were observed are folded into the windows.

import NIOCore

/// Folded soon after they arrive, calls do not delay the next board query. That is worth its cost only while boards are
/// asked, and must not take more than its share of the loop's time.
struct FoldPacer {
    private var isDue = false
    private var earliest = NIODeadline.distantPast

    /// Calls were observed.
    /// - Parameter lastAsked: when a board was asked last.
    /// - Returns: whether a fold is to be scheduled, for which `folded` is called.
    mutating func observed(now: NIODeadline, lastAsked: NIODeadline) -> Bool {
        guard !isDue, now >= earliest, now - lastAsked < Limits.foldingForBoards else { return false }
        isDue = true
        return true
    }

    /// The scheduled fold was done.
    mutating func folded(began: NIODeadline, ended: NIODeadline) {
        isDue = false
        earliest = ended + .nanoseconds((ended - began).nanoseconds * (Limits.foldingShare - 1))
    }
}
