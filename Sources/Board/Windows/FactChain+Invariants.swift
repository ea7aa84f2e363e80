// What holds of a chain between any two of its functions. Debug builds check it after every change of a short chain,
// and tests of chains of any length.

extension FactChain {
    /// Facts up to which every change is checked.
    static var checkedCount: Int { 64 }

    /// Walks over all blocks. O(blocks).
    func checkInvariants() {
        guard let first else {
            precondition(
                next == nil && end == nil && unfolded == nil && capacity == 0 && foldedCount == 0,
                "a chain without blocks has neither facts nor room")
            return
        }
        var block = first
        var facts = 0
        var bytes = FactBlock<Element>.smallestBytes
        var hasUnfolded = false
        while true {
            precondition(block.bytes == bytes, "a block is twice as large as the one before, up to the largest")
            precondition(block.factsBefore == facts, "a block counts the facts of those before it")
            if block.memory == unfolded?.memory {
                hasUnfolded = true
                let end = facts + FactBlock<Element>.capacity(bytes)
                precondition(
                    facts <= folded && folded <= end, "the first fact in no column is in this block or begins the next")
            }
            facts += FactBlock<Element>.capacity(bytes)
            guard let following = block.next else { break }
            block = following
            bytes = min(2 * bytes, FactBlock<Element>.largestBytes)
        }
        precondition(facts == Int(capacity), "the blocks have room for as many facts as is counted")
        precondition(block.facts + FactBlock<Element>.capacity(block.bytes) == end, "the end is that of the last block")
        precondition(
            next.map { $0 > block.facts && $0 <= block.facts + FactBlock<Element>.capacity(block.bytes) } == true,
            "the next place is in the last block, which has a fact")
        precondition(hasUnfolded, "the block with the first fact in no column is one of the chain's")
        precondition(folded <= count, "no more facts are in the columns than there are")
    }
}
