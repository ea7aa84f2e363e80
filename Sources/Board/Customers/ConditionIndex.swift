// Entries of several conditions, by hash: a call probes once for each shape of the entries under its address, and for
// each shape of those without an address, and never visits the entries one by one. A hundred thousand entries of one
// SBC that differ by prefix or header are a handful of shapes.

import CallEvents

struct ConditionIndex: Sendable {
    struct Entry: Sendable {
        var conditions: AuthConditions
        var row: UInt32
        var shape: Int32
        /// The next entry with the same hash; -1: none.
        var next: Int32
    }

    /// An entry that a call meets.
    struct Match {
        var row: UInt32
        var conditions: AuthConditions
        var exactness: AuthExactness

        /// Whether it gets a call that meets both.
        func isMoreExact(than other: Match) -> Bool {
            exactness != other.exactness ? exactness > other.exactness : conditions.text < other.conditions.text
        }
    }

    /// A shape of some entries of one list, and their number.
    private struct ShapeUse: Sendable {
        var shape: Int
        var entries: Int
    }

    private var entries: [Entry?] = []
    private var free: [Int] = []
    /// The first entry of each hash.
    private var first: [Int: Int32] = [:]
    private var shapes: [AuthShape] = []
    private var shapeNumbers: [AuthShape: Int] = [:]
    /// Number of entries per shape.
    private var shapeCounts: [Int] = []
    private var freeShapes: [Int] = []
    /// The shapes under each block, the most exact first.
    private var under: [AddressBlock: [ShapeUse]] = [:]
    /// The shapes of entries without an address.
    private var anywhere: [ShapeUse] = []
    /// Number of entries per kind of condition.
    private var askedKinds = [Int](repeating: 0, count: AuthCondition.Kind.allCases.count)
    private var askedPorts = 0
    private(set) var askedHeaders: [String: Int] = [:]
    /// The call properties that feeds must report.
    private(set) var needs = PartyNeeds()

    var count: Int { entries.count - free.count }
    var hasAnywhere: Bool { !anywhere.isEmpty }
    func has(under block: AddressBlock) -> Bool { under[block] != nil }

    func shapesUnder(_ block: AddressBlock) -> Int { under[block]?.count ?? 0 }

    /// Places of entries, some of them empty: below this number.
    var placeCount: Int { entries.count }

    /// The entry at a place; nil: there is none.
    func entry(at place: Int) -> Entry? { entries.indices.contains(place) ? entries[place] : nil }

    // MARK: Changes

    func owner(of conditions: AuthConditions) -> UInt32? { place(of: conditions).flatMap { entries[$0]?.row } }

    private func place(of conditions: AuthConditions) -> Int? {
        guard let shape = shapeNumbers[AuthShape(conditions)] else { return nil }
        var place = first[conditions.hash(shape: shape)] ?? -1
        while place >= 0, let entry = entries[Int(place)] {
            if entry.conditions == conditions { return Int(place) }
            place = entry.next
        }
        return nil
    }

    /// False if a customer has it already.
    mutating func insert(_ conditions: AuthConditions, row: UInt32) -> Bool {
        guard place(of: conditions) == nil else { return false }
        let shape = shapeNumber(AuthShape(conditions))
        shapeCounts[shape] += 1
        let hash = conditions.hash(shape: shape)
        let entry = Entry(conditions: conditions, row: row, shape: Int32(shape), next: first[hash] ?? -1)
        let place = free.popLast() ?? entries.count
        if place == entries.count { entries.append(entry) } else { entries[place] = entry }
        first[hash] = Int32(place)
        count(conditions, by: 1)
        if conditions.receiver == nil { use(shape, conditions.block, by: 1) }
        return true
    }

    /// Removes an entry if it is this row's.
    mutating func remove(_ conditions: AuthConditions, row: UInt32) {
        guard let place = place(of: conditions), let entry = entries[place], entry.row == row else { return }
        let hash = conditions.hash(shape: Int(entry.shape))
        if first[hash] == Int32(place) {
            first[hash] = entry.next >= 0 ? entry.next : nil
        } else {
            var before = Int(first[hash] ?? -1)
            while before >= 0, let other = entries[before], other.next != Int32(place) { before = Int(other.next) }
            if before >= 0 { entries[before]?.next = entry.next }
        }
        entries[place] = nil
        free.append(place)
        count(conditions, by: -1)
        let shape = Int(entry.shape)
        if conditions.receiver == nil { use(shape, conditions.block, by: -1) }
        shapeCounts[shape] -= 1
        if shapeCounts[shape] == 0 {
            shapeNumbers[shapes[shape]] = nil
            freeShapes.append(shape)
        }
    }

    private mutating func shapeNumber(_ shape: AuthShape) -> Int {
        if let number = shapeNumbers[shape] { return number }
        let number = freeShapes.popLast() ?? shapes.count
        if number == shapes.count {
            shapes.append(shape)
            shapeCounts.append(0)
        } else {
            shapes[number] = shape
        }
        shapeNumbers[shape] = number
        return number
    }

    /// Adds or removes one use of this shape, under a block or without an address.
    private mutating func use(_ shape: Int, _ block: AddressBlock?, by change: Int) {
        if let block {
            var list = under[block] ?? []
            Self.count(shape, in: &list, by: change, shapes)
            under[block] = list.isEmpty ? nil : list
        } else {
            Self.count(shape, in: &anywhere, by: change, shapes)
        }
    }

    private static func count(_ shape: Int, in list: inout [ShapeUse], by change: Int, _ shapes: [AuthShape]) {
        if let place = list.firstIndex(where: { $0.shape == shape }) {
            list[place].entries += change
            if list[place].entries == 0 { list.remove(at: place) }
        } else {
            let exactness = shapes[shape].exactness
            let place = list.firstIndex { shapes[$0.shape].exactness < exactness } ?? list.count
            list.insert(ShapeUse(shape: shape, entries: change), at: place)
        }
    }

    private mutating func count(_ conditions: AuthConditions, by change: Int) {
        let headersBefore = askedHeaders.count
        for condition in conditions.all {
            askedKinds[Int(condition.kind.rawValue)] += change
            switch condition {
            case .ip(_, let port): if port != 0 { askedPorts += change }
            case .header(let name, _):
                let count = (askedHeaders[name] ?? 0) + change
                askedHeaders[name] = count > 0 ? count : nil
            default: break
            }
        }
        needs.claims = askedClaims
        if askedHeaders.count != headersBefore { needs.headerNames = askedHeaders.keys.sorted() }
    }

    private var askedClaims: PartyNeeds.Claims {
        var claims: PartyNeeds.Claims = []
        func asks(_ kind: AuthCondition.Kind) -> Bool { askedKinds[Int(kind.rawValue)] > 0 }
        if askedPorts > 0 { claims.insert(.sourcePort) }
        if asks(.prefix) || asks(.to) { claims.insert(.called) }
        if asks(.from) { claims.insert(.fromDomain) }
        if asks(.uri) { claims.insert(.uriDomain) }
        if asks(.contact) { claims.insert(.contactDomain) }
        if asks(.tgrp) { claims.insert(.trunkGroup) }
        if asks(.pai) { claims.insert(.assertedIdentities) }
        return claims
    }

    // MARK: Look-up

    /// The most exact entry under a block that the call meets, if it is more exact than `best`.
    func find(_ probe: AuthProbe, under block: AddressBlock, _ best: inout Match?) {
        if let list = under[block] { find(probe, list, block, &best) }
    }

    /// The most exact entry without an address that the call meets, if it is more exact than `best`.
    func findAnywhere(_ probe: AuthProbe, _ best: inout Match?) { find(probe, anywhere, nil, &best) }

    private func find(_ probe: AuthProbe, _ list: [ShapeUse], _ block: AddressBlock?, _ best: inout Match?) {
        for use in list {
            let shape = shapes[use.shape]
            // Those after it are less exact still.
            if let best, shape.exactness < best.exactness { return }
            forEachMatch(probe, shape, use.shape, block) { match in
                if best.map({ match.isMoreExact(than: $0) }) ?? true { best = match }
            }
        }
    }

    /// All entries that the call meets, under a block or (nil) without an address.
    func matches(_ probe: AuthProbe, under block: AddressBlock?) -> [Match] {
        var matches: [Match] = []
        for use in block.map({ under[$0] ?? [] }) ?? anywhere {
            forEachMatch(probe, shapes[use.shape], use.shape, block) { matches.append($0) }
        }
        return matches
    }

    private func forEachMatch(
        _ probe: AuthProbe, _ shape: AuthShape, _ number: Int, _ block: AddressBlock?, _ body: (Match) -> Void
    ) {
        guard probe.mayMeet(shape) else { return }
        probe.forEachHash(shape, number: number, block) { hash in
            var place = first[hash] ?? -1
            while place >= 0, let entry = entries[Int(place)] {
                if Int(entry.shape) == number && entry.conditions.match(probe.party) {
                    body(Match(row: entry.row, conditions: entry.conditions, exactness: shape.exactness))
                }
                place = entry.next
            }
        }
    }

    var byteSize: Int {
        entries.capacity * MemoryLayout<Entry?>.stride + count * 96 + first.capacity * 24 + under.capacity * 64
    }
}
