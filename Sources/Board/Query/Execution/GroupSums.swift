// Measures of every node and slot of a tree: the leaves' from the table, the others' from their children's.

/// The values of one measure in the slots of a level: whole numbers, or not.
struct MeasureColumn {
    let operation: Measure.Operation
    let isNumber: Bool
    private(set) var integers: [Int64] = []
    private(set) var numbers: [Double] = []

    /// `count` elements that nothing was merged into.
    init(_ operation: Measure.Operation, isNumber: Bool, count: Int) {
        self.operation = operation
        self.isNumber = isNumber && operation != .count
        switch operation {
        case .minimum: fill(.max, .infinity, count)
        case .maximum: fill(.min, -.infinity, count)
        default: fill(0, 0, count)
        }
    }

    private mutating func fill(_ integer: Int64, _ number: Double, _ count: Int) {
        if isNumber { numbers = Array(repeating: number, count: count) }
        if !isNumber { integers = Array(repeating: integer, count: count) }
    }

    subscript(index: Int) -> MeasureValue {
        isNumber ? .number(numbers[index]) : .integer(integers[index])
    }

    /// As many other elements of the same measure, nothing merged into them.
    func empty(count: Int) -> MeasureColumn { MeasureColumn(operation, isNumber: isNumber, count: count) }

    /// Adds one element that nothing was merged into.
    mutating func append() {
        switch (isNumber, operation) {
        case (true, .minimum): numbers.append(.infinity)
        case (true, .maximum): numbers.append(-.infinity)
        case (true, _): numbers.append(0)
        case (false, .minimum): integers.append(.max)
        case (false, .maximum): integers.append(.min)
        case (false, _): integers.append(0)
        }
    }

    mutating func merge(_ value: MeasureValue, into index: Int) {
        switch value {
        case .integer(let value): merge(value, into: index)
        case .number(let value): merge(value, into: index)
        }
    }

    mutating func merge(_ value: Int64, into index: Int) {
        switch operation {
        case .minimum: integers[index] = min(integers[index], value)
        case .maximum: integers[index] = max(integers[index], value)
        default: integers[index] &+= value
        }
    }

    mutating func merge(_ value: Double, into index: Int) {
        switch operation {
        case .minimum: numbers[index] = min(numbers[index], value)
        case .maximum: numbers[index] = max(numbers[index], value)
        default: numbers[index] += value
        }
    }

    /// Merges `count` values of another column, from `source` on, into as many of this one.
    mutating func merge(_ other: MeasureColumn, from source: Int, count: Int, into index: Int) {
        if !isNumber {
            for offset in 0..<count { merge(other.integers[source + offset], into: index + offset) }
        } else {
            for offset in 0..<count { merge(other.numbers[source + offset], into: index + offset) }
        }
    }
}

/// The measures of all nodes; `values[level][measure]` has an element for each node's slots.
struct GroupSums {
    private(set) var values: [[MeasureColumn]]

    init(_ tree: GroupTree, _ table: AggregateTable) {
        values = tree.levels.map { level in
            table.measures.indices.map { table.emptyColumn($0, count: level.codes.count * tree.slots) }
        }
        let leaves = tree.levels.count - 1
        for measure in table.measures.indices {
            table.copy(measure, slots: tree.slotOfCell, to: &values[leaves][measure])
        }
        if tree.hasPivot { sumPivots(tree) }
        for level in (0..<leaves).reversed() { sumChildren(tree, level) }
    }

    /// The slot for all is the sum of those of the pivot.
    private mutating func sumPivots(_ tree: GroupTree) {
        let leaves = tree.levels.count - 1
        for measure in values[leaves].indices {
            let pivots = values[leaves][measure]
            for first in stride(from: 0, to: tree.levels[leaves].codes.count * tree.slots, by: tree.slots) {
                for slot in 1..<tree.slots {
                    values[leaves][measure].merge(pivots, from: first + slot, count: 1, into: first)
                }
            }
        }
    }

    private mutating func sumChildren(_ tree: GroupTree, _ level: Int) {
        let slots = tree.slots
        for measure in values[level].indices {
            let children = values[level + 1][measure]
            for node in tree.levels[level].codes.indices {
                for child in tree.levels[level].firstChild[node]..<tree.levels[level].firstChild[node + 1] {
                    values[level][measure].merge(children, from: child * slots, count: slots, into: node * slots)
                }
            }
        }
    }
}
