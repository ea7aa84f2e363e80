// The groups that an answer shows. In the order of their values they have consecutive numbers, so a column of the
// answer is a slice of what the tree has by number.

/// Groups that an answer shows.
struct GroupRows {
    let rows: [GroupRow]
    /// Numbers of the nodes.
    let numbers: NumberList
    /// Slots per node.
    let slots: Int

    /// The elements of `values` at the rows' places of a slot.
    func values<Value>(of values: [Value], slot: Int) -> [Value] {
        switch numbers {
        case .run where slots == 1: numbers.values(of: values)
        case .run(let first, let count): (first..<first + count).map { values[$0 * slots + slot] }
        case .list(let numbers): numbers.gather(values, stride: slots, offset: slot)
        }
    }

    func place(_ row: Int, slot: Int) -> Int { numbers[row] * slots + slot }
}

/// Consecutive numbers, or arbitrary ones.
enum NumberList {
    case run(first: Int, count: Int)
    case list([Int])

    var count: Int {
        switch self {
        case .run(_, let count): count
        case .list(let numbers): numbers.count
        }
    }

    subscript(index: Int) -> Int {
        switch self {
        case .run(let first, _): first + index
        case .list(let numbers): numbers[index]
        }
    }

    /// The elements of `values` at these numbers.
    func values<Value>(of values: [Value]) -> [Value] {
        switch self {
        case .run(let first, let count): Array(values[first..<first + count])
        case .list(let numbers): numbers.gather(values, stride: 1, offset: 0)
        }
    }
}

extension [Int] {
    /// `values[number * stride + offset]` of each number.
    fileprivate func gather<Value>(_ values: [Value], stride: Int, offset: Int) -> [Value] {
        values.withUnsafeBufferPointer { values in map { values[$0 * stride + offset] } }
    }
}
