// Session timers (RFC 4028): an answer to an INVITE or UPDATE gives the time that a dialog lives unless refreshed. So a
// call may be known to continue beyond the longest duration, and one whose end was lost be known to be over long
// before.

import CallEvents
import Columnar

/// Beside the lines of calls with a session timer; all zero for others. Order-free, like `TrackedCall`.
struct CallSession: BitwiseCopyable, Equatable, Sendable {
    /// The latest answer with an interval; 0: none.
    private(set) var refreshedMicros: Int64 = 0
    /// The latest request for such an answer: the dialog exists, whatever becomes of the request.
    private(set) var askedMicros: Int64 = 0
    /// The interval from there, in seconds; 0: it does not expire.
    private(set) var seconds: UInt32 = 0

    init() {}

    init(refreshedMicros: Int64, askedMicros: Int64, seconds: UInt32) {
        (self.refreshedMicros, self.askedMicros, self.seconds) = (refreshedMicros, askedMicros, seconds)
    }

    /// - Parameter seconds: of a `refresh` event.
    mutating func observe(_ seconds: UInt32, at micros: Int64) {
        if seconds == CallEventBatch.refreshAsked {
            askedMicros = max(askedMicros, micros)
        } else if micros >= refreshedMicros {
            let isLater = micros > refreshedMicros
            // Two answers at the same instant, from two agents: the longer interval counts.
            let bounded =
                seconds == 0 ? 0 : min(max(seconds, BoardLimits.leastSessionSeconds), BoardLimits.sessionSeconds)
            self.seconds = isLater ? bounded : max(self.seconds, bounded)
            refreshedMicros = micros
        }
    }

    /// An answer without an interval: the session no longer expires (RFC 4028 7.2), unless the same answer has one.
    mutating func observeAnswer(at micros: Int64) {
        guard micros > refreshedMicros else { return }
        refreshedMicros = micros
        seconds = 0
    }

    /// The same with no time later than this; nil: it has none.
    func bounded(latestMicros: Int64) -> CallSession? {
        guard refreshedMicros > latestMicros || askedMicros > latestMicros else { return nil }
        return CallSession(
            refreshedMicros: min(refreshedMicros, latestMicros), askedMicros: min(askedMicros, latestMicros),
            seconds: seconds)
    }

    /// When the call is over if nothing else is heard.
    /// - Parameters:
    ///   - answerMicros: the call's answer.
    ///   - longestSeconds: for a call without an interval.
    func expiryMicros(answerMicros: Int64, longestSeconds: Int64) -> Int64 {
        if seconds == 0 { return max(answerMicros, refreshedMicros, askedMicros) + longestSeconds * 1_000_000 }
        return max(refreshedMicros + Int64(seconds) * 1_000_000, askedMicros) + BoardLimits.sessionGraceMicros
    }
}

/// The sessions of the tracked calls, each with its call's position in the table of calls.
struct CallSessionColumns: Sendable {
    /// Call, refreshed, asked, seconds.
    private var columns = [[Int64]](repeating: [], count: 4)
    private static let names = ["call", "refreshed_micros", "asked_micros", "seconds"]

    mutating func append(_ session: CallSession, row: Int) {
        let values = [Int64(row), session.refreshedMicros, session.askedMicros, Int64(session.seconds)]
        for (column, value) in values.enumerated() { columns[column].append(value) }
    }

    var table: SavedTable { SavedTable(.callSessions, CallSessionColumns.names, columns) }
}

extension CallTable {
    /// To be called on a table just restored: the calls' numbers are their positions in the file. Older files have
    /// none.
    mutating func restoreSessions(_ tables: [SavedTable]) throws(RestoreError) {
        let latest = Int64(1 << 32) * 1_000_000
        try restore(tables, .callSessions, columns: 4) { calls, number, values, table throws(RestoreError) in
            guard (0..<latest).contains(values[1]), (0..<latest).contains(values[2]),
                (0...Int64(BoardLimits.sessionSeconds)).contains(values[3])
            else { throw table.fault("tells of a time that cannot be") }
            calls.setSession(
                number,
                CallSession(refreshedMicros: values[1], askedMicros: values[2], seconds: UInt32(values[3])))
        }
    }
}
