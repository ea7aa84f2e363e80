// The log of changes by itself: what it counts is what it has, whatever was appended and forgotten.

import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct ChangeLogTests {
    /// Long changes, of which some wait, are carried out, set back, called off or given up: the bytes that the log and
    /// its pending actions count are those of the changes that are there.
    @Test(arguments: Seeds.of(1, 2)) func bytesAreThoseOfWhatIsThere(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var log = ChangeLog()
        let long = String(repeating: "x", count: 1_000_000)
        var hasForgotten = false
        for number in UInt32(1)...260 {
            let change = Self.next(number, log, &random, who: Bool.random(using: &random) ? long : "a")
            log.append(change)
            let changes = log.changes
            let place: Comment = "seed \(seed), change \(number)"
            #expect(log.byteSize == changes.reduce(0) { $0 + $1.byteSize }, place)
            let waiting = changes.filter { $0.due != nil }
            #expect(log.pendingBytes == waiting.reduce(0) { $0 + $1.byteSize }, place)
            #expect(log.pending.count == waiting.count, place)
            #expect(log.pending.beginCount == waiting.count { $0.later.plan != nil }, place)
            // All that is older than the oldest waits.
            #expect(changes.allSatisfy { $0.number >= log.firstNumber || $0.due != nil }, place)
            if log.firstNumber > 1 { hasForgotten = true }
            guard number % 20 == 0 else { continue }
            let restored = ChangeLog(changes, lastNumber: number)
            #expect(restored.changes == changes && restored.byteSize == log.byteSize, place)
            #expect(restored.pending == log.pending, place)
        }
        #expect(hasForgotten && log.firstNumber > 20)
    }

    /// A change of any kind that may follow.
    private static func next(
        _ number: UInt32, _ log: ChangeLog, _ random: inout SeededGenerator, who: String
    ) -> Change {
        var change = Change()
        (change.number, change.who, change.rows) = (number, who, .list([number % 9]))
        let waiting = log.changes.filter { $0.due != nil }.randomElement(using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: change.undoAtMicros = Int64(number) * 1_000
        case 2, 3:
            var edit = CustomerEdit()
            (edit.selection, edit.assignments) = (.ids([1]), ["channels=1"])
            edit.beginAtMicros = Int64(number) * 1_000
            (change.kind, change.rows, change.later.plan) = (.planned, .list([]), PlannedEdit(edit))
        case 4:
            guard let waiting else { break }
            (change.kind, change.rows, change.later.of) = (.calledOff, .list([]), waiting.number)
        case 5, 6:
            guard let waiting else { break }
            change.kind = .scheduled
            if waiting.later.plan != nil { change.later.of = waiting.number } else { change.undoes = waiting.number }
            // Now and then nothing could be done.
            if Bool.random(using: &random) { (change.rows, change.later.hasFailed) = (.list([]), true) }
        default: break
        }
        return change
    }

    /// Calls with other costs change no field, so they are no edit that others have to reckon with.
    @Test(arguments: [
        Change.Kind.created, .edited, .deleted, .undone, .imported, .scheduled, .planned, .calledOff, .rerated,
    ])
    func theNewestEdit(kind: Change.Kind) {
        var log = ChangeLog()
        var first = Change()
        (first.number, first.kind) = (1, .created)
        log.append(first)
        #expect(log.lastEdit == 1)
        var change = Change()
        (change.number, change.kind, change.rows) = (2, kind, .list([0]))
        log.append(change)
        #expect(log.lastNumber == 2 && log.lastEdit == (kind == .rerated ? 1 : 2))
        change.number = 3
        log.append(change)
        #expect(log.lastNumber == 3 && log.lastEdit == (kind == .rerated ? 1 : 3))
        let restored = ChangeLog(log.changes, lastNumber: 3)
        #expect(restored.lastEdit == log.lastEdit)
    }

    /// What a clock that ran ahead has set back too early: by the server itself, in force, after now, before its time.
    @Test func setBackTooEarly() {
        let now: Int64 = 1_000
        for kind in [Change.Kind.scheduled, .undone] {
            for isTakenBack in [false, true] {
                for at in [now - 1, now, now + 1] {
                    for due in [now - 1, now, now + 1] {
                        var log = ChangeLog()
                        var change = Change()
                        (change.number, change.rows, change.undoAtMicros) = (1, .list([0]), due)
                        log.append(change)
                        var back = Change()
                        (back.number, back.kind, back.rows, back.undoes, back.atMicros) = (2, kind, .list([0]), 1, at)
                        log.append(back)
                        if isTakenBack {
                            var undo = Change()
                            (undo.number, undo.kind, undo.rows, undo.undoes) = (3, .undone, .list([0]), 2)
                            log.append(undo)
                        }
                        let isEarly = kind == .scheduled && !isTakenBack && at > now && due > now
                        #expect(
                            log.setBackEarly(now: now).map(\.number) == (isEarly ? [2] : []),
                            "\(kind), \(isTakenBack), at \(at), due \(due)")
                    }
                }
            }
        }
    }
}
