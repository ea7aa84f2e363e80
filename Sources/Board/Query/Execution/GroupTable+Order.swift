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
    /// The groups in the order of the answer: of level 1 those in `range` of their order, each followed by its children.
    func rows(sort: [GroupSortKey], range: Range<Int>, quantile: (GroupOutput, GroupRow) -> Double?) -> [GroupRow] {
        guard tree.levels.count > 1 else { return [] }
        var rows: [GroupRow] = []
        let roots = sorted(tree.children(level: 0, node: 0), level: 1, sort, quantile)
        for node in roots[range.clamped(to: roots.indices)] { append(node, level: 1, sort, quantile, to: &rows) }
        return rows
    }

    private func append(
        _ node: Int, level: Int, _ sort: [GroupSortKey], _ quantile: (GroupOutput, GroupRow) -> Double?,
        to rows: inout [GroupRow]
    ) {
        rows.append(GroupRow(level: level, node: node))
        guard level + 1 < tree.levels.count else { return }
        for child in sorted(tree.children(level: level, node: node), level: level + 1, sort, quantile) {
            append(child, level: level + 1, sort, quantile, to: &rows)
        }
    }

    /// Siblings stand by value already, which is what remains where the keys are equal.
    private func sorted(
        _ nodes: Range<Int>, level: Int, _ sort: [GroupSortKey], _ quantile: (GroupOutput, GroupRow) -> Double?
    ) -> [Int] {
        if sort.isEmpty || nodes.count < 2 { return Array(nodes) }
        let keys = sort.compactMap { key -> [Int64]? in
            switch key {
            case .group(let own, let descending):
                guard own == level else { return nil }
                return nodes.map { node in
                    let isNull = columns[level - 1].values.cell(tree.levels[level].codes[node]) == .null
                    return isNull ? .max : SortKey.key(Int64(node), descending: descending)
                }
            case .output(let output, let descending):
                return nodes.map { self.key(output, GroupRow(level: level, node: $0), descending, quantile) }
            }
        }
        return nodes.sorted { left, right in
            for key in keys where key[left - nodes.lowerBound] != key[right - nodes.lowerBound] {
                return key[left - nodes.lowerBound] < key[right - nodes.lowerBound]
            }
            return left < right
        }
    }

    private func key(
        _ output: GroupOutput, _ row: GroupRow, _ descending: Bool, _ quantile: (GroupOutput, GroupRow) -> Double?
    ) -> Int64 {
        let slot = row.node * tree.slots
        switch output {
        case .group, .none: return .max
        case .integers(let sum):
            return sum.value(sums.values[row.level], slot).map { SortKey.key($0, descending: descending) } ?? .max
        case .money(let sum):
            return amount(sum, level: row.level, slot: slot).map { SortKey.key($0, descending: descending) } ?? .max
        case .ratio, .amount:
            return number(output, level: row.level, slot: slot).map { SortKey.key($0, descending: descending) } ?? .max
        case .pddQuantile:
            return quantile(output, row).map { SortKey.key($0, descending: descending) } ?? .max
        }
    }

    /// A ratio or amount; nil where it is null.
    func number(_ output: GroupOutput, level: Int, slot: Int) -> Double? {
        let values = sums.values[level]
        switch output {
        case .ratio(let numerator, let denominator, let scale):
            let divisor = denominator.fastValue(values, slot)
            return divisor == 0 ? nil : scale * Double(numerator.fastValue(values, slot)) / Double(divisor)
        case .amount(let sum, let divisor): return Double(sum.fastValue(values, slot)) / divisor
        default: return nil
        }
    }

    /// The money of a slot whose customers have one currency; nil where they have several, or none.
    func amount(_ sum: MeasureSum, level: Int, slot: Int) -> Int64? {
        guard let money = money?.levels[level], money.entries(slot).count == 1 else { return nil }
        return sum.value(money.values, money.entries(slot).lowerBound)
    }
}

extension GroupTree {
    func children(level: Int, node: Int) -> Range<Int> {
        levels[level].firstChild[node]..<levels[level].firstChild[node + 1]
    }
}
