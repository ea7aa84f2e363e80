import Board
import Columnar
import Feeds
import Testing

@testable import Server

/// The state of the captures' parser among the tables of statistics: every part comes back, and what older snapshots
/// do not have is empty.
@Suite struct HEPMemorySavingTests {
    /// Each column has numbers of its own.
    private static func memory() throws -> HEPFeedMemory {
        let columns = HEPFeedMemory.Columns(
            hops: (1...5).map { [$0, $0 + 10] }, relays: (21...22).map { [$0, $0 + 10] },
            invites: [[3, 4], [41, 42], [51, 52]], provenUsers: [[5, 6], [61, 62]],
            credentials: [[7, 8], [71, 72], [81, 82]])
        return try #require(HEPFeedMemory(columns))
    }

    @Test func everyPartComesBack() throws {
        let memory = try Self.memory()
        let tables = memory.tables
        #expect(Set(tables.map(\.id)).count == 5 && Set(tables.map(\.name)).count == 5)
        #expect(try HEPFeedMemory.restored(tables)?.columns == memory.columns)
        #expect(try HEPFeedMemory.restored(tables.reversed())?.columns == memory.columns)
        #expect(tables.allSatisfy { $0.isOfStatistics })
        let empty = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil).memory
        #expect(try HEPFeedMemory.restored(empty.tables)?.columns == empty.columns)
    }

    @Test func anyPartMayBeMissing() throws {
        let memory = try Self.memory()
        for (place, table) in memory.tables.enumerated() {
            let others = memory.tables.filter { $0.id != table.id }
            let restored = try HEPFeedMemory.restored(others)
            // Of the first three all have to be there, and users came later.
            #expect((restored == nil) == (place < 3), "without \(table.name)")
            if place == 3 { #expect(restored?.columns.provenUsers == [[], []]) }
            if place == 4 { #expect(restored?.columns.credentials == [[], [], []]) }
        }
        #expect(try HEPFeedMemory.restored([])?.columns == nil)
    }
}
