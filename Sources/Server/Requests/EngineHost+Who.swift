import Board
import CallEvents
import NIOCore
import Wire

extension EngineHost {
    /// Whose a call would be, and why. Where that asks for many entries, they are looked at between other requests.
    func who(_ request: Busyhour_V1_WhoRequest) throws(RequestError) -> EventLoopFuture<Busyhour_V1_WhoResponse> {
        let (answer, search) = engine.attributionBegun(of: try Party(request.party, index: 0))
        let answered = loop.makePromise(of: Busyhour_V1_WhoResponse.self)
        lookOn(answer, search, answered)
        return answered.futureResult
    }

    private func lookOn(
        _ answer: Attribution, _ search: NearestEntries?, _ answered: EventLoopPromise<Busyhour_V1_WhoResponse>
    ) {
        var (answer, search) = (answer, search)
        engine.goOn(&answer, &search, entries: BoardLimits.entriesPerLook)
        guard search == nil else {
            return loop.assumeIsolated().execute { self.lookOn(answer, search, answered) }
        }
        answered.succeed(Busyhour_V1_WhoResponse(answer))
    }
}

extension Busyhour_V1_WhoResponse {
    fileprivate init(_ answer: Attribution) {
        self.init()
        outcome =
            switch answer.outcome {
            case .nobody: .nobody
            case .customer: .customer
            case .ownSwitch: .ownSwitch
            }
        (customerID, customer) = (answer.customerID, answer.customer)
        (reason, called) = (answer.reason, answer.called)
        if answer.outcome == .customer { direction = CallDirection.name(isInbound: answer.isInbound) }
        matches = answer.matches.map(Busyhour_V1_WhoEntry.init)
        nearest = answer.nearest.map(Busyhour_V1_WhoEntry.init)
    }
}

extension Busyhour_V1_WhoEntry {
    fileprivate init(_ found: Attribution.Entry) {
        self.init()
        (customerID, customer) = (found.customerID, found.customer)
        entry = Busyhour_V1_AuthEntry(found.entry)
        unmet = found.unmet.map { AuthText.text($0.kind.name, $0.value) }
    }
}
