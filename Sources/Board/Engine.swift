import CallEvents
import Columnar

public final class Engine {
    public let configuration: EngineConfiguration

    public init(configuration: EngineConfiguration = EngineConfiguration()) {
        self.configuration = configuration
    }

    /// Moves the clock on: fires what is due and slides the windows.
    public func advance(now: Int64) {}
    /// The engine's time, microseconds since 1970: the last `now` it was given or, by the events' clock, the newest event's.
    public private(set) var nowMicros: Int64 = 0
    public var customerCount: Int { 0 }
    /// All of them or none; `idempotencyKey` is empty or 16 octets: a repetition returns the first result.
    public func createCustomers(_ customers: [Customer], dryRun: Bool, idempotencyKey: [UInt8], now: Int64) -> CreateResult {
        CreateResult()
    }
    public func customer(id: UInt32) -> Customer? { nil }
    /// By name, NFC and case folded.
    public func customer(named name: String) -> Customer? { nil }
    /// Customers with ids above `id`, in order.
    public func customers(after id: UInt32, limit: Int) -> [Customer] { [] }
    public func ingest(_ batch: CallEventBatch, now: Int64) -> IngestSummary { IngestSummary() }
    public func ingest(_ batch: CallRecordBatch, now: Int64) -> IngestSummary { IngestSummary() }
    public func board(_ query: BoardQuery, now: Int64) throws(QueryError) -> BoardAnswer { BoardAnswer() }
    /// Live calls of a customer (0: of all), oldest first, and how many there are.
    public func liveCalls(customerID: UInt32, limit: Int, now: Int64) -> (calls: [LiveCallInfo], total: Int) { ([], 0) }
    public func explain(metric: String, customerID: UInt32, window: Window, now: Int64) throws(QueryError) -> Explanation {
        Explanation()
    }
    public func status(now: Int64) -> EngineStatus { EngineStatus() }
}
