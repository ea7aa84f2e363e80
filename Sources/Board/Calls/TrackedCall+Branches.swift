// One attempt with several branches: a proxy sends the same INVITE (same CSeq) with another branch to our next switch,
// at once or when the first one failed (RFC 3261 16.6). The attempt has failed when every branch has, and its outcome
// is what the proxy then passes to its caller: the best of the answers (16.7 step 6).

/// One INVITE of an attempt with several INVITEs of the highest CSeq.
struct CallBranch: Equatable {
    var branch: UInt64
    /// 0: it has not failed so far.
    var failureMicros: Int64 = 0
    var code: UInt16 = 0
    var cause: UInt8 = 0

    /// Lower is better: what a proxy prefers to pass to its caller.
    fileprivate var rank: (UInt16, UInt16, Int64) {
        switch code {
        case 600...699: (0, 0, failureMicros)
        // Answers that say what the caller can do come first in their class; a 503 is the last in its own.
        case 401, 407, 415, 420, 484, 500...502, 504...599: (code / 100, 0, failureMicros)
        default: (code / 100, 1, failureMicros)
        }
    }
}

extension TrackedCall {
    /// Whether an INVITE or a response with this branch is known to belong to this call.
    func knows(branch: UInt64) -> Bool {
        branch == self.branch || branches.contains { $0.branch == branch }
    }

    /// Observes an INVITE with the highest CSeq so far, and another branch than the first one with it.
    mutating func observeBranch(_ branch: UInt64) {
        rememberFirstBranch()
        guard !branches.contains(where: { $0.branch == branch }) else { return }
        dropBranchIfFull()
        branches.append(CallBranch(branch: branch))
        concludeBranches()
    }

    /// Observes the failure of one of several branches.
    mutating func observeFailure(ofBranch branch: UInt64, at micros: Int64, code: UInt16, cause: UInt8) {
        rememberFirstBranch()
        var place = branches.firstIndex { $0.branch == branch }
        if place == nil {
            // Its INVITE may still come.
            dropBranchIfFull()
            branches.append(CallBranch(branch: branch))
            place = branches.count - 1
        }
        guard let place, branches[place].failureMicros == 0 || micros < branches[place].failureMicros else { return }
        branches[place] = CallBranch(branch: branch, failureMicros: micros, code: code, cause: cause)
        concludeBranches()
    }

    /// Earlier observations belong to the first branch.
    private mutating func rememberFirstBranch() {
        guard branches.isEmpty else { return }
        var first = CallBranch(branch: branch)
        if failureMicros != 0 && failureSequence == setupSequence {
            (first.failureMicros, first.code, first.cause) = (failureMicros, failureCode, failureCause)
        }
        branches = [first]
    }

    /// Makes room for one more, by dropping a failed one, or else the oldest.
    private mutating func dropBranchIfFull() {
        guard branches.count >= BoardLimits.branchesOfCall else { return }
        branches.remove(at: branches.firstIndex { $0.failureMicros != 0 } ?? 0)
    }

    /// The attempt fails when all its branches have.
    private mutating func concludeBranches() {
        guard let best = branches.min(by: { $0.rank < $1.rank }), branches.allSatisfy({ $0.failureMicros != 0 })
        else {
            (failureMicros, failureSequence, failureCode, failureCause) = (0, 0, 0, 0)
            return
        }
        failureMicros = branches.map(\.failureMicros).max() ?? best.failureMicros
        failureSequence = setupSequence
        failureCode = best.code
        failureCause = best.cause
    }
}
