// From when on the figures are whole. What is sent by number comes again after a crash; what a switch told and nobody repeats
// is lost for the time in which no server listened, and that is said with every answer.

/// Lives as long as the statistics: it is saved and restored with them.
struct Coverage: Equatable, Sendable {
    /// When the board began; 0: by the events' clock, with the first of them.
    var beganMicros: Int64 = 0
    /// Since then nothing was missed; 0: since the board began.
    var fromMicros: Int64 = 0
    /// Something came that nobody will send again.
    var hasUnnumbered = false
    /// What was restored.
    var statistics = Statistics.none
    /// By the events' clock nobody knows how long the server was away, until the next event tells.
    private var awaitsEvent = false

    enum Statistics: Equatable, Sendable {
        case none
        /// Up to the end of the server before.
        case whole
        /// Up to some time before it crashed.
        case cut
    }

    /// The engine listens from now on.
    /// - Parameter statisticsMicros: the time up to which the statistics are.
    mutating func begin(_ clock: ClockMode, now: Int64, statisticsMicros: Int64) {
        switch clock {
        case .wall where statistics == .none: (beganMicros, fromMicros) = (now, now)
        // A clock that was set back has the restart before what was counted already.
        case .wall: if hasUnnumbered { fromMicros = max(now, statisticsMicros) }
        case .events:
            guard hasUnnumbered, statistics == .cut else { return }
            fromMicros = statisticsMicros
            awaitsEvent = true
        }
    }

    /// Something came that has no number.
    /// - Parameter micros: the time of its first event or call; nil: it has none.
    mutating func heard(firstMicros micros: Int64?) {
        hasUnnumbered = true
        guard awaitsEvent, let micros else { return }
        fromMicros = max(fromMicros, micros)
        awaitsEvent = false
    }

    /// From when a window that begins at `startMicros` is whole; 0: it is.
    func from(window: Window, startMicros: Int64) -> Int64 {
        // The window `all` begins with the board.
        fromMicros > (window == .all ? beganMicros : startMicros) ? fromMicros : 0
    }
}
