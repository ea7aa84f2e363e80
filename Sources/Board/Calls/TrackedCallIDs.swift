// The tracked calls by their Call-IDs: an index from a hash to a chain of calls that have it. For one hash at most
// `BoardLimits.callsOfCallID` are found: a gateway that gives all its calls the same Call-ID fills no memory and costs
// no time.

import Columnar

struct TrackedCallIDs {
    private struct Link: BitwiseCopyable {
        /// 0: the call is not in the index.
        var hash: UInt32 = 0
        /// The next call with the same hash; `.max`: none.
        var next = UInt32.max
    }

    /// To the first call of each chain.
    private var index = CallIndex()
    /// By the call's number.
    private var links: [Link] = []

    var byteSize: Int { index.byteSize + links.capacity * MemoryLayout<Link>.stride }

    func forEach(_ hash: UInt32, _ take: (UInt32) -> Void) {
        var number = index.candidate(hash) ?? .max
        while number != .max {
            take(number)
            number = links[Int(number)].next
        }
    }

    /// - Parameter hash: not 0.
    mutating func insert(_ number: UInt32, hash: UInt32) {
        remove(number)
        if links.count <= Int(number) {
            links.append(contentsOf: repeatElement(Link(), count: Int(number) + 1 - links.count))
        }
        guard let first = index.candidate(hash) else {
            links[Int(number)] = Link(hash: hash)
            return index.insert(hash, number)
        }
        var (last, count) = (first, 1)
        while links[Int(last)].next != .max {
            last = links[Int(last)].next
            count += 1
        }
        guard count < BoardLimits.callsOfCallID else { return }
        links[Int(last)].next = number
        links[Int(number)] = Link(hash: hash)
    }

    /// Removes a call, if it is in the index.
    mutating func remove(_ number: UInt32) {
        guard Int(number) < links.count, links[Int(number)].hash != 0 else { return }
        let link = links[Int(number)]
        links[Int(number)] = Link()
        guard let first = index.candidate(link.hash) else { return }
        if first == number {
            index.remove(link.hash, number)
            if link.next != .max { index.insert(link.hash, link.next) }
            return
        }
        var before = first
        while links[Int(before)].next != number {
            before = links[Int(before)].next
            if before == .max { return }
        }
        links[Int(before)].next = link.next
    }
}
