// Measures of every node and slot of a tree: the leaves' come from the table, the others' from their children.

/// The values of one measure in the slots of a level: whole numbers, or not.
struct MeasureColumn {
    let operation: Measure.Operation
    let isNumber: Bool
    private(set) var integers: [Int64] = []
    private(set) var numbers: [Double] = []

    /// `count` elements that nothing has been merged into.
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

    var byteSize: Int { (integers.count + numbers.count) * 8 }

    /// `count` elements of the same measure, nothing merged into them.
    func empty(count: Int) -> MeasureColumn { MeasureColumn(operation, isNumber: isNumber, count: count) }

    mutating func merge(_ value: MeasureValue, into index: Int) {
        switch value {
        case .integer(let value): merge(value, into: index)
        case .number(let value): merge(value, into: index)
        }
    }

    mutating func merge(_ value: Int64, into index: Int) {
        switch operation {
        case .minimum: integers[index] = min(integers[index], value)
        case .maximum, .peak: integers[index] = max(integers[index], value)
        default: integers[index] &+= value
        }
    }

    mutating func merge(_ value: Double, into index: Int) {
        switch operation {
        case .minimum: numbers[index] = min(numbers[index], value)
        case .maximum, .peak: numbers[index] = max(numbers[index], value)
        default: numbers[index] += value
        }
    }

    /// Merges another column element by element.
    mutating func mergeAll(_ other: MeasureColumn) {
        for index in other.integers.indices { merge(other.integers[index], into: index) }
        for index in other.numbers.indices { merge(other.numbers[index], into: index) }
    }

    /// Merges elements of this column into others of it.
    mutating func mergeWithin(_ step: [(from: Int32, to: Int32)]) {
        if isNumber {
            for (from, to) in step { merge(numbers[Int(from)], into: Int(to)) }
        } else if operation == .minimum || operation == .maximum || operation == .peak {
            for (from, to) in step { merge(integers[Int(from)], into: Int(to)) }
        } else {
            integers.withUnsafeMutableBufferPointer { sums in
                for (from, to) in step { sums[Int(to)] &+= sums[Int(from)] }
            }
        }
    }
}

extension MeasureColumn {
    /// Every `stride`th of some sums, from `first` on.
    init(sums: [Int64], first: Int, stride: Int) {
        self.init(.sum, isNumber: false, count: 0)
        let count = sums.count / stride
        integers = sums.withUnsafeBufferPointer { sums in
            Array(unsafeUninitializedCapacity: count) { lane, filled in
                precondition(first < stride, "a lane of each place")
                // Safe: places are below the count by which the sums were divided, and the lane is one of theirs.
                for place in 0..<count { lane.initializeElement(at: place, to: sums[place * stride + first]) }
                filled = count
            }
        }
    }
}

/// The measures of a query: one column per measure, one element per place of the tree.
struct GroupSums {
    let values: [MeasureColumn]

    /// `measures`: how many of the table's measures to take, from the first.
    init(_ shape: GroupShape, _ table: AggregateTable, measures: Int) {
        values = table.columns(
            of: Array(0..<measures), places: shape.tree.placeOfCell, count: shape.tree.places, steps: shape.steps)
    }
}
