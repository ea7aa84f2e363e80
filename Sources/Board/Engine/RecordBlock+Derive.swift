// What a record yields by itself, regardless of its customer: seconds, delay, talk time, code.

import CallEvents
import Columnar

extension RecordBlock {
    /// Computes these columns for rows of a batch, valid or not.
    /// - Parameter earliestSetupMicros: the earliest set-up of all rows.
    /// - Returns: whether all rows are valid.
    func derive(_ batch: borrowing CallRecordBatch, _ rows: Range<Int>, _ earliestSetupMicros: inout Int64) -> Bool {
        var (earliest, latest) = (Int64.max, Int64.min)
        let setups = batch.setupMicros.span
        for row in rows {
            // Unchecked: `fill` has checked that these rows exist.
            let setup = setups[unchecked: row]
            earliest = min(earliest, setup)
            latest = max(latest, setup)
        }
        earliestSetupMicros = earliest
        // Relative to the first set-up's second everything fits 32 bits, and eight rows are processed at a time.
        let isNarrow =
            earliest > 0 && latest < FinishedRecord.latestSetupMicros && latest - earliest < RecordBlock.narrowMicros
        let wide = isNarrow ? rows.count & ~7 : 0
        let first = rows.lowerBound
        var isRight = true
        if wide > 0 { isRight = derive(batch, first..<first + wide, after: earliest / 1_000_000) }
        for row in first + wide..<rows.upperBound {
            let record = batch.record(row)
            isRight = isRight && record.isRight
            write(record, row - first)
        }
        return isRight
    }

    /// Half an hour: with the longest call added it stays below 2^32 milliseconds.
    private static let narrowMicros: Int64 = 1_800_000_000

    private func write(_ record: FinishedRecord, _ index: Int) {
        (setupSecond + index).initialize(to: record.setupSecond)
        (outcomeSecond + index).initialize(to: record.outcomeSecond)
        (endSecond + index).initialize(to: record.endSecond)
        let code = record.code <= OutcomeFact.highestCode ? record.code : 0
        (codeAndRinging + index).initialize(to: code | (record.rang ? OutcomeCodes.ringing : 0))
        let delay = min(record.pddMilliseconds, OutcomeFact.longestDelayMilliseconds) + 1
        (self.delay + index).initialize(to: UInt32(bitPattern: delay))
        let talk = UInt32(bitPattern: record.talkMilliseconds)
        (self.talk + index).initialize(to: record.isAnswered ? talk | RecordBlock.answered : 0)
    }

    private typealias Eight = SIMD8<UInt32>

    /// Like `FinishedRecord`, for eight rows at a time whose set-ups are at most `narrowMicros` after `second`.
    ///
    /// Unsafe, and why it is right: `rows` are a multiple of eight, below the batch's count, and at most as many as the
    /// block has room for; all columns are equally long. Sums wrap only in rows that are not valid.
    private func derive(_ batch: borrowing CallRecordBatch, _ rows: Range<Int>, after second: Int64) -> Bool {
        let setups = batch.setupMicros.span.bytes
        let rings = batch.ringMilliseconds.span.bytes
        let answers = batch.answerMilliseconds.span.bytes
        let ends = batch.endMilliseconds.span.bytes
        let talks = batch.talkMilliseconds.span.bytes
        let codes = batch.code.span.bytes
        let parties = batch.party.span.bytes
        let startMicros = SIMD8<Int64>(repeating: second * 1_000_000)
        let startSecond = Eight(repeating: UInt32(truncatingIfNeeded: second))
        let never = Eight(repeating: CallRecordBatch.never)
        let unknown = Eight(repeating: CallRecordBatch.unknown)
        let longest = Eight(repeating: UInt32(Int32.max))
        let longestDelay = Eight(repeating: UInt32(OutcomeFact.longestDelayMilliseconds))
        let highestCode = Eight(repeating: UInt32(OutcomeFact.highestCode))
        let ringing = Eight(repeating: UInt32(OutcomeCodes.ringing))
        let answered = Eight(repeating: RecordBlock.answered)
        let (zero, one, ok) = (Eight(repeating: 0), Eight(repeating: 1), Eight(repeating: 200))
        var wrong = zero
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 8) {
            let index = row &- rows.lowerBound
            let setup = setups.unsafeLoadUnaligned(fromUncheckedByteOffset: row &* 8, as: SIMD8<Int64>.self)
            let ring = rings.unsafeLoadUnaligned(fromUncheckedByteOffset: row &* 4, as: Eight.self)
            let answer = answers.unsafeLoadUnaligned(fromUncheckedByteOffset: row &* 4, as: Eight.self)
            let end = ends.unsafeLoadUnaligned(fromUncheckedByteOffset: row &* 4, as: Eight.self)
            let talk = talks.unsafeLoadUnaligned(fromUncheckedByteOffset: row &* 4, as: Eight.self)
            let code = codes.unsafeLoadUnaligned(fromUncheckedByteOffset: row &* 2, as: SIMD8<UInt16>.self)
            // A batch comes from memory that no cache has: prefetched while the block before is processed.
            let next = row &+ RecordBlock.capacity
            prefetch(setups, next &* 8)
            prefetch(rings, next &* 4)
            prefetch(answers, next &* 4)
            prefetch(ends, next &* 4)
            prefetch(talks, next &* 4)
            prefetch(codes, next &* 2)
            prefetch(parties, next &* 4)

            // Masks are all ones where the condition holds.
            let isAnswered = mask(answer .!= never)
            wrong |= isAnswered & mask(answer .> end) | mask(end .> longest)

            let start = thousandth(Eight(truncatingIfNeeded: setup &- startMicros))
            let outcome = select(answer, isAnswered, else: end)
            store(startSecond &+ thousandth(start), to: setupSecond + index)
            store(startSecond &+ thousandth(start &+ outcome), to: outcomeSecond + index)
            store(startSecond &+ thousandth(start &+ end), to: endSecond + index)

            // `never` and `unknown` are above every end.
            let rang = mask(ring .<= end)
            let length = select(end &- answer, mask(talk .== never), else: talk)
            let talked = select(longest, mask(length .> longest), else: length) | answered
            store(talked & isAnswered, to: self.talk + index)

            // Without ringing the answer ends the delay, unless the ringing is unknown.
            let heard = select(ring, rang & mask(ring .< answer), else: answer)
            let isTimed = rang | isAnswered & mask(ring .!= unknown)
            let delay = select(heard, isAnswered, else: ring)
            let kept = select(longestDelay, mask(delay .> longestDelay), else: delay) &+ one
            store(kept & isTimed, to: self.delay + index)

            let wide = Eight(truncatingIfNeeded: code)
            let told = wide | ok & isAnswered & mask(wide .== zero)
            let known = told & mask(told .<= highestCode)
            UnsafeMutableRawPointer(codeAndRinging + index).storeBytes(
                of: SIMD8<UInt16>(truncatingIfNeeded: known | rang & ringing), as: SIMD8<UInt16>.self)
        }
        return wrong == zero
    }

    /// Divided by a thousand, rounded down. 0x10624DD3 is 2^38 / 1,000 rounded up, exact for all of 32 bits.
    @inline(__always)
    private func thousandth(_ value: Eight) -> Eight {
        let product = SIMD8<UInt64>(truncatingIfNeeded: value) &* SIMD8<UInt64>(repeating: 0x1062_4DD3)
        return Eight(truncatingIfNeeded: product &>> SIMD8<UInt64>(repeating: 38))
    }

    @inline(__always)
    private func mask(_ mask: SIMDMask<SIMD8<Int32>>) -> Eight {
        // Safe: a mask is a vector of integers of its width, each all ones or zero. (`replacing(with:where:)` handles
        // one element after the other.)
        unsafeBitCast(mask, to: Eight.self)
    }

    /// `value` where the mask has ones, else `other`.
    @inline(__always)
    private func select(_ value: Eight, _ mask: Eight, else other: Eight) -> Eight { other ^ (value ^ other) & mask }

    /// Prefetches a byte of a column, which may be beyond its end.
    @inline(__always)
    private func prefetch(_ column: RawSpan, _ offset: Int) {
        column.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            Columnar.prefetch(start + offset)
        }
    }

    @inline(__always)
    private func store(_ value: Eight, to place: UnsafeMutablePointer<UInt32>) {
        UnsafeMutableRawPointer(place).storeBytes(of: value, as: Eight.self)
    }
}
