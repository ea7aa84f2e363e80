// The calls in progress or recently ended, found by key.
//
// A call has a number that does not change while it is tracked. `CallIndex` leads from its key to the number,
// `CallMemory` from there to its state. Both are far larger than the processor's caches: callers with many keys
// prefetch the memory of all of them first (`prefetch...`). When a call is next checked is in `CallTable+Deadlines`.

import CallEvents
import Columnar

struct CallTable {
    private let memory = CallMemory()
    private let lines: UnsafeMutablePointer<UnsafeMutablePointer<CallLine>>
    private var index = CallIndex()
    /// Numbers below this one are in use, or in `free`.
    private(set) var numberCount: UInt32 = 0
    private(set) var free: [UInt32] = []
    var wheel = DeadlineWheel()
    /// Attempts with several branches: a few of a thousand.
    private(set) var branches: [UInt32: [CallBranch]] = [:]
    /// Calls with credentials that were neither let through nor forgotten.
    private(set) var claims: [UInt32: CallClaim] = [:]
    var dialogs = DialogTable()
    /// Until then calls are also looked up by other keys than their own; `.max`: the table was just restored.
    private var otherKeysUntilSecond: Int64 = 0
    /// Number of calls whose SIP key another call has now.
    private(set) var retiredCount = 0

    /// Calls held at once, at most.
    let limit: Int

    init(limit: Int = BoardLimits.trackedCalls) {
        self.limit = min(limit, BoardLimits.trackedCalls)
        lines = memory.lines
    }

    var isFull: Bool { count >= limit }

    var count: Int { Int(numberCount) - free.count }

    var byteSize: Int {
        memory.byteSize + index.byteSize + free.capacity * 4 + wheel.byteSize + dialogs.byteSize + branches.count * 256
            + claims.capacity * 64
    }

    /// The whole state of a call. Storing it costs more than changing its line.
    subscript(number: UInt32) -> TrackedCall {
        get {
            var call = line(number).pointee.call(memory.setback(number))
            let trace = memory.trace(number)
            call.branch = trace.branch
            call.lastSetupMicros = trace.lastSetupMicros
            call.provisionalMicros = trace.provisionalMicros
            if line(number).pointee.hasBranches { call.branches = branches[number] ?? [] }
            return call
        }
        set {
            let line = self.line(number)
            if line.pointee.hasBranches || !newValue.branches.isEmpty {
                branches[number] = newValue.branches.isEmpty ? nil : newValue.branches
            }
            line.pointee.store(newValue)
            if line.pointee.hasSetback { memory.setSetback(number, newValue.setback) }
            var trace = memory.trace(number)
            trace.branch = newValue.branch
            trace.lastSetupMicros = newValue.lastSetupMicros
            trace.provisionalMicros = newValue.provisionalMicros
            memory.setTrace(number, trace)
        }
    }

    /// A call's line, in place as long as the call is tracked.
    @inline(__always)
    func line(_ number: UInt32) -> UnsafeMutablePointer<CallLine> { CallMemory.line(number, in: lines) }

    /// All tracked calls, in arbitrary order.
    var all: some Sequence<TrackedCall> {
        (0..<numberCount).lazy.filter { line($0).pointee.key != .none }.map { self[$0] }
    }

    /// The numbers of all tracked calls.
    var numbers: [UInt32] { (0..<numberCount).filter { line($0).pointee.key != .none } }

    @inline(__always)
    func find(_ key: CallKey) -> UInt32? {
        index.find(CallTable.hash(key)) { line($0).pointee.key == key }
    }

    /// The call that gave its SIP key up to another one.
    func findRetired(_ key: CallKey, branch: UInt64, micros: Int64) -> UInt32? {
        guard retiredCount > 0 else { return nil }
        return find(key.instance(branch: branch, micros: micros))
            ?? find(key.instance(branch: branch, micros: micros, stepsBefore: 1))
    }

    /// Whether a call sent an INVITE with this branch; 0: the message does not carry its branch.
    func knows(_ number: UInt32, branch: UInt64) -> Bool {
        branch == 0 || branch == memory.trace(number).branch || self[number].knows(branch: branch)
    }

    /// Whether the call was answered, and did not fail afterwards.
    @inline(__always)
    func isAnswered(_ number: UInt32) -> Bool {
        let line = line(number)
        return !line.pointee.hasFailureInPlace && line.pointee.answerMicros != 0
    }

    /// Adds a call whose key is not in the table.
    mutating func insert(_ call: TrackedCall) -> UInt32 {
        let number = insert(CallLine(key: call.key, customer: call.customer))
        self[number] = call
        return number
    }

    /// Adds a call without setbacks whose key is not in the table.
    @inline(__always)
    mutating func insert(_ line: CallLine) -> UInt32 {
        let number: UInt32
        if let reused = free.popLast() {
            number = reused
            // For one of the next calls.
            if free.count >= 8 { prefetchCall(number: free[free.count - 8]) }
        } else {
            number = numberCount
            if Int(number) == memory.capacity { memory.grow() }
            numberCount += 1
        }
        self.line(number).pointee = line
        index.insert(CallTable.hash(line.key), number)
        assert(isRightOrLarge)
        return number
    }

    mutating func remove(_ number: UInt32) {
        index.remove(CallTable.hash(line(number).pointee.key), number)
        if line(number).pointee.hasBranches { branches[number] = nil }
        if line(number).pointee.hasClaim { claims[number] = nil }
        if let trace = memory.tracePlace(number) {
            dialogs.removeAll(first: trace.pointee.firstDialog)
            if trace.pointee.isRetired { retiredCount -= 1 }
            trace.pointee = CallTrace()
        }
        line(number).pointee = .free
        free.append(number)
        assert(isRightOrLarge)
    }

    /// The claim that a call rests on; nil: nothing that may be refused.
    @inline(__always)
    func claim(_ number: UInt32) -> CallClaim? { line(number).pointee.hasClaim ? claims[number] : nil }

    /// The call must be stored afterwards.
    mutating func setClaim(_ number: UInt32, _ claim: CallClaim?) {
        claims[number] = claim
        line(number).pointee.hasClaim = claim != nil
    }

    /// A call's session; nil: it has none.
    @inline(__always)
    func session(_ number: UInt32) -> CallSession? {
        line(number).pointee.hasSession ? memory.session(number) : nil
    }

    mutating func setSession(_ number: UInt32, _ session: CallSession) {
        memory.setSession(number, session)
        line(number).pointee.hasSession = true
    }

    @inline(__always)
    func trace(_ number: UInt32) -> CallTrace { memory.trace(number) }

    @inline(__always)
    func setTrace(_ number: UInt32, _ trace: CallTrace) { memory.setTrace(number, trace) }

    /// Gives a call a dialog by which its end is found.
    mutating func add(dialog: CallKey, to number: UInt32) {
        var trace = memory.trace(number)
        dialogs.add(dialog, call: number, first: &trace.firstDialog)
        memory.setTrace(number, trace)
    }

    /// The calls that also have a branch with this SIP key: the attempt continues from another address of its customer.
    mutating func collect(otherKey key: CallKey, nowSecond: Int64, into numbers: inout [UInt32]) {
        numbers.removeAll(keepingCapacity: true)
        if otherKeysUntilSecond == .max { otherKeysUntilSecond = nowSecond + BoardLimits.otherKeySeconds }
        guard nowSecond <= otherKeysUntilSecond else { return }
        dialogs.collect(CallTable.dialog(ofKey: key), into: &numbers)
        if !numbers.isEmpty {
            otherKeysUntilSecond = max(otherKeysUntilSecond, nowSecond + BoardLimits.otherKeySeconds)
        }
    }

    /// Gives a call another SIP key besides its own.
    mutating func add(otherKey key: CallKey, to number: UInt32, nowSecond: Int64) {
        add(dialog: CallTable.dialog(ofKey: key), to: number)
        otherKeysUntilSecond = max(otherKeysUntilSecond, nowSecond + BoardLimits.otherKeySeconds)
    }

    /// The table was restored.
    mutating func mayHaveOtherKeys() { otherKeysUntilSecond = .max }

    /// Other keys are among the dialogs, changed so that no dialog is equal.
    private static func dialog(ofKey key: CallKey) -> CallKey {
        CallKey(high: key.high ^ 0x6F74_6865_7220_6B65, low: key.low)
    }

    /// Gives a call's SIP key up to another call.
    mutating func retire(_ number: UInt32) {
        let trace = memory.trace(number)
        let line = line(number)
        index.remove(CallTable.hash(line.pointee.key), number)
        var key = line.pointee.key.instance(branch: trace.branch, micros: line.pointee.setupMicros)
        // The very same branch again, from a gateway that keeps restarting: any free key.
        while find(key) != nil { key = key.instance(branch: trace.branch, micros: line.pointee.setupMicros) }
        line.pointee.key = key
        index.insert(CallTable.hash(key), number)
        markRetired(number)
    }

    /// Marks a call that was inserted under its instance key.
    mutating func markRetired(_ number: UInt32) {
        var trace = memory.trace(number)
        if !trace.isRetired { retiredCount += 1 }
        trace.isRetired = true
        memory.setTrace(number, trace)
    }

    /// The key under which a call is remembered when it is forgotten.
    @inline(__always)
    func seenKey(_ number: UInt32) -> CallKey {
        let line = line(number)
        let trace = memory.trace(number)
        return trace.branch == 0 || trace.isRetired
            ? line.pointee.key : line.pointee.key.instance(branch: trace.branch, micros: line.pointee.setupMicros)
    }

    @inline(__always)
    private static func hash(_ key: CallKey) -> UInt32 { UInt32(truncatingIfNeeded: key.hash) }
}

// MARK: - Prefetching

extension CallTable {
    /// Prefetches the index slot of a key.
    @inline(__always)
    func prefetchIndex(_ key: CallKey) { index.prefetch(CallTable.hash(key)) }

    /// Prefetches the call in that index slot and returns its number, or nil; to be called after `prefetchIndex`. A
    /// hint: the call may be another one with the same hash.
    @inline(__always)
    func prefetchCall(_ key: CallKey) -> UInt32? {
        guard let number = index.candidate(CallTable.hash(key)) else { return nil }
        prefetchCall(number: number)
        return number
    }

    @inline(__always)
    func prefetchCall(number: UInt32) { prefetch(line(number)) }

    @inline(__always)
    func prefetchTrace(_ number: UInt32) {
        if let place = memory.tracePlace(number) { prefetch(place) }
    }
}
