// From when on the figures are complete. What producers number is sent again after a crash. What a switch sent and
// nothing repeats is lost for the time in which no server was listening, and every answer says so.

/// Lives as long as the statistics: it is saved and restored with them.
struct Coverage: Equatable, Sendable {
    /// When the board began; 0: by the events' clock, at the first event.
    var beganMicros: Int64 = 0
    /// Nothing was missed since then; 0: since the board began.
    var fromMicros: Int64 = 0
    /// Something was observed that will not be sent again.
    var hasUnnumbered = false
    /// How much of the statistics was restored.
    var statistics = Statistics.none
    /// By the events' clock the length of the outage is unknown until the next event.
    private var awaitsEvent = false

    enum Statistics: Equatable, Sendable {
        case none
        /// Up to the end of the previous server.
        case whole
        /// Up to some time before the previous server crashed.
        case cut
    }

    /// The engine is listening from now on.
    /// - Parameter statisticsMicros: the time up to which the statistics go.
    mutating func begin(_ clock: ClockMode, now: Int64, statisticsMicros: Int64) {
        switch clock {
        case .wall where statistics == .none: (beganMicros, fromMicros) = (now, now)
        // A clock that was set back puts the restart before what was already counted.
        case .wall: if hasUnnumbered { fromMicros = max(now, statisticsMicros) }
        case .events:
            guard hasUnnumbered, statistics == .cut else { return }
            fromMicros = statisticsMicros
            awaitsEvent = true
        }
    }

    /// An unnumbered batch was observed.
    /// - Parameter micros: the time of its first event or call; nil: it has none.
    mutating func heard(firstMicros micros: Int64?) {
        hasUnnumbered = true
        guard awaitsEvent, let micros else { return }
        fromMicros = max(fromMicros, micros)
        awaitsEvent = false
    }

    /// From when a window that begins at `startMicros` is complete; 0: all of it is.
    func from(window: Window, startMicros: Int64) -> Int64 {
        // The window `all` begins with the board.
        fromMicros > (window == .all ? beganMicros : startMicros) ? fromMicros : 0
    }
}
