// Sums of some columns of one width side by side in each cell: one cache line is touched for all of them.

import Columnar

struct PackedSums {
    /// Columns of 32 bits, or wide ones, that are added up together.
    static let narrowLanes = 4
    static let wideLanes = 2

    /// What its sums are made of; they are cached as long as it is the same.
    let dependencies: Set<Dependency>
    private let columns: [NumberColumn]
    private let scratch: [ChunkScratch]
    private let isNarrow: Bool
    private let cells: Int
    /// The logs that record all changes of its columns; nil where some columns' changes are not recorded row by row.
    let logs: [Int]?
    /// Log and field -> lane, below 0: none.
    private let lanesOfFields: [Int8]
    private static let fields = CounterField.count + SumField.count
    /// Column m of cell c is at `lanes * c + m`; empty before `begin`.
    private(set) var sums: [Int64] = []

    /// `columns`: at most as many as there are lanes, all `counts` (or `ones`) or all `sums` (or `ones`). `sources`:
    /// one per column, nil for ones.
    init(
        _ columns: [NumberColumn], sources: [NumberSource?], isNarrow: Bool, dependencies: Set<Dependency>, cells: Int
    ) {
        self.columns = columns
        self.isNarrow = isNarrow
        self.dependencies = dependencies
        self.cells = cells
        scratch = columns.map { _ in ChunkScratch() }
        logs = dependencies.logs
        var lanes = [Int8](repeating: -1, count: LogVersions.scalarCount * PackedSums.fields)
        for (lane, source) in sources.enumerated() {
            // Safe: four lanes at most.
            if let (log, field) = source?.delta { lanes[log * PackedSums.fields + field] = Int8(lane) }
        }
        lanesOfFields = lanes
        precondition((1...self.lanes).contains(columns.count), "at least one column, and one in each lane")
    }

    /// The lane that has a field of a log; below 0: none.
    func lane(log: Int, field: UInt32) -> Int { Int(lanesOfFields[log * PackedSums.fields + Int(field)]) }

    var columnCount: Int { columns.count }

    /// What a row adds to the sum of a lane.
    func value(lane: Int, row: Int) -> Int64 { columns[lane][row] }

    var lanes: Int { isNarrow ? PackedSums.narrowLanes : PackedSums.wideLanes }

    subscript(cell: Int, lane: Int) -> Int64 { sums[cell * lanes + lane] }

    /// Resets every sum to 0.
    mutating func begin() { sums = Array(repeating: 0, count: cells * lanes) }

    mutating func put(_ sums: [Int64]) { self.sums = sums }

    /// Adds sums of other rows.
    mutating func merge(_ other: [Int64]) {
        sums.withUnsafeMutableBufferPointer { own in
            other.withUnsafeBufferPointer { other in
                for place in own.indices { own[place] &+= other[place] }
            }
        }
    }

    /// The sums by place, with as many lanes each: `places` has the place of each cell, below 0 where it has no
    /// customers; all are below `count`. `steps` then add places to others.
    func sums(places: [Int32], count: Int, steps: [[(from: Int32, to: Int32)]]) -> [Int64] {
        precondition(places.count * lanes == sums.count, "a place for each cell")
        var result = [Int64](repeating: 0, count: count * lanes)
        result.withUnsafeMutableBytes { result in
            sums.withUnsafeBytes { sums in
                if isNarrow {
                    PackedSums.add(sums, to: result, as: SIMD4<Int64>.self, places, steps)
                } else {
                    PackedSums.add(sums, to: result, as: SIMD2<Int64>.self, places, steps)
                }
            }
        }
        return result
    }

    /// Loads and stores check that each vector lies in its memory.
    private static func add<Lanes: SIMD>(
        _ sums: UnsafeRawBufferPointer, to result: UnsafeMutableRawBufferPointer, as type: Lanes.Type,
        _ places: [Int32], _ steps: [[(from: Int32, to: Int32)]]
    ) where Lanes.Scalar == Int64 {
        let size = MemoryLayout<Lanes>.size
        func add(_ values: Lanes, _ place: Int32) {
            let offset = Int(place) * size
            let sum = result.loadUnaligned(fromByteOffset: offset, as: Lanes.self) &+ values
            result.storeBytes(of: sum, toByteOffset: offset, as: Lanes.self)
        }
        for (cell, place) in places.enumerated() where place >= 0 {
            add(sums.loadUnaligned(fromByteOffset: cell * size, as: Lanes.self), place)
        }
        for step in steps {
            for (from, to) in step {
                add(result.loadUnaligned(fromByteOffset: Int(from) * size, as: Lanes.self), to)
            }
        }
    }

    /// Adds a chunk's rows to their cells: `index` has the cell of each row, or is nil where there is only one.
    mutating func add(
        _ chunk: Int, rows: Int, index: UnsafeBufferPointer<UInt32>?, selected: UnsafeBufferPointer<UInt64>?
    ) {
        guard let index else {
            for (lane, column) in columns.enumerated() {
                if selected == nil, let total = column.total(chunk: chunk) {
                    sums[lane] &+= total
                    continue
                }
                sums[lane] &+= PackedSums.sum(column.chunk(chunk, scratch: scratch[lane]), rows, selected)
            }
            return
        }
        if isNarrow { addNarrow(chunk, rows, index, selected) } else { addWide(chunk, rows, index, selected) }
    }

    private mutating func addNarrow(
        _ chunk: Int, _ rows: Int, _ index: UnsafeBufferPointer<UInt32>, _ selected: UnsafeBufferPointer<UInt64>?
    ) {
        let zeros = ChunkScratch.narrowZeros(rows)
        let parts = (0..<lanes).map { lane -> UnsafeBufferPointer<Int32>? in
            guard lane < columns.count, case .counts(let values) = columns[lane].chunk(chunk, scratch: scratch[lane])
            else { return nil }
            return values
        }
        guard parts.contains(where: { $0 != nil }) else { return }
        sums.withUnsafeMutableBufferPointer {
            Kernel.sumByCode(
                parts[0] ?? zeros, parts[1] ?? zeros, parts[2] ?? zeros, parts[3] ?? zeros, codes: index,
                selected: selected, into: $0)
        }
    }

    private mutating func addWide(
        _ chunk: Int, _ rows: Int, _ index: UnsafeBufferPointer<UInt32>, _ selected: UnsafeBufferPointer<UInt64>?
    ) {
        let zeros = UnsafeBufferPointer(rebasing: ChunkScratch.zeros[..<rows])
        let parts = (0..<lanes).map { lane -> UnsafeBufferPointer<Int64>? in
            guard lane < columns.count else { return nil }
            if case .ones = columns[lane] { return UnsafeBufferPointer(rebasing: ChunkScratch.wideOnes[..<rows]) }
            guard case .sums(let values) = columns[lane].chunk(chunk, scratch: scratch[lane]) else { return nil }
            return values
        }
        guard parts.contains(where: { $0 != nil }) else { return }
        sums.withUnsafeMutableBufferPointer {
            Kernel.sumByCode(parts[0] ?? zeros, parts[1] ?? zeros, codes: index, selected: selected, into: $0)
        }
    }

    static func sum(_ values: NumberChunk, _ rows: Int, _ selected: UnsafeBufferPointer<UInt64>?) -> Int64 {
        switch values {
        case .zeros: 0
        case .bytes(let values): selected.map { Kernel.sum(values, selected: $0) } ?? Kernel.sum(values)
        case .counts(let values): selected.map { Kernel.sum(values, selected: $0) } ?? Kernel.sum(values)
        case .limits(let values): selected.map { Kernel.sum(values, selected: $0) } ?? Kernel.sum(values)
        case .sums(let values): selected.map { Kernel.sum(values, selected: $0) } ?? Kernel.sum(values)
        }
    }
}

extension ChunkScratch {
    fileprivate static func narrowZeros(_ rows: Int) -> UnsafeBufferPointer<Int32> {
        // Safe: `zeros` has at least as many bytes, aligned for it, and is never written.
        UnsafeBufferPointer(rebasing: UnsafeRawBufferPointer(zeros).assumingMemoryBound(to: Int32.self)[..<rows])
    }
}
