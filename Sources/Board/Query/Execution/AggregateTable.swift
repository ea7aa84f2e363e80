// Measures added up by cell, a chunk of rows at a time.

import Columnar

/// The values of an expression in a chunk's rows.
enum RowVector {
    /// A bit of `nulls` is set where the value is null; nil: nowhere.
    case integers(UnsafeBufferPointer<Int64>, nulls: UnsafeBufferPointer<UInt64>?)
    /// NaN is null.
    case numbers(UnsafeBufferPointer<Double>)
}

struct AggregateTable {
    let measures: [Measure]
    let index: GroupIndex
    var packs: [PackedSums]
    var others: [MeasureTable]
    private let places: [Place]

    private enum Place {
        case packed(Int, lane: Int)
        case other(Int)
    }

    /// `columns`: the column behind each source that is one. `isNumber`: whether an expression is no whole number.
    init(
        _ measures: [Measure], index: GroupIndex, rows: Int, columns: (NumberSource) -> NumberColumn,
        isNumber: (Int) -> Bool
    ) {
        self.measures = measures
        self.index = index
        var narrow: [(Int, NumberColumn)] = []
        var wide: [(Int, NumberColumn)] = []
        var places = [Place](repeating: .other(0), count: measures.count)
        others = []
        for (position, measure) in measures.enumerated() {
            switch (measure.operation, measure.source) {
            case (.count, .customers): narrow.append((position, .ones(rows: rows)))
            case (.sum, .column(let source)):
                let column = columns(source)
                switch column {
                case .counts: narrow.append((position, column))
                case .sums: wide.append((position, column))
                default:
                    places[position] = .other(others.count)
                    others.append(MeasureTable(measure, column: column, isNumber: false, cells: index.cells))
                }
            case (_, .column(let source)):
                places[position] = .other(others.count)
                others.append(MeasureTable(measure, column: columns(source), isNumber: false, cells: index.cells))
            case (_, .expression(let number)):
                places[position] = .other(others.count)
                others.append(MeasureTable(measure, column: nil, isNumber: isNumber(number), cells: index.cells))
            case (_, .customers): preconditionFailure("customers are only counted")
            }
        }
        packs = []
        for list in [narrow, wide] {
            for first in stride(from: 0, to: list.count, by: PackedSums.lanes) {
                let lanes = list[first..<min(first + PackedSums.lanes, list.count)]
                for (lane, entry) in lanes.enumerated() { places[entry.0] = .packed(packs.count, lane: lane) }
                packs.append(PackedSums(lanes.map(\.1), cells: index.cells))
            }
        }
        self.places = places
    }

    /// Adds a chunk's rows: all, or those whose bit is set. `cells` has the cell of each row, or is nil if all are in one;
    /// `vector` gives the values of an expression.
    mutating func add(
        _ chunk: Int, rows: Int, cells: UnsafeBufferPointer<UInt32>?, selected: UnsafeBufferPointer<UInt64>?,
        vector: (Int) -> RowVector
    ) {
        for number in packs.indices { packs[number].add(chunk, rows: rows, index: cells, selected: selected) }
        for number in others.indices {
            others[number].add(chunk, rows: rows, index: cells, selected: selected, vector: vector)
        }
    }

    /// What a measure came to in a cell.
    func value(_ measure: Int, cell: Int) -> MeasureValue {
        switch places[measure] {
        case .packed(let pack, let lane): .integer(packs[pack][cell, lane])
        case .other(let number): others[number].sums[cell]
        }
    }

    func emptyColumn(_ measure: Int, count: Int) -> MeasureColumn {
        switch places[measure] {
        case .packed: MeasureColumn(.sum, isNumber: false, count: count)
        case .other(let number): others[number].emptyColumn(count: count)
        }
    }

    /// Merges the value of each cell into the element of `column` that `places` has for it; below 0: none.
    func copy(_ measure: Int, places: [Int32], to column: inout MeasureColumn) {
        switch self.places[measure] {
        case .packed(let pack, let lane):
            column.add(packs[pack].sums, first: lane, stride: PackedSums.lanes, places: places)
        case .other(let number):
            for (cell, place) in places.enumerated() where place >= 0 {
                column.merge(others[number].sums[cell], into: Int(place))
            }
        }
    }

    /// Customers in each cell.
    var customers: [Int64] {
        guard case .packed(let pack, let lane) = places[MeasureList.customers] else { return [] }
        return (0..<index.cells).map { packs[pack][$0, lane] }
    }
}

/// What a measure comes to: a whole number or not.
enum MeasureValue: Equatable {
    case integer(Int64)
    case number(Double)
}
