// The details of calls that are not over, by the calls' numbers. They are stored in slots of whole units in pages of 64
// KB; a free slot is reused for details of as many units. A call without details costs 0 or (if others have some) 4
// bytes.

import CallEvents
import Columnar

struct CallDetailTable: Sendable {
    private static let unitBytes = 32
    private static let pageUnits = 2_048

    private var pages: [[UInt8]] = []
    /// Units of the last page that are in use.
    private var usedUnits = pageUnits
    /// Free slots by their number of units.
    private var free = [[UInt32]](repeating: [], count: CallDetailLimits.packedBytes / unitBytes + 2)
    /// By the call's number: the first unit of its slot, plus one; 0: it has none.
    private var places: [UInt32] = []
    private(set) var count = 0
    /// Details that did not fit.
    private(set) var refused = 0

    /// Pages at once, at most.
    private let mostPages: Int

    /// - Parameter bytes: of all details together, at most; whole pages count.
    init(bytes: Int = BoardLimits.liveDetailBytes) {
        mostPages = bytes / (CallDetailTable.pageUnits * CallDetailTable.unitBytes)
    }

    var isEmpty: Bool { count == 0 }

    var byteSize: Int {
        pages.count * CallDetailTable.pageUnits * CallDetailTable.unitBytes + places.capacity * 4
            + free.reduce(0) { $0 + $1.capacity * 4 }
    }

    @inline(__always)
    func has(_ number: UInt32) -> Bool { Int(number) < places.count && places[Int(number)] != 0 }

    /// Prefetches a call's details.
    @inline(__always)
    func prefetch(_ number: UInt32) {
        guard has(number) else { return }
        let unit = Int(places[Int(number)]) - 1
        let start = unit % CallDetailTable.pageUnits * CallDetailTable.unitBytes
        // Within the page, which has whole units; from there most details take less than two cache lines.
        pages[unit / CallDetailTable.pageUnits].withUnsafeBufferPointer {
            Columnar.prefetch($0.baseAddress! + start)
            Columnar.prefetch($0.baseAddress! + min(start + 64, $0.count - 1))
        }
    }

    /// A call's details; empty: none are known.
    func packed(_ number: UInt32) -> ArraySlice<UInt8> {
        guard let (page, range) = place(number) else { return [] }
        return pages[page][range]
    }

    func details(_ number: UInt32) -> CallDetails {
        guard let (page, range) = place(number) else { return CallDetails() }
        let bytes = pages[page]
        return PackedCallDetails.read(bytes.span, range)
    }

    private func place(_ number: UInt32) -> (page: Int, range: Range<Int>)? {
        guard has(number) else { return nil }
        let unit = Int(places[Int(number)]) - 1
        let page = unit / CallDetailTable.pageUnits
        let start = unit % CallDetailTable.pageUnits * CallDetailTable.unitBytes
        let bytes = pages[page]
        guard let length = PackedCallDetails.length(bytes.span, at: start) else { return nil }
        return (page, start..<start + length)
    }

    /// Replaces a call's details.
    mutating func set(_ number: UInt32, _ packed: some Collection<UInt8>) {
        remove(number)
        guard !packed.isEmpty, packed.count <= CallDetailLimits.packedBytes else { return }
        guard let unit = take(units: CallDetailTable.units(packed.count)) else {
            refused += 1
            return
        }
        if places.count <= Int(number) {
            // In steps, because numbers grow one by one.
            places.append(contentsOf: repeatElement(0, count: Int(number) + 1 - places.count))
        }
        places[Int(number)] = unit + 1
        count += 1
        let page = Int(unit) / CallDetailTable.pageUnits
        let start = Int(unit) % CallDetailTable.pageUnits * CallDetailTable.unitBytes
        pages[page].replaceSubrange(start..<start + packed.count, with: packed)
    }

    mutating func remove(_ number: UInt32) {
        guard let (_, range) = place(number) else { return }
        free[CallDetailTable.units(range.count)].append(places[Int(number)] - 1)
        places[Int(number)] = 0
        count -= 1
    }

    /// The first unit of a free slot; nil: there is no room.
    private mutating func take(units: Int) -> UInt32? {
        if let unit = free[units].popLast() { return unit }
        if usedUnits + units > CallDetailTable.pageUnits {
            let pageBytes = CallDetailTable.pageUnits * CallDetailTable.unitBytes
            guard pages.count < mostPages else { return nil }
            pages.append([UInt8](repeating: 0, count: pageBytes))
            usedUnits = 0
        }
        let unit = (pages.count - 1) * CallDetailTable.pageUnits + usedUnits
        usedUnits += units
        return UInt32(unit)
    }

    private static func units(_ bytes: Int) -> Int { (bytes + unitBytes - 1) / unitBytes }
}
