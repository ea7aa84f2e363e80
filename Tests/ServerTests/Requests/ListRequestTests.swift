import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// Lists of customers: what goes with what, and how many there are at a time.
@Suite struct ListRequestTests {
    private typealias List = Busyhour_V1_ListCustomersRequest
    private typealias Answer = Busyhour_V1_ListCustomersResponse

    /// Deleted customers are listed without a condition: all ways of giving one or more.
    @Test func deletedOnesAreListedWithoutACondition() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        let conditions: [(inout List) -> Void] = [
            { $0.where = "id > 0" }, { $0.search = "a" }, { $0.status = "Active" }, { $0.layout = "l" },
        ]
        for chosen in 0..<1 << conditions.count {
            var request = List.with { $0.deleted = true }
            for (place, condition) in conditions.enumerated() where chosen >> place & 1 == 1 { condition(&request) }
            if chosen == 0 {
                #expect(try client.call(.listCustomers, request, Answer.self).total == 0)
            } else {
                let error = #expect(throws: Busyhour_V1_Error.self) {
                    try client.call(.listCustomers, request, Answer.self)
                }
                #expect(error?.code == "INVALID_ARGUMENT", "\(chosen): \(error?.message ?? "")")
            }
        }
    }

    @Test func limitsHaveTwoSides() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        try client.create(Limits.defaultListRows + 2)
        let cases: [(limit: UInt32, count: Int?)] = [
            (0, Limits.defaultListRows), (1, 1), (UInt32(Limits.defaultListRows) + 1, Limits.defaultListRows + 1),
            (UInt32(Limits.customersPerAnswer), Limits.defaultListRows + 2),
            (UInt32(Limits.customersPerAnswer) + 1, nil),
        ]
        for (limit, count) in cases {
            let request = List.with { $0.limit = limit }
            let answer = try? client.call(.listCustomers, request, Answer.self)
            #expect(answer?.customers.count == count, "limit \(limit)")
            if count != nil { #expect(answer?.total == UInt64(Limits.defaultListRows + 2)) }
        }
    }
}
