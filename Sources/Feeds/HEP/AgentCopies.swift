// Messages of which two agents tell, each by its own clock. The figures of a call are differences between its messages, so
// they must all have the time of one clock: from the copies it is seen by how much the clocks differ, and the agent that was
// heard later is moved to the time of the one before.
//
// A copy comes within milliseconds. A message that is sent again comes after half a second at the earliest (RFC 3261 17.1.1.2,
// T1), so what comes later is not taken for a copy. Copies whose times differ by less than agents take to see a message are left
// as they are.

/// What was heard of late, and by how much each agent's times are moved.
struct AgentCopies: Sendable {
    private struct Note {
        /// A hash of the message; 0: none.
        var message: UInt64 = 0
        var timeMicros: Int64 = 0
        var arrivalMicros: Int64 = 0
        /// Its agent's place.
        var agent = 0
    }

    fileprivate struct Move {
        var micros: Int64 = 0
        var isKnown = false
        /// Copies one after the other that tell of another move than the one that is known, and of which one.
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

    /// Another agent has this place now.
    mutating func forget(_ agent: Int) {
        if moves.indices.contains(agent) { moves[agent] = Move() }
        for index in notes.indices where notes[index].agent == agent { notes[index] = Note() }
    }

    /// Hears a message.
    /// - Parameters:
    ///   - message: a hash of what makes it the same at every agent; not 0.
    ///   - agent: its place; those of smaller places were heard before.
    ///   - timeMicros: as its agent tells it, moved.
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
        // Sent again, it is the same message still.
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
        // The first one was told already; of the later one the time is that of the first, whoever tells it.
        return later == agent || !isMoved ? first.timeMicros : timeMicros
    }
}

extension AgentCopies.Move {
    /// Takes what a copy says is still missing; true: from now on it is added.
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
