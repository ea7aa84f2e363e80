import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct InboundIndexTests {
    @Test(arguments: [
        "198.51.100.170", "198.51.100.0/24", "2001:db8::/64", "+442079460170", "442079460170", "4420794601*", "+44*",
        "442079460100-442079460199", "+442079460100-+442079460199", "0049-0050", "7",
    ])
    func whatIsRead(text: String) { #expect(InboundTarget(text) != nil) }

    @Test(arguments: [
        "", "*", "+", "198.51.100", "198.51.100.170/33", "44 20", "44-", "-44", "44-43", "44-430", "1-2-3", "44*-45*",
        "alice", "1234567890123456789", "44;npdi", "4*4",
    ])
    func whatIsNotRead(text: String) { #expect(InboundTarget(text) == nil) }

    private func index(_ entries: [(String, UInt32)]) throws -> InboundIndex {
        var index = InboundIndex()
        for (text, row) in entries {
            let target = try #require(InboundTarget(text))
            let isNew = index.insert(target, row: row)
            #expect(isNew)
        }
        return index
    }

    @Test func theNarrowestHasTheCall() throws {
        let index = try index([
            ("44*", 1), ("4420*", 2), ("442079460100-442079460199", 3), ("442079460150-442079460159", 4),
            ("442079460155", 5), ("198.51.100.0/24", 6), ("198.51.100.170", 7), ("4930-4939", 8),
        ])
        let numbers: [String: UInt32?] = [
            "+441": 1, "442079460099": 2, "442079460100": 3, "442079460149": 3, "442079460150": 4, "442079460155": 5,
            "+442079460155;npdi=yes": 5, "00442079460155": 5, "442079460160": 3, "4420794601000": 2, "4935": 8,
            "49351": nil,
            "33": nil, "": nil, "anonymous": nil,
        ]
        for (number, row) in numbers { #expect(index.row(number: number) == row, "\(number)") }
        for (text, row) in ["198.51.100.1": UInt32(6), "198.51.100.170": 7] {
            #expect(index.row(address: try #require(IPAddress(text))) == row)
        }
        #expect(index.row(address: try #require(IPAddress("198.51.101.1"))) == nil)
    }

    @Test func anEntryIsOneCustomers() throws {
        var index = try index([("+442079460170", 1), ("198.51.100.170/32", 1)])
        for text in ["442079460170", "198.51.100.170"] {
            let target = try #require(InboundTarget(text))
            let isNew = index.insert(target, row: 2)
            #expect(!isNew)
            #expect(index.owner(of: target) == 1)
            index.remove(target, row: 2)
            #expect(index.has(row: 1))
            index.remove(target, row: 1)
            #expect(index.owner(of: target) == nil)
        }
        #expect(index.isEmpty && !index.hasNumbers && !index.has(row: 1))
    }

    /// Against looking at every entry.
    @Test(arguments: Seeds.fixed(1, 2, 3, 4))
    func asByLookingAtAll(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var index = InboundIndex()
        var entries: [(target: InboundTarget, row: UInt32)] = []
        for step in 0..<600 {
            if !entries.isEmpty && Int.random(in: 0..<4, using: &generator) == 0 {
                let gone = entries.remove(at: Int.random(in: entries.indices, using: &generator))
                index.remove(gone.target, row: gone.row)
            } else {
                let target = try #require(InboundTarget(text(&generator)))
                let row = UInt32.random(in: 0..<5, using: &generator)
                let isFree = !entries.contains { $0.target == target }
                let isNew = index.insert(target, row: row)
                #expect(isNew == isFree)
                if isFree { entries.append((target, row)) }
            }
            for _ in 0..<5 {
                let number = digits(1...5, &generator)
                let address = IPAddress(v4: 0x0A00_0000 | UInt32.random(in: 0..<32, using: &generator))
                #expect(
                    index.row(number: number) == naive(number, entries), "seed \(seed), step \(step): \(number)")
                #expect(index.row(address: address) == naive(address, entries), "seed \(seed), step \(step)")
                checkAll(index, entries, number, address, "seed \(seed), step \(step): \(number) \(address)")
            }
            let row = UInt32.random(in: 0..<5, using: &generator)
            #expect(index.has(row: row) == entries.contains { $0.row == row })
        }
    }

    /// All entries that a number or an address meets, the one that has it first.
    private func checkAll(
        _ index: InboundIndex, _ entries: [(target: InboundTarget, row: UInt32)], _ number: String,
        _ address: IPAddress, _ place: Comment
    ) {
        func having(_ number: Substring) -> [(NumberRange, UInt32)] {
            guard let digits = NumberDigits(number) else { return [] }
            return entries.compactMap { entry -> (NumberRange, UInt32)? in
                guard case .numbers(let range) = entry.target, range.contains(digits) else { return nil }
                return (range, entry.row)
            }
        }
        var expected = having(number[...])
        if expected.isEmpty && number.hasPrefix("00") { expected = having(number.dropFirst(2)) }
        expected.sort { $0.0.isNarrower(than: $1.0) }
        let numbers = index.entries(number: number)
        #expect(numbers.map(\.row) == expected.map(\.1), place)
        #expect(numbers.map(\.target) == expected.map { .numbers($0.0) }, place)
        let blocks = entries.filter { entry in
            guard case .address(let block) = entry.target else { return false }
            return AddressBlock(address, length: block.length) == block
        }
        let found = index.entries(address: address)
        #expect(Set(found.map(\.target)) == Set(blocks.map(\.target)) && found.count == blocks.count, place)
        #expect(found.first?.row == naive(address, entries), place)
    }

    private func digits(_ count: ClosedRange<Int>, _ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: count, using: &generator)).map { _ in
            String(Int.random(in: 0...3, using: &generator))
        }.joined()
    }

    private func text(_ generator: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return digits(1...4, &generator) + "*"
        case 1: return digits(1...5, &generator)
        case 2:
            let length = Int.random(in: 26...32, using: &generator)
            return "10.0.0.\(Int.random(in: 0..<32, using: &generator))/\(length)"
        default:
            let first = digits(1...5, &generator)
            let last = digits(first.count...first.count, &generator)
            return min(first, last) + "-" + max(first, last)
        }
    }

    private func naive(_ number: String, _ entries: [(target: InboundTarget, row: UInt32)]) -> UInt32? {
        func among(_ number: Substring) -> UInt32? {
            guard let digits = NumberDigits(number) else { return nil }
            let having = entries.compactMap { entry -> (NumberRange, UInt32)? in
                guard case .numbers(let range) = entry.target, range.contains(digits) else { return nil }
                return (range, entry.row)
            }
            return having.min { $0.0.isNarrower(than: $1.0) }?.1
        }
        return among(number[...]) ?? (number.hasPrefix("00") ? among(number.dropFirst(2)) : nil)
    }

    private func naive(_ address: IPAddress, _ entries: [(target: InboundTarget, row: UInt32)]) -> UInt32? {
        let having = entries.compactMap { entry -> (AddressBlock, UInt32)? in
            guard case .address(let block) = entry.target, AddressBlock(address, length: block.length) == block
            else { return nil }
            return (block, entry.row)
        }
        return having.max { $0.0.length < $1.0.length }?.1
    }
}
