// What holds of a tree of groups once it is made. Debug builds check every small one.

extension GroupTree {
    /// Nodes up to which every tree is checked.
    static var checkedNodes: Int { 256 }

    /// For assertions; traps where an invariant does not hold.
    var isRightOrLarge: Bool {
        if rows.count <= GroupTree.checkedNodes { checkInvariants() }
        return true
    }

    /// O(nodes + cells).
    func checkInvariants() {
        precondition(levels.first?.codes.count == 1, "everything is one node")
        precondition(rows.count == levels.reduce(0) { $0 + $1.codes.count }, "every node has a row")
        precondition(depths.count == rows.count, "every row has a depth")
        for (level, next) in zip(levels, levels.dropFirst()) {
            precondition(level.numbers.count == level.codes.count, "every node has a number")
            precondition(level.firstChild.count == level.codes.count + 1, "every node has a first child, and an end")
            precondition(
                level.firstChild.first == 0 && level.firstChild.last == next.codes.count,
                "the children of a level are the nodes of the next")
            precondition(
                zip(level.firstChild, level.firstChild.dropFirst()).allSatisfy { $0 <= $1 },
                "the children of siblings stand in the order of their parents")
        }
        for (number, row) in rows.enumerated() {
            precondition(Int(levels[row.level].numbers[row.node]) == number, "a row is that of the node of its number")
            precondition(Int(depths[number]) == row.level, "a row's depth is its node's level")
            guard number > 0 else { continue }
            precondition(row.level > 0 && row.level <= rows[number - 1].level + 1, "a node is before its children")
        }
        precondition(placeOfCell.allSatisfy { $0 < Int32(places) }, "cells add to places that there are")
        let taken = placeOfCell.filter { $0 >= 0 }
        precondition(Set(taken).count == taken.count, "no two cells add to one place")
    }
}
