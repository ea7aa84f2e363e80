import CallEvents
import Columnar

/// The calls that were counted and are no longer stored in full, so that a record delivered again, or a replayed
/// capture, changes nothing.
///
/// Of a key 64 bits of hash are remembered: of so many calls as are, a new one is taken for one of them once in two
/// million million. A key of a record leads to its finished call, so that a cost that is told again finds it.
///
/// Two generations of an open-addressing table: when the younger is full, the older is dropped and they swap roles.
/// So at least `capacity` keys, and at most twice as many, are remembered; the newest ones always.
struct SeenCalls {
    var young = KeySet()
    var old = KeySet()
    private let capacity: Int

    init(capacity: Int = BoardLimits.seenKeysPerGeneration) {
        self.capacity = capacity
    }

    func contains(_ key: CallKey) -> Bool {
        young.contains(key) || old.contains(key)
    }

    /// Whether the call with this SIP key, branch and set-up time was seen, see `CallKey.instance`.
    func contains(_ key: CallKey, branch: UInt64, micros: Int64) -> Bool {
        contains(key.instance(branch: branch, micros: micros))
            || contains(key.instance(branch: branch, micros: micros, stepsBefore: 1))
    }

    /// The finished call of a record's key, see `RecentCalls.append`; 0: none is known.
    func number(_ key: CallKey) -> UInt32 {
        let number = young.number(key)
        return number == 0 ? old.number(key) : number
    }

    /// True when the key was not there before.
    /// - Parameter number: of the finished call that the key's record is of; 0: none.
    @discardableResult
    mutating func insert(_ key: CallKey, number: UInt32 = 0) -> Bool {
        if old.contains(key) { return false }
        guard young.insert(key, number: number) else { return false }
        if young.count >= capacity {
            old = young
            young = KeySet()
        }
        return true
    }

    /// Prefetches the slot of a key.
    @inline(__always)
    func prefetch(_ key: CallKey) {
        young.prefetch(key)
        old.prefetch(key)
    }

    var byteSize: Int { young.byteSize + old.byteSize }
}

/// A set of hashes of keys by linear probing; 0 marks a free slot.
///
/// The home of a hash is given by its highest bits, so that hashes are in ascending order (except displaced ones):
/// a larger set is filled from a smaller one from end to end, not at random.
///
/// Unsafe, and why it is right: a slot is a hash shifted, or a slot masked, to be below the number of slots, a power of
/// two.
struct KeySet {
    /// Nil while nothing was inserted.
    private(set) var memory: TableMemory<UInt64>?
    /// The number that belongs to each hash, 0: none. Nil while none has one: keys of live calls take no memory for it.
    private(set) var numbers: TableMemory<UInt32>?
    private var homeShift: UInt64 = 0
    private(set) var count = 0

    private static let smallestCount = 1_024

    var byteSize: Int { (memory?.byteSize ?? 0) + (numbers?.byteSize ?? 0) }

    @inline(__always)
    private static func hash(_ key: CallKey) -> UInt64 { max(1, key.hash) }

    @inline(__always)
    func contains(_ key: CallKey) -> Bool {
        guard let memory else { return false }
        let hash = KeySet.hash(key)
        return memory.base[place(of: hash, in: memory)] == hash
    }

    @inline(__always)
    func prefetch(_ key: CallKey) {
        guard let memory else { return }
        Columnar.prefetch(memory.base + Int(truncatingIfNeeded: KeySet.hash(key) &>> homeShift))
    }

    /// The number that came with a key; 0: none did.
    func number(_ key: CallKey) -> UInt32 {
        guard let memory, let numbers else { return 0 }
        let hash = KeySet.hash(key)
        let place = place(of: hash, in: memory)
        return memory.base[place] == hash ? numbers.base[place] : 0
    }

    /// True when the key was not there before.
    @inline(__always)
    mutating func insert(_ key: CallKey, number: UInt32) -> Bool { insert(hash: KeySet.hash(key), number: number) }

    /// - Parameter hash: of a key, not 0.
    @inline(__always)
    mutating func insert(hash: UInt64, number: UInt32 = 0) -> Bool {
        if (count + 1) * 4 > 3 * (memory?.count ?? 0) { grow() }
        guard let memory else { return false }
        let place = place(of: hash, in: memory)
        guard memory.base[place] != hash else { return false }
        memory.base[place] = hash
        count += 1
        if number != 0 { note(number, at: place, of: memory.count) }
        return true
    }

    @inline(__always)
    private mutating func note(_ number: UInt32, at place: Int, of places: Int) {
        if numbers == nil { numbers = TableMemory(repeating: 0, count: places) }
        numbers?.base[place] = number
    }

    /// Where the hash is, or the free place where it belongs. Ends, for at most three quarters of the places are taken.
    @inline(__always)
    private func place(of hash: UInt64, in memory: TableMemory<UInt64>) -> Int {
        var place = Int(truncatingIfNeeded: hash &>> homeShift)
        while memory.base[place] != hash && memory.base[place] != 0 { place = (place + 1) & (memory.count - 1) }
        return place
    }

    /// Reserves room for so many hashes in an empty set. Needed before inserting hashes in ascending order: in too
    /// small a set their homes are all at its beginning.
    mutating func reserve(_ count: Int) {
        var places = KeySet.smallestCount
        while (count + 1) * 4 > 3 * places { places *= 2 }
        if places > memory?.count ?? 0 { grow(to: places) }
    }

    private mutating func grow() { grow(to: max(KeySet.smallestCount, 2 * (memory?.count ?? 0))) }

    /// - Parameter places: a power of two, above the present number.
    private mutating func grow(to places: Int) {
        let (before, numbersBefore) = (memory, numbers)
        let larger = TableMemory<UInt64>(repeating: 0, count: places)
        memory = larger
        homeShift = UInt64(larger.count.leadingZeroBitCount + 1)
        guard let before else { return }
        let largerNumbers = numbersBefore.map { _ in TableMemory<UInt32>(repeating: 0, count: places) }
        numbers = largerNumbers
        for old in 0..<before.count where before.base[old] != 0 {
            let place = place(of: before.base[old], in: larger)
            larger.base[place] = before.base[old]
            // Equally long, all of them.
            if let numbersBefore, let largerNumbers { largerNumbers.base[place] = numbersBefore.base[old] }
        }
    }
}
