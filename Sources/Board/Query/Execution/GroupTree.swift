// The groups as a tree: a level for each column, siblings in the order of their values (null last).
//
//     level 0    everything                 1 node
//     level 1    US        DE               a node for each value of the first column
//     level 2    USD EUR   EUR              its children stand side by side
//
// With a pivot every node has a slot for each value of the pivot column besides the one for all: slot 0 is all, slot
// 1 + v is the pivot's value v in their order.

import Columnar

struct GroupTree {
    struct Level {
        /// Code of the node's own value in its column.
        var codes: [Int] = []
        /// First child of each node in the next level, and one more: the end of the last one's.
        var firstChild: [Int] = []
    }

    private(set) var levels: [Level]
    /// Cell of the plain table -> node of the last level, and slot.
    private(set) var slotOfCell: [Int]
    /// Pivot values that occur, in their order; empty without a pivot.
    private(set) var pivotCodes: [Int] = []
    let hasPivot: Bool

    /// Slots of a node.
    var slots: Int { 1 + pivotCodes.count }

    /// - Parameters:
    ///   - index: the group columns and, if `hasPivot`, the pivot column last.
    ///   - isOccupied: whether a cell has customers.
    init(_ index: GroupIndex, hasPivot: Bool, isOccupied: (Int) -> Bool) {
        self.hasPivot = hasPivot
        let depth = index.columns.count - (hasPivot ? 1 : 0)
        levels = Array(repeating: Level(), count: depth + 1)
        levels[0].codes = [0]
        slotOfCell = Array(repeating: -1, count: index.cells)
        let ranks = index.columns.map { $0.values.ranks(domain: $0.domain) }
        var places: [(rank: UInt64, cell: Int, pivotRank: Int)] = []
        var codes = [Int](repeating: 0, count: index.columns.count)
        var pivotOccurs = [Bool](repeating: false, count: hasPivot ? index.columns[depth].domain : 0)
        for cell in 0..<index.cells where isOccupied(cell) {
            index.codes(of: index.number(ofCell: cell), into: &codes)
            var rank: UInt64 = 0
            for column in 0..<depth {
                rank = rank &* UInt64(index.columns[column].domain) &+ UInt64(ranks[column][codes[column]])
            }
            if hasPivot { pivotOccurs[ranks[depth][codes[depth]]] = true }
            places.append((rank, cell, hasPivot ? ranks[depth][codes[depth]] : 0))
        }
        places.sort { $0.rank < $1.rank }
        let slotOfRank = numberPivots(index, occurs: pivotOccurs, ranks: ranks.last ?? [])
        addNodes(places, index, slotOfRank)
    }

    /// Numbers the pivot values that occur; rank -> slot.
    private mutating func numberPivots(_ index: GroupIndex, occurs: [Bool], ranks: [Int]) -> [Int] {
        var slotOfRank = [Int](repeating: 0, count: occurs.count)
        guard hasPivot else { return slotOfRank }
        var codeOfRank = [Int](repeating: 0, count: ranks.count)
        for (code, rank) in ranks.enumerated() { codeOfRank[rank] = code }
        for rank in occurs.indices where occurs[rank] {
            pivotCodes.append(codeOfRank[rank])
            slotOfRank[rank] = pivotCodes.count
        }
        return slotOfRank
    }

    private mutating func addNodes(
        _ places: [(rank: UInt64, cell: Int, pivotRank: Int)], _ index: GroupIndex, _ slotOfRank: [Int]
    ) {
        let depth = levels.count - 1
        var codes = [Int](repeating: 0, count: index.columns.count)
        var previous: [Int] = []
        for place in places {
            index.codes(of: index.number(ofCell: place.cell), into: &codes)
            let same = previous.isEmpty ? 0 : (0..<depth).first { codes[$0] != previous[$0] } ?? depth
            for level in same..<max(same, depth) {
                levels[level + 1].codes.append(codes[level])
                if level + 1 < depth { levels[level + 1].firstChild.append(levels[level + 2].codes.count) }
            }
            previous = codes
            slotOfCell[place.cell] =
                (levels[depth].codes.count - 1) * slots + (hasPivot ? slotOfRank[place.pivotRank] : 0)
        }
        if depth > 0 { levels[0].firstChild = [0] }
        for level in 0..<depth { levels[level].firstChild.append(levels[level + 1].codes.count) }
    }
}

extension GroupValues {
    /// Code -> place among all values in ascending order, null last.
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
