import Board
import CallEvents
import Wire

extension EngineHost {
    /// Whose a call would be, and why.
    func who(_ request: Busyhour_V1_WhoRequest) throws(RequestError) -> Busyhour_V1_WhoResponse {
        let answer = engine.attribution(of: try Party(request.party, index: 0))
        var response = Busyhour_V1_WhoResponse()
        response.outcome =
            switch answer.outcome {
            case .nobody: .nobody
            case .customer: .customer
            case .ownSwitch: .ownSwitch
            }
        (response.customerID, response.customer) = (answer.customerID, answer.customer)
        (response.reason, response.called) = (answer.reason, answer.called)
        response.matches = answer.matches.map(Busyhour_V1_WhoEntry.init)
        response.nearest = answer.nearest.map(Busyhour_V1_WhoEntry.init)
        return response
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
