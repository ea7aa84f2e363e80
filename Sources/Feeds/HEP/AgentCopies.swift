// Messages reported by two agents, each by its own clock. The figures of a call are differences between its messages,
// so they must all have the time of one clock: copies show by how much the clocks differ, and the agent that was seen
// later is moved to the time of the earlier one.
//
// A copy comes within milliseconds. A retransmission comes after half a second at the earliest (RFC 3261 17.1.1.2,
// T1), so what comes later is not taken for a copy. Copies whose times differ by less than agents take to see a message
// are left as is.

/// Recently observed messages, and by how much each agent's times are moved.
struct AgentCopies: Sendable {
    private struct Note {
        /// A hash of the message; 0: none.
        var message: UInt64 = 0
        var timeMicros: Int64 = 0
        var arrivalMicros: Int64 = 0
        /// The index of its agent.
        var agent = 0
    }

    fileprivate struct Move {
        var micros: Int64 = 0
        var isKnown = false
        /// Consecutive copies that indicate another move than the known one, and that move.
        var strays = 0
        var strayMicros: Int64 = 0
    }

    /// Few while there is one agent: it has no copies.
    private var notes = [Note](repeating: Note(), count: FeedLimits.notedMessagesOfOne)
    fileprivate var moves: [Move] = []
    private var onlyAgent: Int?

    /// What is to be added to an agent's times.
    @inline(__always)
    func move(of agent: Int) -> Int64 { agent < moves.count ? moves[agent].micros : 0 }

    /// Another agent has this index now.
    mutating func forget(_ agent: Int) {
        if moves.indices.contains(agent) { moves[agent] = Move() }
        for index in notes.indices where notes[index].agent == agent { notes[index] = Note() }
    }

    /// Observes a message.
    /// - Parameters:
    ///   - message: a hash of what makes it the same at every agent; not 0.
    ///   - agent: its index; agents with smaller ones were seen before.
    ///   - timeMicros: by its agent's clock, moved.
    /// - Returns: its time.
    @inline(__always)
    mutating func observe(_ message: UInt64, agent: Int, timeMicros: Int64, arrivalMicros: Int64) -> Int64 {
        if notes.count == FeedLimits.notedMessagesOfOne && onlyAgent != agent { meet(agent) }
        let place = Int(truncatingIfNeeded: message) & (notes.count - 1)
        guard notes[place].message == message else {
            notes[place] = Note(
                message: message, timeMicros: timeMicros, arrivalMicros: arrivalMicros, agent: agent)
            return timeMicros
        }
        // A retransmission is still the same message.
        if notes[place].agent == agent { return timeMicros }
        return compare(notes[place], agent, timeMicros, arrivalMicros)
    }

    /// The second agent makes room for more messages.
    private mutating func meet(_ agent: Int) {
        guard onlyAgent != nil else {
            onlyAgent = agent
            return
        }
        let before = notes
        notes = [Note](repeating: Note(), count: FeedLimits.notedMessages)
        for note in before where note.message != 0 {
            notes[Int(truncatingIfNeeded: note.message) & (notes.count - 1)] = note
        }
    }

    private mutating func compare(
        _ first: Note, _ agent: Int, _ timeMicros: Int64, _ arrivalMicros: Int64
    ) -> Int64 {
        let (gap, overflow) = arrivalMicros.subtractingReportingOverflow(first.arrivalMicros)
        guard !overflow, gap.magnitude <= UInt64(FeedLimits.copyGapMicros) else { return timeMicros }
        let difference = first.timeMicros &- timeMicros
        let later = max(agent, first.agent)
        guard difference.magnitude > UInt64(FeedLimits.copyToleranceMicros) else {
            if later < moves.count { moves[later].strays = 0 }
            return timeMicros
        }
        while moves.count <= later { moves.append(Move()) }
        let isMoved = moves[later].learn(later == agent ? difference : 0 &- difference)
        // The first one was emitted already; the later one gets the time of the first, whichever agent reports it.
        return later == agent || !isMoved ? first.timeMicros : timeMicros
    }
}

extension AgentCopies.Move {
    /// Takes the remaining difference shown by a copy; true: from now on it is added.
    fileprivate mutating func learn(_ missing: Int64) -> Bool {
        let agrees = (missing &- strayMicros).magnitude <= UInt64(FeedLimits.copyAgreementMicros)
        strays = strays > 0 && agrees ? strays + 1 : 1
        strayMicros = missing
        guard strays >= (isKnown ? FeedLimits.agreeingStamps : FeedLimits.agreeingCopies) else { return false }
        micros = micros &+ missing
        (isKnown, strays) = (true, 0)
        return true
    }
}
