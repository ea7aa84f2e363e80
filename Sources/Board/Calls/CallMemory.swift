// Where calls lie: by number, in blocks that never move, so that a growing table copies nothing.

import Columnar

/// When a call is looked at next: the second that is wanted, and the one in whose bucket it is.
struct CallDeadline: BitwiseCopyable {
    var wantedSecond: UInt32 = 0
    var scheduledSecond: UInt32 = 0
}

/// Lines, setbacks and deadlines of calls, each by the call's number.
///
/// Unsafe, and why it is right: a number below `capacity` lies in a block that exists, for `grow` makes blocks in order, and
/// all that a new block holds is initialised. Blocks stay as long as the object.
final class CallMemory {
    private static let blockShift: UInt32 = 12
    private static let blockCalls = 1 << Int(blockShift)
    private static let largestBlockCount = BoardLimits.trackedCalls / blockCalls + 1

    private let pool = BlockPool()
    private let lines = UnsafeMutablePointer<UnsafeMutablePointer<CallLine>>.allocate(capacity: largestBlockCount)
    private let setbacks = UnsafeMutablePointer<UnsafeMutablePointer<CallSetback>>.allocate(capacity: largestBlockCount)
    private let deadlines = UnsafeMutablePointer<UnsafeMutablePointer<CallDeadline>>.allocate(
        capacity: largestBlockCount)
    private var blockCount = 0

    init() {}

    deinit {
        lines.deallocate()
        setbacks.deallocate()
        deadlines.deallocate()
    }

    /// Numbers below this one have a place.
    var capacity: Int { blockCount * CallMemory.blockCalls }

    /// Room for another block of calls.
    func grow() {
        precondition(blockCount < CallMemory.largestBlockCount, "more calls than BoardLimits.trackedCalls")
        lines[blockCount] = block(of: .free)
        setbacks[blockCount] = block(of: CallSetback())
        deadlines[blockCount] = block(of: CallDeadline())
        blockCount += 1
    }

    private func block<Element: BitwiseCopyable>(of element: Element) -> UnsafeMutablePointer<Element> {
        let memory = pool.allocate(CallMemory.blockCalls * MemoryLayout<Element>.stride)
        return memory.initializeMemory(as: Element.self, repeating: element, count: CallMemory.blockCalls)
    }

    @inline(__always)
    func line(_ number: UInt32) -> UnsafeMutablePointer<CallLine> { CallMemory.place(number, in: lines) }

    @inline(__always)
    func setback(_ number: UInt32) -> UnsafeMutablePointer<CallSetback> { CallMemory.place(number, in: setbacks) }

    @inline(__always)
    func deadline(_ number: UInt32) -> UnsafeMutablePointer<CallDeadline> { CallMemory.place(number, in: deadlines) }

    @inline(__always)
    private static func place<Element>(
        _ number: UInt32, in blocks: UnsafeMutablePointer<UnsafeMutablePointer<Element>>
    ) -> UnsafeMutablePointer<Element> {
        blocks[Int(number >> blockShift)] + Int(number) & (blockCalls - 1)
    }

    var byteSize: Int { pool.byteSize + 3 * CallMemory.largestBlockCount * MemoryLayout<UnsafeRawPointer>.stride }
}
