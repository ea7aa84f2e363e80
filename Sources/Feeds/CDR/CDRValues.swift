import CallEvents

/// The contents of one row about a call, before it becomes a `FinishedCall`: read by column, the same for all products.
struct CDRValues {
    var setup: CDRTime?
    var ring: CDRTime?
    var answer: CDRTime?
    var end: CDRTime?
    /// From setup to end, microseconds.
    var durationMicros: Int64?
    /// From answer to end as the switch counts it, microseconds, never negative.
    var talkMicros: Int64?
    /// From setup to the first ringing, microseconds.
    var pddMicros: Int64?
    /// Whether the rows state when it rang, so that a call without such a time did not ring.
    var tellsRinging = false
    /// When the switch created the call's channel, if its unique id contains that: no row of the call begins before.
    var createdMicros: Int64?
    var cause = HangupCause()
    var disposition: HangupCause.Disposition?
    /// The row has an unknown disposition.
    var hasUnknownDisposition = false
    /// False if the row does not state when the call began, and the answer is used instead.
    var isSetupKnown = true
    /// Below 0: a credit note.
    var costMicros: Int64?
    var currency = RowCurrency.none
    /// False if the row may have ended long before it was written: one carrier's part of a longer call.
    var isInOrder = true
}

extension CDRValues {
    /// Chooses the readings of local times in the hour repeated at the end of daylight saving.
    ///
    /// In this order: the times must not run backwards, the row's own duration and talk time must fit them, and the end
    /// must not lie ten minutes or more before the end of the row above (rows are written at their end) or, if
    /// the row states it, the start not before the channel's creation. Of what is still open, the shortest call is
    /// chosen, and of two the first pass.
    /// - Parameter floorMicros: the latest set-up of this hour in earlier files: one that begins ten minutes or more
    /// before is
    ///   of the second pass.
    mutating func settle(lastEndMicros: Int64, floorMicros: Int64? = nil) {
        guard setup?.isDoubtful == true || answer?.isDoubtful == true || end?.isDoubtful == true else {
            settleRing()
            return
        }
        var best: (setup: CDRTime?, answer: CDRTime?, end: CDRTime?) = (setup, answer, end)
        var bestPenalty = (Int.max, Int64.max)
        for choice in 0..<8 {
            let trial = (
                setup: Self.pick(setup, later: choice & 4 != 0), answer: Self.pick(answer, later: choice & 2 != 0),
                end: Self.pick(end, later: choice & 1 != 0)
            )
            let length = (trial.end?.earlier ?? 0) - (trial.setup?.earlier ?? 0)
            var points = self.penalty(trial.setup, trial.answer, trial.end, lastEndMicros)
            if let floorMicros, let setup = trial.setup?.earlier, setup < floorMicros - CDRLimits.disorderMicros,
                floorMicros - setup < CDRLimits.passMicros
            {
                points += 1
            }
            let penalty = (points, length)
            if penalty < bestPenalty {
                bestPenalty = penalty
                best = trial
            }
        }
        (setup, answer, end) = best
        settleRing()
    }

    private mutating func settleRing() {
        guard let ring, ring.isDoubtful, let setup else { return }
        self.ring = CDRTime(ring.earlier >= setup.earlier ? ring.earlier : ring.later)
    }

    private static func pick(_ time: CDRTime?, later: Bool) -> CDRTime? {
        guard let time else { return nil }
        return CDRTime(later ? time.later : time.earlier)
    }

    private func penalty(_ setup: CDRTime?, _ answer: CDRTime?, _ end: CDRTime?, _ lastEndMicros: Int64) -> Int {
        var penalty = 0
        if let setup, let answer, answer.earlier < setup.earlier { penalty += 8 }
        if let answer, let end, end.earlier < answer.earlier { penalty += 8 }
        if let setup, let end, end.earlier < setup.earlier { penalty += 8 }
        // Stamps are whole seconds, and durations may be too: two seconds of slack.
        let slack: Int64 = 2_000_000
        if let setup, let end, let durationMicros, abs(end.earlier - setup.earlier - durationMicros) > slack {
            penalty += 4
        }
        if let answer, let end, let talkMicros, talkMicros > 0, abs(end.earlier - answer.earlier - talkMicros) > slack {
            penalty += 2
        }
        // For a part of a longer call, the nearer pass is the best guess: back by up to half of what is repeated.
        let repeated = (self.end ?? self.setup).map { $0.later - $0.earlier } ?? 0
        let disorderMicros = isInOrder ? CDRLimits.disorderMicros : repeated / 2
        if let createdMicros {
            if let setup, setup.earlier < createdMicros - slack { penalty += 1 }
        } else if let moment = end ?? setup, moment.earlier < lastEndMicros - disorderMicros {
            penalty += 1
        }
        return penalty
    }
}

extension CDRValues {
    /// True if the call was answered, by the disposition, the time of the answer, the code or a talk time.
    var isAnswered: Bool {
        if let disposition { return disposition == .answered }
        return answer != nil || (200...299).contains(cause.code) || (talkMicros ?? 0) > 0
    }

    /// From set-up to end, microseconds, if the row states it.
    var lengthMicros: Int64? {
        if let durationMicros { return durationMicros }
        guard let setup, let end, isSetupKnown else { return nil }
        return max(0, end.earlier - setup.earlier)
    }

    /// The unique id contains its creation time, and this row is later: within a day, for a queue holds long, and half
    /// a day before, for the time zone may be wrong.
    var isCreationBelievable: Bool {
        guard let createdMicros, let setup else { return false }
        let age = setup.earlier - createdMicros
        return age > -CDRLimits.idAgeMicros / 2 && age < CDRLimits.idAgeMicros
    }

    /// The call was answered, but the time of the answer follows only from the talk time.
    private var answerIsGuessed: Bool {
        isAnswered && answer == nil && (talkMicros == nil || end == nil && durationMicros == nil)
    }

    /// The call of these values, with the times made to run forwards.
    func finished(key: CallKey, partyKey: CallKey) throws(RowFault) -> FinishedCall {
        guard let setup = setup?.earlier else { throw RowFault(name: .missingTime) }
        var call = FinishedCall(key: key, partyKey: partyKey, setupMicros: setup, costMicros: costMicros)
        call.currency = currency
        var end = try forwards(from: setup, to: endMicros(setup))
        var stated = answer?.earlier ?? (end - (talkMicros ?? 0))
        // A delay is exact where stamps are truncated to whole seconds: the answer is not before the ringing.
        if let pddMicros, isAnswered, stated < setup + pddMicros, setup + pddMicros - stated < 1_000_000 {
            stated = setup + pddMicros
            end = max(end, stated)
        }
        call.endMilliseconds = try Self.milliseconds(end - setup)
        if isAnswered {
            let answer = min(end, try forwards(from: setup, to: stated))
            call.answerMilliseconds = try Self.milliseconds(answer - setup)
            if let talkMicros { call.talkMilliseconds = try Self.milliseconds(talkMicros) }
            call.cause = HangupCause(code: 200, q850: cause.q850)
        } else if case .failed(let named)? = disposition {
            // A code or cause in the row is more exact than a word.
            call.cause = cause == HangupCause() || (200...299).contains(cause.code) ? named : cause
        } else {
            call.cause = cause
        }
        if !isSetupKnown || answerIsGuessed && ring == nil && pddMicros == nil {
            // Without set-up or answer there is no delay between them, not even one of 0 ms.
            call.ringMilliseconds = CallRecordBatch.unknown
        } else if let ring = ring?.earlier ?? pddMicros.map({ setup + $0 }) {
            let first = min(end, try forwards(from: setup, to: ring))
            call.ringMilliseconds = try Self.milliseconds(first - setup)
        } else if !tellsRinging {
            call.ringMilliseconds = CallRecordBatch.unknown
        }
        return call
    }

    /// The end as stated, or as the duration or the talk time give it; an unanswered call without any of these ends
    /// with its ringing or its setup.
    private func endMicros(_ setup: Int64) -> Int64 {
        if let end { return end.earlier }
        if let durationMicros { return setup + durationMicros }
        if let answer { return answer.earlier + (talkMicros ?? 0) }
        if let talkMicros, isAnswered { return setup + (pddMicros ?? 0) + talkMicros }
        return ring?.earlier ?? (setup + (pddMicros ?? 0))
    }

    /// `to`, or `from` if the clock was set back in between.
    private func forwards(from: Int64, to: Int64) throws(RowFault) -> Int64 {
        if to >= from { return to }
        if from - to > CDRLimits.backwardMicros { throw RowFault(name: .timeOrder) }
        return from
    }

    /// Microseconds as milliseconds, rounded to nearest.
    private static func milliseconds(_ micros: Int64) throws(RowFault) -> UInt32 {
        let rounded = (micros + 500) / 1000
        guard micros >= 0, rounded < Int64(CallRecordBatch.unknown) else { throw RowFault(name: .timeOrder) }
        return UInt32(truncatingIfNeeded: rounded)
    }
}
