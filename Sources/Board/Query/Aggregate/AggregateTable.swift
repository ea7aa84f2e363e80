// Measures added up by cell, a chunk of rows at a time. A table has parts, each with the sums of one or several
// measures: where only some of the columns have changed, only the parts that read them are added up again.

import Columnar

/// The values of an expression in a chunk's rows.
enum RowVector {
    /// A bit of `nulls` is set where the value is null; `nulls` is nil where none is.
    case integers(UnsafeBufferPointer<Int64>, nulls: UnsafeBufferPointer<UInt64>?)
    /// NaN is null.
    case numbers(UnsafeBufferPointer<Double>)
}

/// The value of a measure: a whole number or not.
enum MeasureValue: Equatable {
    case integer(Int64)
    case number(Double)
}

struct AggregateTable {
    let measures: [Measure]
    let index: GroupIndex
    private var packs: [PackedSums] = []
    private var others: [MeasureTable] = []
    private var places: [Place]

    private enum Place {
        case packed(Int, lane: Int)
        case other(Int)
        /// Its column has nothing but zero.
        case zero
    }

    /// The measures that need no sums, because they are zero. Parts mean the same in two tables only if these are the
    /// same.
    private(set) var zeroMeasures: [Int] = []

    /// A measure that is added up side by side with others.
    private struct Lane {
        var measure: Int
        var column: NumberColumn
        var dependency: Dependency
        /// Nil: the customers' number.
        var source: NumberSource?
    }

    /// `columns`: the column behind each source that is one. `isNumber`: whether an expression is not a whole number.
    init(
        _ measures: [Measure], index: GroupIndex, rows: Int, columns: (NumberSource) -> NumberColumn,
        isNumber: (Int) -> Bool
    ) {
        self.measures = measures
        self.index = index
        places = Array(repeating: .other(0), count: measures.count)
        var narrow: [Lane] = []
        var wide: [Lane] = []
        for (position, measure) in measures.enumerated() {
            switch (measure.operation, measure.source) {
            case (.count, .customers):
                narrow.append(Lane(measure: position, column: .ones(rows: rows), dependency: .customers))
            case (.sum, .column(let source)):
                let lane = Lane(
                    measure: position, column: columns(source), dependency: Dependency(source), source: source)
                if lane.column.isZero {
                    places[position] = .zero
                    zeroMeasures.append(position)
                    continue
                }
                switch lane.column {
                case .counts: narrow.append(lane)
                case .sums: wide.append(lane)
                default: addOther(position, column: lane.column, isNumber: false)
                }
            case (_, .column(let source)): addOther(position, column: columns(source), isNumber: false)
            case (_, .expression(let number)): addOther(position, column: nil, isNumber: isNumber(number))
            case (_, .customers): preconditionFailure("customers are only counted")
            }
        }
        pack(narrow, wide)
    }

    private mutating func addOther(_ measure: Int, column: NumberColumn?, isNumber: Bool) {
        places[measure] = .other(others.count)
        others.append(MeasureTable(measures[measure], column: column, isNumber: isNumber, cells: index.cells))
    }

    /// Packs measures of the same window side by side, and those of no window. Live calls go with a window, because
    /// whatever changes their number is a set-up or an outcome.
    private mutating func pack(_ narrow: [Lane], _ wide: [Lane]) {
        let firstWindow = narrow.lazy.compactMap(\.dependency.window).first
        func window(_ lane: Lane) -> Window? { lane.dependency == .active ? firstWindow : lane.dependency.window }
        for group in [nil] + Window.allCases.map(Optional.some) {
            var narrow = narrow.filter { window($0) == group }
            var wide = wide.filter { window($0) == group }
            // The number of customers alone is better added beside a wide column than with three lanes empty.
            if group == nil && narrow.count == 1 { (narrow, wide) = ([], wide + narrow) }
            for (lanes, isNarrow) in [(narrow, true), (wide, false)] {
                let most = isNarrow ? PackedSums.narrowLanes : PackedSums.wideLanes
                for first in stride(from: 0, to: lanes.count, by: most) {
                    let lanes = lanes[first..<min(first + most, lanes.count)]
                    for (lane, entry) in lanes.enumerated() { places[entry.measure] = .packed(packs.count, lane: lane) }
                    packs.append(
                        PackedSums(
                            lanes.map(\.column), sources: lanes.map(\.source), isNarrow: isNarrow,
                            dependencies: Set(lanes.map(\.dependency)), cells: index.cells))
                }
            }
        }
    }

    /// Adds a chunk's rows to some parts: all rows, or those whose bit is set. `cells` has the cell of each row, or is
    /// nil if all are in one. `vector` returns the values of an expression.
    mutating func add(
        _ chunk: Int, rows: Int, cells: UnsafeBufferPointer<UInt32>?, selected: UnsafeBufferPointer<UInt64>?,
        parts: [Bool], vector: (Int) -> RowVector
    ) {
        for number in packs.indices where parts[number] {
            packs[number].add(chunk, rows: rows, index: cells, selected: selected)
        }
        for number in others.indices where parts[packs.count + number] {
            others[number].add(chunk, rows: rows, index: cells, selected: selected, vector: vector)
        }
    }

    /// The sums of some measures, one element per place of the tree: `places` has each cell's place, below `count`
    /// (below 0: none), and `steps` then add places to others.
    func columns(
        of measures: [Int], places: [Int32], count: Int, steps: [[(from: Int32, to: Int32)]]
    ) -> [MeasureColumn] {
        precondition(places.allSatisfy { $0 < count }, "places of another shape")
        // The lanes of a pack go together; then each measure is taken out of them.
        var packed: [Int: [Int64]] = [:]
        return measures.map { measure in
            switch self.places[measure] {
            case .packed(let pack, let lane):
                let sums = packed[pack] ?? packs[pack].sums(places: places, count: count, steps: steps)
                packed[pack] = sums
                return MeasureColumn(sums: sums, first: lane, stride: packs[pack].lanes)
            case .zero: return MeasureColumn(.sum, isNumber: false, count: count)
            case .other(let number):
                var column = others[number].emptyColumn(count: count)
                for (cell, place) in places.enumerated() where place >= 0 {
                    column.merge(others[number].sums[cell], into: Int(place))
                }
                for step in steps { column.mergeWithin(step) }
                return column
            }
        }
    }

    /// Customers in each cell.
    var customers: [Int64] {
        guard case .packed(let pack, let lane) = places[MeasureList.customers] else { return [] }
        return MeasureColumn(sums: packs[pack].sums, first: lane, stride: packs[pack].lanes).integers
    }
}

// MARK: - Parts

/// The sums of a part by cell.
enum PartSums {
    case packed([Int64])
    case other(MeasureColumn)

    var byteSize: Int {
        switch self {
        case .packed(let sums): sums.count * 8
        case .other(let column): (column.integers.count + column.numbers.count) * 8
        }
    }
}

extension AggregateTable {
    var partCount: Int { packs.count + others.count }

    /// What the sums of a part depend on, besides cells and selections.
    func dependencies(ofPart part: Int) -> Set<Dependency> {
        part < packs.count ? packs[part].dependencies : others[part - packs.count].dependencies
    }

    func sums(ofPart part: Int) -> PartSums {
        part < packs.count ? .packed(packs[part].sums) : .other(others[part - packs.count].sums)
    }

    /// The part's sums if its changes are recorded row by row, else nil.
    func packed(part: Int) -> PackedSums? { part < packs.count ? packs[part] : nil }

    /// Resets the sums of a part to zero.
    mutating func begin(part: Int) {
        if part < packs.count { packs[part].begin() } else { others[part - packs.count].begin() }
    }

    /// Puts cached sums in the place of a part's, or (`merging`) adds them to it.
    mutating func put(_ sums: PartSums, part: Int, merging: Bool) {
        switch sums {
        case .packed(let sums): merging ? packs[part].merge(sums) : packs[part].put(sums)
        case .other(let column):
            let number = part - packs.count
            if merging { others[number].sums.mergeAll(column) } else { others[number].sums = column }
        }
    }

    /// Number of values in all sums.
    var size: Int { index.cells * (packs.reduce(0) { $0 + $1.lanes } + others.count) }
}
