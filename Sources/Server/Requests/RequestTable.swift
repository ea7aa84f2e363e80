// One table from the method of a frame to what answers it: a row for each method says what its answer shows and which
// function of `EngineHost` gives it. A method without a row does not compile. The functions stand in the files of their
// families (`EngineHost+....swift`).

import NIOCore
import Wire

struct RequestTable {
    /// Reads a request, does what it asks and appends the frame of the answer; appends nothing when it throws.
    typealias Answer = (
        _ host: EngineHost, _ request: Frame, _ now: Int64, _ output: inout ByteBuffer
    ) throws(RequestError) -> Void

    /// The same for what takes the disk's time, or more than one turn of the loop: the whole frame of the answer comes
    /// later, on the engine's loop.
    typealias LateAnswer = (_ host: EngineHost, _ request: Frame, _ now: Int64) throws(RequestError) -> EventLoopFuture<
        ByteBuffer
    >

    enum Handler {
        case now(Answer)
        case later(LateAnswer)
        /// `BoardQueue` answers.
        case board
    }

    /// What an answer may show.
    enum Shown {
        /// What is stored of customers, which must be on the disk before a client sees it.
        case customers
        /// Figures of calls at most: they may be lost for some seconds, and do not wait for a slow disk.
        case calls
    }

    struct Row {
        let shows: Shown
        let handler: Handler

        init(_ shows: Shown, _ handler: Handler) { (self.shows, self.handler) = (shows, handler) }
    }

    /// Indexed by the method's number.
    private let rows: [Row?] = {
        let last = Method.allCases.map(\.rawValue).max() ?? 0
        return (0...last).map { Method(rawValue: $0).map(RequestTable.row) }
    }()

    /// The row of the method of this number; nil where there is none.
    func row(_ method: UInt16) -> Row? { Int(method) < rows.count ? rows[Int(method)] : nil }

    private static func row(_ method: Method) -> Row {
        switch method {
        case .status: Row(.customers, answer { (host, _: Busyhour_V1_StatusRequest, now) in host.status(now: now) })

        case .createCustomers:
            Row(.customers, answer(EngineHost.createCustomers, of: EngineHost.checkCustomerCount, .knownFields))
        case .getCustomer: Row(.customers, answer(EngineHost.getCustomer))
        case .listCustomers: Row(.customers, writeAnswer(EngineHost.listCustomers))

        case .editCustomers: Row(.customers, answer(EngineHost.editCustomers, .knownFields))
        case .deleteCustomers: Row(.customers, answer(EngineHost.deleteCustomers, .knownFields))
        case .undo: Row(.customers, answer(EngineHost.undo, .knownFields))
        case .history: Row(.customers, answer(EngineHost.history))
        case .scheduled: Row(.customers, answer(EngineHost.scheduled))
        case .importCustomers: Row(.customers, answerBytes(EngineHost.importCustomers))
        case .who: Row(.customers, answerLater(EngineHost.who))

        case .saveLayout: Row(.customers, answer(EngineHost.saveLayout))
        case .getLayout: Row(.customers, answer(EngineHost.getLayout))
        case .listLayouts: Row(.customers, answer(EngineHost.listLayouts))
        case .deleteLayout: Row(.customers, answer(EngineHost.deleteLayout))

        case .saveTemplate: Row(.customers, answer(EngineHost.saveTemplate))
        case .getTemplate: Row(.customers, answer(EngineHost.getTemplate))
        case .listTemplates: Row(.customers, answer(EngineHost.listTemplates))
        case .deleteTemplate: Row(.customers, answer(EngineHost.deleteTemplate))

        case .warnings: Row(.customers, answer(EngineHost.warnings))
        case .markWarning: Row(.customers, answer(EngineHost.markWarning))
        case .settings: Row(.customers, answer(EngineHost.settings))
        case .setSettings: Row(.customers, answer(EngineHost.set))

        case .ingestEvents: Row(.calls, answerBytes(EngineHost.ingestEvents))
        case .ingestCalls: Row(.calls, answerBytes(EngineHost.ingestCalls))
        case .ingestHEP: Row(.calls, answer(EngineHost.ingestHEP))
        case .hello: Row(.calls, answer(EngineHost.hello))
        case .marks: Row(.calls, answer(EngineHost.marks))

        case .board: Row(.customers, .board)
        case .calls: Row(.customers, answer(EngineHost.calls))
        case .explain: Row(.customers, answer(EngineHost.explain))
        case .metrics: Row(.customers, answer(EngineHost.metrics))
        case .finishedCalls: Row(.calls, answerLater(EngineHost.finishedCalls))

        case .snapshot: Row(.calls, answerLater(EngineHost.snapshot))
        case .readBackup: Row(.calls, answerLater(EngineHost.readBackup))
        }
    }
}
