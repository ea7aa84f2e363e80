// What holds of the table of calls between any two of its functions. Debug builds check it after every call that comes
// or goes while there are few; property tests check tables of any size.

import CallEvents

extension CallTable {
    /// Numbers up to which every change is checked.
    static var checkedNumbers: UInt32 { 32 }

    /// For assertions; traps where an invariant does not hold.
    var isRightOrLarge: Bool {
        if numberCount <= CallTable.checkedNumbers { checkInvariants() }
        return true
    }

    /// O(calls).
    func checkInvariants() {
        let freed = Set(free)
        precondition(freed.count == free.count, "a number comes back once")
        precondition(freed.allSatisfy { $0 < numberCount }, "only numbers that were given out come back")
        var retired = 0
        for number in 0..<numberCount {
            let line = line(number).pointee
            guard line.key != .none else {
                precondition(freed.contains(number), "a number without a call is free")
                continue
            }
            precondition(!freed.contains(number), "the number of a call is not free")
            precondition(find(line.key) == number, "a call is found by its key")
            precondition(line.hasBranches || branches[number] == nil, "branches are those of a call that says so")
            precondition(line.hasClaim == (claims[number] != nil), "a claim is that of a call that says so")
            if trace(number).isRetired { retired += 1 }
        }
        precondition(retired == retiredCount, "calls whose SIP key another has are counted")
        precondition(branches.keys.allSatisfy { $0 < numberCount && !freed.contains($0) }, "only calls have branches")
        precondition(claims.keys.allSatisfy { $0 < numberCount && !freed.contains($0) }, "only calls have claims")
    }
}
