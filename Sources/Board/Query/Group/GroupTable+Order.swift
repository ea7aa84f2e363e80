// The order of the groups, and which of them an answer shows.

/// What siblings are sorted by.
enum GroupSortKey {
    /// The value of a group column: sorts its own level.
    case group(level: Int, descending: Bool)
    case output(GroupOutput, descending: Bool)
}

/// A group that an answer shows: a node of a level of the tree.
struct GroupRow: Equatable {
    var level: Int
    var node: Int
}

extension GroupTable {
    /// The groups in the order of the answer: those of level 1 in `range` of their order, each followed by its
    /// children.
    func rows(sort: [GroupSortKey], range: Range<Int>, quantile: (GroupOutput, GroupRow) -> Double?) -> GroupRows {
        guard tree.levels.count > 1 else { return tree.rows([]) }
        if sort.isEmpty { return rows(range) }
        var rows: [GroupRow] = []
        let roots = sorted(children(level: 0, node: 0), level: 1, sort, quantile)
        for node in roots[range.clamped(to: roots.indices)] { append(node, level: 1, sort, quantile, to: &rows) }
        return tree.rows(rows)
    }

    /// The groups of level 1 in `range`, in the order of their values.
    private func rows(_ range: Range<Int>) -> GroupRows {
        if !hasEmpty { return tree.rows(range) }
        let roots = children(level: 0, node: 0)
        let nodes = roots[range.clamped(to: roots.indices)]
        guard let first = nodes.first, let last = nodes.last else { return tree.rows([]) }
        return tree.rows(first..<last + 1) { has(number: $0) }
    }

    /// Whether a group has customers at a slot.
    private func has(number: Int, slot: Int = 0) -> Bool {
        sums.values[MeasureList.customers].integers[number * tree.slots + slot] > 0
    }

    /// The children of a node that have customers.
    func children(level: Int, node: Int) -> [Int] {
        let children = tree.children(level: level, node: node)
        return hasEmpty
            ? children.filter { has(number: Int(tree.levels[level + 1].numbers[$0])) } : Array(children)
    }

    /// The pivot values that any customer has: slot and code of each.
    var pivots: [(slot: Int, code: Int)] {
        tree.pivotCodes.enumerated().map { (slot: $0 + 1, code: $1) }.filter { has(number: 0, slot: $0.slot) }
    }

    private func append(
        _ node: Int, level: Int, _ sort: [GroupSortKey], _ quantile: (GroupOutput, GroupRow) -> Double?,
        to rows: inout [GroupRow]
    ) {
        rows.append(GroupRow(level: level, node: node))
        guard level + 1 < tree.levels.count else { return }
        for child in sorted(children(level: level, node: node), level: level + 1, sort, quantile) {
            append(child, level: level + 1, sort, quantile, to: &rows)
        }
    }

    /// Siblings are in the order of their values already, which decides where the keys are equal.
    private func sorted(
        _ nodes: [Int], level: Int, _ sort: [GroupSortKey], _ quantile: (GroupOutput, GroupRow) -> Double?
    ) -> [Int] {
        if sort.isEmpty || nodes.count < 2 { return nodes }
        let keys = sort.compactMap { key -> [Int64]? in
            switch key {
            case .group(let own, let descending):
                guard own == level else { return nil }
                return nodes.map { node in
                    let isNull = values[level - 1].cell(tree.levels[level].codes[node]) == .null
                    return isNull ? .max : SortKey.key(Int64(node), descending: descending)
                }
            case .output(let output, let descending):
                return nodes.map { self.key(output, GroupRow(level: level, node: $0), descending, quantile) }
            }
        }
        return nodes.indices.sorted { left, right in
            for key in keys where key[left] != key[right] { return key[left] < key[right] }
            return left < right
        }.map { nodes[$0] }
    }

    private func key(
        _ output: GroupOutput, _ row: GroupRow, _ descending: Bool, _ quantile: (GroupOutput, GroupRow) -> Double?
    ) -> Int64 {
        SortKey.key(cell(output, row, slot: 0) { output, row, _ in quantile(output, row) }, descending: descending)
    }

    /// What a column shows of a group.
    func cell(
        _ output: GroupOutput, _ row: GroupRow, slot: Int, quantile: (GroupOutput, GroupRow, Int) -> Double?
    ) -> Cell {
        let place = tree.place(row, slot: slot)
        let sums = sums.values
        switch output {
        case .group(let level): return groupCell(level, row)
        case .none: return .null
        case .integers(let sum): return sum.value(sums, place).map(Cell.integer) ?? .null
        case .ratio, .amount: return number(output, place).map(Cell.number) ?? .null
        case .money(let aggregate): return amount(aggregate, place)
        case .aggregate(let aggregate): return aggregate.cell(sums, place)
        case .pddQuantile: return quantile(output, row, slot).map(Cell.number) ?? .null
        case .computed(let expression, let columns, let aggregates):
            return expression.value { column in
                columns[column.key].map { cell($0, row, slot: slot, quantile: quantile) } ?? .null
            } aggregate: { position in
                aggregates[position].map { cell($0, row, slot: slot, quantile: quantile) } ?? .null
            }
        }
    }

    /// The value of a group column for a group at its level or below; null above.
    private func groupCell(_ level: Int, _ row: GroupRow) -> Cell {
        guard row.level >= level else { return .null }
        var node = row.node
        for above in (level..<row.level).reversed() { node = tree.parent(level: above, of: node) }
        return values[level - 1].cell(tree.levels[level].codes[node])
    }

    /// A ratio or amount of a place; nil where it is null.
    func number(_ output: GroupOutput, _ place: Int) -> Double? {
        switch output {
        case .ratio(let numerator, let denominator, let scale):
            let divisor = denominator.count(sums.values, place)
            return divisor == 0 ? nil : scale * Double(numerator.count(sums.values, place)) / Double(divisor)
        case .amount(let sum, let divisor): return Double(sum.count(sums.values, place)) / divisor
        default: return nil
        }
    }

    /// The money of customers with a single currency; null where they have several, or there are no customers.
    func amount(_ aggregate: AggregateOutput, _ place: Int) -> Cell {
        guard let money else { return .null }
        let entry = money.onlyEntry(place)
        guard entry >= 0 else { return .null }
        return aggregate.cell(money.values, Int(entry))
    }
}

extension GroupTree {
    func children(level: Int, node: Int) -> Range<Int> {
        levels[level].firstChild[node]..<levels[level].firstChild[node + 1]
    }

    /// The node of `level` that has a node of the next level as a child: the last that begins at or before it.
    func parent(level: Int, of child: Int) -> Int {
        let starts = levels[level].firstChild
        var low = 0
        var high = starts.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= child { low = middle } else { high = middle }
        }
        return low
    }
}
