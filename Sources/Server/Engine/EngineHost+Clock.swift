// Reports a machine clock that ran ahead, in the log, in the status and with every board, and re-applies changes that
// such a clock set back too early.

import Board
import Logging
import NIOCore

extension EngineHost {
    /// Checks the clock; logs once when it falls behind the board's, and once when that is over.
    func watchClock() {
        let watch = engine.clockWatch
        let (before, healed) = (isClockToldBehind, watch.healedCount > healingsTold)
        if healed {
            healingsTold = watch.healedCount
            logger?.notice("\(Self.text(watch.lastHealing))")
            earlySetBacks = engine.setBackEarly(now: engine.nowMicros)
        } else if before && !watch.isBehind {
            logger?.notice("the machine's clock has caught up with the board's; the board continues")
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
        return "clock behind: the machine's time is \(LogText.length(micros: watch.behindMicros)) behind the board's, "
            + "which ran ahead; "
            + "the board's time stands still, \(calls) counted meanwhile; "
            + "it continues in \(LogText.length(micros: left)) if the clock stays steady, or at a restart"
    }

    private static func text(_ healing: ClockHealing) -> String {
        "the board went back by \(LogText.length(micros: healing.micros)) to the machine's time; "
            + "\(healing.callsMeanwhile) calls were counted meanwhile, "
            + "\(healing.misplacedFacts) facts with times that have not come stay in the window 'all' only, "
            + "\(healing.forgottenCalls) live calls with such times were forgotten"
            + (healing.wholeFromMicros == 0
                ? "" : "; windows that begin before \(LogText.time(healing.wholeFromMicros)) are not whole")
    }

    /// Re-applies changes that were set back while the clock ran ahead, until their time really comes; called with
    /// every tick.
    func undoEarlySetBacks(now: Int64) {
        let began = NIODeadline.now()
        while let early = earlySetBacks.first, NIODeadline.now() - began < Limits.dueAtOnce {
            let prepared: PreparedChange
            do throws(ChangeRefusal) {
                prepared = try engine.prepareUndo(customerID: 0, number: early.number, who: "clock", now: now)
                guard prepared.errorCount == 0 else {
                    throw .conflict(prepared.errors.first?.message ?? "its values do not fit any more")
                }
            } catch {
                logger?.warning("\(Self.text(early)) and stays so: \(RequestError(error).message)")
                earlySetBacks.removeFirst()
                continue
            }
            // The journal is busy, or the disk is full: the next tick tries again.
            guard let number = commit(prepared) else { return }
            logger?.notice("\(Self.text(early)); change \(number) puts it in force again until then")
            earlySetBacks.removeFirst()
        }
    }

    private static func text(_ early: EarlySetBack) -> String {
        "change \(early.undone), made to last until \(LogText.time(early.dueMicros)), "
            + "was set back by change \(early.number) while the clock ran ahead"
    }
}
