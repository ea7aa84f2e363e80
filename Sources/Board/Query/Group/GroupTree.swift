// The groups as a tree: a level for each column, siblings in the order of their values (null last).
//
//     level 0    everything                 1 node
//     level 1    US        DE               a node for each value of the first column
//     level 2    USD EUR   EUR              its children are side by side
//
// With a pivot every node has a slot for each value of the pivot column besides the one for all: slot 0 is all, slot
// 1 + v is the pivot's value v in their order.

import Columnar

struct GroupTree {
    struct Level {
        /// Number of each node among all nodes, which are numbered from the root in the order of an answer: a node,
        /// then its descendants.
        var numbers: [Int32] = []
        /// Code of the node's own value in its column.
        var codes: [Int] = []
        /// First child of each node in the next level; one more element is the end of the last node's children.
        var firstChild: [Int] = []
    }

    private(set) var levels: [Level]
    /// All nodes by number.
    private(set) var rows: [GroupRow] = []
    /// The level of each row.
    private(set) var depths: [UInt8] = []
    /// One entry per level from 1, one element per row: the code of the node's value at the level, its own or an
    /// ancestor's; 0, with true in `hasNone`, for null and for nodes above the level.
    private(set) var rowCodes: [(codes: [UInt32], hasNone: [Bool])] = []
    /// Cell of the plain table -> place of its sums, below 0 where it has no customers.
    private(set) var placeOfCell: [Int32]
    /// Pivot values that occur, in their order; empty without a pivot.
    private(set) var pivotCodes: [Int] = []
    let hasPivot: Bool

    /// Slots per node.
    var slots: Int { 1 + pivotCodes.count }
    /// Places of all nodes' slots: a node's slot is at `levels[l].numbers[node] * slots + slot`.
    var places: Int { rows.count * slots }

    /// - Parameters:
    ///   - index: the group columns and, if `hasPivot`, the pivot column last.
    ///   - customers: the number of customers in each cell.
    ///   - limit: maximum of places.
    init(_ index: GroupIndex, hasPivot: Bool, customers: [Int64], limit: Int) throws(QueryError) {
        self.hasPivot = hasPivot
        let depth = index.columns.count - (hasPivot ? 1 : 0)
        levels = Array(repeating: Level(), count: depth + 1)
        levels[0].codes = [0]
        placeOfCell = Array(repeating: -1, count: index.cells)
        let ranks = index.columns.map { $0.values.ranks(domain: $0.domain) }
        let occupied = Occupied(index, ranks, customers)
        let slotOfRank = hasPivot ? numberPivots(occupied, ranks[depth]) : []
        let leaves = addNodes(occupied)
        numberNodes()
        depths = rows.map { UInt8($0.level) }
        rowCodes = (0..<depth).map { rowCodes(level: $0 + 1, index.columns[$0].values) }
        guard pivotCodes.count <= BoardLimits.pivotValues else {
            throw QueryError(
                "the pivot has more than \(BoardLimits.pivotValues) values; filter with where, or group by it instead")
        }
        guard places <= limit else {
            throw QueryError(
                "the answer would have \(places / slots) groups with \(slots) columns each of a kind; group by fewer "
                    + "columns, leave the pivot out, or filter with where")
        }
        for (entry, cell) in occupied.cells.enumerated() {
            var slot = 0
            if hasPivot { slot = slotOfRank[ranks[depth][Int(occupied.codes[entry * occupied.width + depth])]] }
            // Safe: places are at most `limit`, below 2^31.
            placeOfCell[Int(cell)] = levels[depth].numbers[Int(leaves[entry])] * Int32(slots) + Int32(slot)
        }
        assert(isRightOrLarge)
    }

    /// The cells with customers, in the order of their values, and the codes of each: column c of entry e is at
    /// `codes[e * width + c]`.
    private struct Occupied {
        var cells: [Int32] = []
        var codes: [Int32] = []
        let width: Int

        init(_ index: GroupIndex, _ ranks: [[Int]], _ customers: [Int64]) {
            width = index.columns.count
            var found: [Int32] = []
            for cell in 0..<index.cells where customers[cell] > 0 || width == 0 { found.append(Int32(cell)) }
            let foundCodes = index.codes(ofCells: found)
            var keys = [UInt64](repeating: 0, count: found.count)
            for column in 0..<width {
                let (ranks, domain) = (ranks[column], UInt64(index.columns[column].domain))
                for entry in keys.indices {
                    keys[entry] = keys[entry] &* domain &+ UInt64(ranks[Int(foundCodes[entry * width + column])])
                }
            }
            let order =
                index.isDirect ? Occupied.placed(keys, index.cells) : keys.indices.sorted { keys[$0] < keys[$1] }
            cells = order.map { found[$0] }
            codes.reserveCapacity(foundCodes.count)
            for entry in order { codes += foundCodes[entry * width..<(entry + 1) * width] }
        }

        /// The order of keys that differ and are below `limit`, by bucketing.
        private static func placed(_ keys: [UInt64], _ limit: Int) -> [Int] {
            var entryOfKey = [Int32](repeating: -1, count: limit)
            for (entry, key) in keys.enumerated() { entryOfKey[Int(key)] = Int32(entry) }
            return entryOfKey.compactMap { $0 < 0 ? nil : Int($0) }
        }
    }

    /// Numbers the pivot values that occur; returns rank -> slot.
    private mutating func numberPivots(_ occupied: Occupied, _ ranks: [Int]) -> [Int] {
        var codeOfRank = [Int](repeating: -1, count: ranks.count)
        for last in stride(from: occupied.width - 1, to: occupied.codes.count, by: occupied.width) {
            let code = Int(occupied.codes[last])
            codeOfRank[ranks[code]] = code
        }
        var slotOfRank = [Int](repeating: 0, count: ranks.count)
        for (rank, code) in codeOfRank.enumerated() where code >= 0 {
            pivotCodes.append(code)
            slotOfRank[rank] = pivotCodes.count
        }
        return slotOfRank
    }

    /// Creates the nodes in the order of the values; returns the leaf of each cell.
    private mutating func addNodes(_ occupied: Occupied) -> [Int32] {
        let depth = levels.count - 1
        let width = occupied.width
        var leaves: [Int32] = []
        leaves.reserveCapacity(occupied.cells.count)
        for entry in occupied.cells.indices {
            let first = entry * width
            var same = 0
            if entry > 0 {
                while same < depth && occupied.codes[first + same] == occupied.codes[first - width + same] { same += 1 }
            }
            if entry == 0 || same < depth {
                for level in same..<depth {
                    levels[level + 1].codes.append(Int(occupied.codes[first + level]))
                    if level + 1 < depth { levels[level + 1].firstChild.append(levels[level + 2].codes.count) }
                }
            }
            leaves.append(Int32(levels[depth].codes.count - 1))
        }
        if depth > 0 { levels[0].firstChild = [0] }
        for level in 0..<depth { levels[level].firstChild.append(levels[level + 1].codes.count) }
        return leaves
    }

    /// Numbers the nodes from the root on, each before its children.
    private mutating func numberNodes() {
        let depth = levels.count - 1
        let firstChild = levels.map(\.firstChild)
        var numbers = levels.map { [Int32](repeating: 0, count: $0.codes.count) }
        rows.reserveCapacity(levels.reduce(0) { $0 + $1.codes.count })
        // The next node of each level, and the end of its current parent's children.
        var next = [Int](repeating: 0, count: depth + 1)
        var end = [Int](repeating: 0, count: depth + 1)
        end[0] = 1
        var level = 0
        while level >= 0 {
            if next[level] == end[level] {
                level -= 1
                continue
            }
            let node = next[level]
            next[level] += 1
            // Safe: nodes are at most as many as levels and cells, below 2^31.
            numbers[level][node] = Int32(rows.count)
            rows.append(GroupRow(level: level, node: node))
            guard level < depth else { continue }
            next[level + 1] = firstChild[level][node]
            end[level + 1] = firstChild[level][node + 1]
            level += 1
        }
        for level in levels.indices { levels[level].numbers = numbers[level] }
    }

    private func rowCodes(level: Int, _ values: GroupValues) -> (codes: [UInt32], hasNone: [Bool]) {
        var codes = [UInt32](repeating: 0, count: rows.count)
        var hasNone = [Bool](repeating: true, count: rows.count)
        var above: Int?
        for (number, row) in rows.enumerated() where row.level >= level {
            if row.level == level {
                let code = levels[level].codes[row.node]
                above = values.isNull(code) ? nil : code
            }
            guard let code = above else { continue }
            // Safe: codes are below 2^24.
            codes[number] = UInt32(truncatingIfNeeded: code)
            hasNone[number] = false
        }
        return (codes, hasNone)
    }

    var byteSize: Int {
        let ofNode = 4 + 8 + 8 + MemoryLayout<GroupRow>.stride + 1 + 5 * rowCodes.count
        return placeOfCell.count * 4 + rows.count * ofNode
    }

    func place(_ row: GroupRow, slot: Int) -> Int { Int(levels[row.level].numbers[row.node]) * slots + slot }

    /// Given nodes in any order.
    func rows(_ rows: [GroupRow]) -> GroupRows {
        let numbers = levels.map(\.numbers)
        let slots = slots
        return GroupRows(rows: rows, numbers: .list(rows.map { Int(numbers[$0.level][$0.node]) }), slots: slots)
    }

    /// The nodes of level 1 in a range, each followed by its descendants, as far as they are shown.
    func rows(_ range: Range<Int>, isShown: (_ number: Int) -> Bool) -> GroupRows {
        let all = self.rows(range)
        var numbers: [Int] = []
        numbers.reserveCapacity(all.rows.count)
        for row in all.rows.indices where isShown(all.numbers[row]) { numbers.append(all.numbers[row]) }
        return GroupRows(rows: numbers.map { rows[$0] }, numbers: .list(numbers), slots: slots)
    }

    /// The nodes of level 1 in a range, each followed by its descendants, in the order of their values.
    func rows(_ range: Range<Int>) -> GroupRows {
        let range = range.clamped(to: levels[1].codes.indices)
        guard let first = range.first else { return rows([]) }
        let start = Int(levels[1].numbers[first])
        let end = range.upperBound < levels[1].codes.count ? Int(levels[1].numbers[range.upperBound]) : rows.count
        let numbers = NumberList.run(first: start, count: end - start)
        return GroupRows(rows: numbers.values(of: rows), numbers: numbers, slots: slots)
    }

    /// Steps that sum up all places: each adds places to others, as (from, to), and follows the steps before it.
    func sumSteps() -> [[(from: Int32, to: Int32)]] {
        var steps: [[(from: Int32, to: Int32)]] = []
        let leaves = levels.count - 1
        if hasPivot {
            // The slot for all is the sum of the pivot's slots.
            steps.append(
                levels[leaves].codes.indices.flatMap { node in
                    (1..<slots).map { slot in
                        let first = Int(levels[leaves].numbers[node]) * slots
                        return (Int32(first + slot), Int32(first))
                    }
                })
        }
        for level in (0..<leaves).reversed() {
            var step: [(from: Int32, to: Int32)] = []
            step.reserveCapacity(levels[level + 1].codes.count * slots)
            for node in levels[level].codes.indices {
                let target = Int(levels[level].numbers[node]) * slots
                for child in children(level: level, node: node) {
                    let source = Int(levels[level + 1].numbers[child]) * slots
                    for slot in 0..<slots { step.append((Int32(source + slot), Int32(target + slot))) }
                }
            }
            steps.append(step)
        }
        return steps
    }
}

extension GroupValues {
    func isNull(_ code: Int) -> Bool {
        switch self {
        case .texts(let texts): texts[code].isEmpty
        case .times(let values): values[code] == 0
        case .booleans, .integers, .money, .names, .ids: false
        }
    }
}

extension GroupValues {
    /// Code -> rank among all values in ascending order, null last.
    func ranks(domain: Int) -> [Int] {
        let order: [Int]
        switch self {
        case .ids: return Array(0..<domain)
        case .texts(let texts):
            order = (0..<domain).sorted { left, right in
                texts[left].isEmpty || texts[right].isEmpty
                    ? !texts[left].isEmpty && texts[right].isEmpty : texts[left] < texts[right]
            }
        case .booleans: order = Array(0..<domain)
        case .integers(let values), .money(let values): order = (0..<domain).sorted { values[$0] < values[$1] }
        case .times(let values):
            order = (0..<domain).sorted { left, right in
                values[left] == 0 || values[right] == 0
                    ? values[left] != 0 && values[right] == 0 : values[left] < values[right]
            }
        case .names(let names):
            let texts = (0..<domain).map { names[$0] }
            order = (0..<domain).sorted { texts[$0] < texts[$1] }
        }
        var ranks = [Int](repeating: 0, count: domain)
        for (rank, code) in order.enumerated() { ranks[code] = rank }
        return ranks
    }
}
