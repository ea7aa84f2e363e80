// What is told of a machine's clock that ran ahead: in the log, in the status and with every board.

import Board
import Logging

extension EngineHost {
    /// Looks at the clock; once when it goes behind the board's, and once when that is over, the log hears of it.
    func watchClock() {
        let watch = engine.clockWatch
        let (before, healed) = (isClockToldBehind, watch.healedCount > healingsTold)
        if healed {
            healingsTold = watch.healedCount
            logger?.notice("\(Self.text(watch.lastHealing))")
        } else if before && !watch.isBehind {
            logger?.notice("the machine's clock has come up to the board's again; the board goes on")
        }
        if watch.isBehind && !(before && !healed), let notice = clockNotice { logger?.error("\(notice)") }
        isClockToldBehind = watch.isBehind
    }

    /// Nil: the machine's clock and the board's agree.
    var clockNotice: String? {
        let watch = engine.clockWatch
        guard watch.isBehind else { return nil }
        let calls = watch.callsMeanwhile == 1 ? "1 call" : "\(watch.callsMeanwhile) calls"
        let left = max(0, watch.healsAtMicros - (engine.nowMicros - watch.behindMicros))
        return "clock behind: the machine's time is \(Self.seconds(watch.behindMicros)) behind the board's, "
            + "which ran ahead; "
            + "the board stands still, \(calls) counted meanwhile; "
            + "it goes on in \(Self.seconds(left)) if the clock stays steady, or at a restart"
    }

    private static func text(_ healing: ClockHealing) -> String {
        "the board went back by \(seconds(healing.micros)) to the machine's time; "
            + "\(healing.callsMeanwhile) calls were counted meanwhile, "
            + "\(healing.misplacedFacts) facts with times that have not come stay in the window 'all' only, "
            + "\(healing.forgottenCalls) live calls with such times were forgotten"
            + (healing.isWhole ? "" : "; windows are whole from now on")
    }

    private static func seconds(_ micros: Int64) -> String { "\(micros / 1_000_000) s" }
}
