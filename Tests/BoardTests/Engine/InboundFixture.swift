import CallEvents
import Testing

@testable import Board

/// Customers as `makeEngine` has them, our switch at 10.9.9.9, and what comes to a customer.
enum Inbound {
    static let switchHost = IPAddress(v4: 0x0A09_0909)
    static let carrier = IPAddress(v4: 0x0A08_0808)

    /// The customer's trunk: 10.1.0.1, 10.1.0.2, ...
    static func trunk(_ customer: Int) -> IPAddress { IPAddress(v4: 0x0A01_0000 | UInt32(customer)) }

    static func makeEngine(customers: Int, clock: ClockMode = .wall, now: Int64) -> Engine {
        var configuration = EngineConfiguration()
        configuration.clock = clock
        configuration.switches = [switchHost]
        let engine = Engine(configuration: configuration)
        let drafts = (1...customers).map { number in
            var customer = Customer()
            customer.name = "C\(number)"
            customer.currency = "USD"
            customer.channels = 10
            customer.auth = [.ip("10.0.0.\(number)"), .account("a\(number)")]
            return customer
        }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: now)
        return engine
    }
}

extension Engine {
    /// Gives a customer an entry `to:`, or takes it away, as an edit does.
    func setInbound(_ text: String, customer: Int, isThere: Bool = true) throws {
        let entry = try AuthEntry(listed: "to:" + text)
        var edit = CustomerEdit()
        edit.selection = .ids([UInt32(customer)])
        edit.fields = [.auth]
        edit.values.auth = (self.customer(id: UInt32(customer))?.auth ?? []).filter { $0 != entry }
        if isThere { edit.values.auth.append(entry) }
        let prepared = try prepare(edit, now: max(1, nowMicros))
        #expect(prepared.errors.isEmpty, "\(prepared.errors)")
        _ = commit(prepared, idempotencyKey: [])
    }

    func count(_ name: String, customer: Int = 1, now: Int64) throws -> Int? {
        try value(name, .all, customer: customer, now: now).map { Int($0) }
    }
}

extension CallEventBatch {
    /// One event of a SIP leg.
    init(
        _ kind: CallEventKind, key: UInt64, _ micros: Int64, from source: IPAddress, to destination: IPAddress,
        called: String? = nil, sequence: UInt32 = 1, code: UInt16 = 0, relayed: Bool = false
    ) {
        self.init()
        parties = [
            Party(
                source: source, destination: destination, sipUser: "15550100",
                claims: called.map { PartyClaims(called: $0) })
        ]
        append(
            kind, key: CallKey(high: 1, low: key), timeMicros: micros, party: 0, sequence: sequence, code: code,
            relayed: relayed)
    }
}
