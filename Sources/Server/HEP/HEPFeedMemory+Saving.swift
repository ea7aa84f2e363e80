// The state of the captures' parser, as tables beside those of the statistics.

import Board
import Feeds

extension HEPFeedMemory {
    // Ids in files: never another table's, nor one of the engine's.
    private static let hopsID: UInt16 = 96
    private static let relaysID: UInt16 = 97
    private static let invitesID: UInt16 = 98
    private static let provenID: UInt16 = 120
    private static let credentialsID: UInt16 = 121

    var tables: [SavedTable] {
        let columns = columns
        return [
            SavedTable(
                id: Self.hopsID, name: "hep_hops",
                numbers: Self.named(
                    columns.hops,
                    ["dialog", "source_high", "source_low", "destination_high", "destination_low"])),
            SavedTable(
                id: Self.relaysID, name: "hep_relays",
                numbers: Self.named(columns.relays, ["address_high", "address_low"])),
            SavedTable(
                id: Self.invitesID, name: "hep_invites",
                numbers: Self.named(columns.invites, ["place", "key_check", "branch"])),
            SavedTable(
                id: Self.provenID, name: "hep_proven_users",
                numbers: Self.named(columns.provenUsers, ["place", "entry"])),
            SavedTable(
                id: Self.credentialsID, name: "hep_credentials",
                numbers: Self.named(columns.credentials, ["place", "key_check", "user"])),
        ]
    }

    private static func named(_ columns: [[Int64]], _ names: [String]) -> [(name: String, values: [Int64])] {
        zip(names, columns).map { ($0, $1) }
    }

    /// - Parameter tables: of statistics.
    /// - Returns: nil if no capture was read before they were saved.
    static func restored(_ tables: [SavedTable]) throws(RestoreError) -> HEPFeedMemory? {
        guard let hops = tables.first(where: { $0.id == hopsID }),
            let relays = tables.first(where: { $0.id == relaysID }),
            let invites = tables.first(where: { $0.id == invitesID })
        else { return nil }
        var columns = Columns(
            hops: try hops.numbers(), relays: try relays.numbers(), invites: try invites.numbers())
        // Older snapshots have neither.
        if let proven = tables.first(where: { $0.id == provenID }) { columns.provenUsers = try proven.numbers() }
        if let credentials = tables.first(where: { $0.id == credentialsID }) {
            columns.credentials = try credentials.numbers()
        }
        guard let memory = HEPFeedMemory(columns) else {
            throw hops.fault("or those beside it are of no feed")
        }
        return memory
    }
}
