/// The first position at or after `start` where `needle` occurs in `text`; `text.count` if there is none. An empty
/// needle occurs everywhere.
///
/// Searches for the needle's first and last byte at their distance, 64 positions at a time, without a branch per
/// position (a difference of 0 is the pair, and the least difference of a block shows whether it has one), and compares
/// in full only where such a pair occurs. Twice as fast with AVX2 as without.
@inline(never)
public func find(_ needle: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    precondition(start >= 0 && start <= text.count, "outside of the text")
    guard let wanted = needle.baseAddress, needle.count > 0 else { return start }
    guard let byte = text.baseAddress, needle.count <= text.count - start else { return text.count }
    let tail = needle.count - 1
    let first = wanted[0]
    let last = wanted[tail]
    // Safe: positions are in start ..< text.count - tail, so position + tail is below text.count.
    let end = text.count - tail
    var block = start
    while end - block >= 64 {
        let heads = byte + block
        let tails = heads + tail
        var least = UInt8.max
        for i in 0..<64 { least = min(least, (heads[i] ^ first) | (tails[i] ^ last)) }
        if least == 0 {
            var pairs: UInt64 = 0
            for i in 0..<64 {
                let pair: UInt64 = (heads[i] ^ first) | (tails[i] ^ last) == 0 ? 1 : 0
                pairs |= pair &<< UInt64(truncatingIfNeeded: i)
            }
            while pairs != 0 {
                let i = pairs.trailingZeroBitCount
                if sameBetween(heads + i, wanted, tail) { return block + i }
                pairs &= pairs &- 1
            }
        }
        block += 64
    }
    for place in block..<end where byte[place] == first && byte[place + tail] == last {
        if sameBetween(byte + place, wanted, tail) { return place }
    }
    return text.count
}

/// Whether two texts of `tail + 1` bytes, known to agree in the first and the last byte, agree in between.
@inline(__always)
private func sameBetween(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ tail: Int) -> Bool {
    var i = 1
    while i < tail && left[i] == right[i] { i += 1 }
    return i >= tail
}
