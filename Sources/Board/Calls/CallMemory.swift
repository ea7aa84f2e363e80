// The memory of calls: by number, in blocks that never move, so that a growing table copies nothing.

import Columnar

/// Lines and setbacks of calls, each by the call's number.
///
/// Unsafe, and why it is right: a number below `capacity` is in a block of lines that exists, for `grow` creates blocks
/// in order, and all that a new block holds is initialised. Blocks live as long as the object.
final class CallMemory {
    private static let blockShift: UInt32 = 12
    private static let blockCalls = 1 << Int(blockShift)
    private static let largestBlockCount = BoardLimits.trackedCalls / blockCalls + 1

    private let pool = BlockPool()
    /// The blocks of lines; the list itself never moves.
    let lines = UnsafeMutablePointer<UnsafeMutablePointer<CallLine>>.allocate(capacity: largestBlockCount)
    /// Few calls have one: a block is created for the first of its calls that does.
    private var setbacks = [UnsafeMutablePointer<CallSetback>?](repeating: nil, count: largestBlockCount)
    /// As `setbacks`.
    private var sessions = [UnsafeMutablePointer<CallSession>?](repeating: nil, count: largestBlockCount)
    /// As `setbacks`; calls from SIP messages have one. Read for every event, so this list never moves either.
    private let traces = UnsafeMutablePointer<UnsafeMutablePointer<CallTrace>?>.allocate(capacity: largestBlockCount)
    private var blockCount = 0

    init() { traces.initialize(repeating: nil, count: CallMemory.largestBlockCount) }

    deinit {
        lines.deallocate()
        traces.deallocate()
    }

    /// Every number below this has a line.
    var capacity: Int { blockCount * CallMemory.blockCalls }

    /// Adds room for another block of calls.
    func grow() {
        precondition(blockCount < CallMemory.largestBlockCount, "more calls than BoardLimits.trackedCalls")
        lines[blockCount] = block(of: .free)
        blockCount += 1
    }

    private func block<Element: BitwiseCopyable>(of element: Element) -> UnsafeMutablePointer<Element> {
        let memory = pool.allocate(CallMemory.blockCalls * MemoryLayout<Element>.stride)
        return memory.initializeMemory(as: Element.self, repeating: element, count: CallMemory.blockCalls)
    }

    /// - Parameter lines: of the memory that has the call; passed in by callers that read many.
    @inline(__always)
    static func line(
        _ number: UInt32, in lines: UnsafeMutablePointer<UnsafeMutablePointer<CallLine>>
    ) -> UnsafeMutablePointer<CallLine> {
        lines[Int(number >> CallMemory.blockShift)] + Int(number) & (CallMemory.blockCalls - 1)
    }

    func setback(_ number: UInt32) -> CallSetback {
        setbacks[Int(number >> CallMemory.blockShift)]?[Int(number) & (CallMemory.blockCalls - 1)] ?? CallSetback()
    }

    func setSetback(_ number: UInt32, _ setback: CallSetback) {
        let number = Int(number)
        let place = number >> Int(CallMemory.blockShift)
        let setbacks = self.setbacks[place] ?? block(of: CallSetback())
        self.setbacks[place] = setbacks
        setbacks[number & (CallMemory.blockCalls - 1)] = setback
    }

    func session(_ number: UInt32) -> CallSession {
        sessions[Int(number >> CallMemory.blockShift)]?[Int(number) & (CallMemory.blockCalls - 1)] ?? CallSession()
    }

    func setSession(_ number: UInt32, _ session: CallSession) {
        let number = Int(number)
        let place = number >> Int(CallMemory.blockShift)
        let sessions = self.sessions[place] ?? block(of: CallSession())
        self.sessions[place] = sessions
        sessions[number & (CallMemory.blockCalls - 1)] = session
    }

    @inline(__always)
    func trace(_ number: UInt32) -> CallTrace { tracePlace(number)?.pointee ?? CallTrace() }

    /// Nil: no call of its block has one.
    @inline(__always)
    func tracePlace(_ number: UInt32) -> UnsafeMutablePointer<CallTrace>? {
        traces[Int(number >> CallMemory.blockShift)].map { $0 + Int(number) & (CallMemory.blockCalls - 1) }
    }

    func setTrace(_ number: UInt32, _ trace: CallTrace) {
        if let place = tracePlace(number) {
            place.pointee = trace
        } else if trace != CallTrace() {
            let place = Int(number >> CallMemory.blockShift)
            let block = block(of: CallTrace())
            traces[place] = block
            block[Int(number) & (CallMemory.blockCalls - 1)] = trace
        }
    }

    var byteSize: Int { pool.byteSize + 4 * CallMemory.largestBlockCount * MemoryLayout<UnsafeRawPointer>.stride }
}
