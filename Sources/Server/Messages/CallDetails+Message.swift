import Board
import CallEvents
import Wire

extension Busyhour_V1_CallDetails {
    /// - Parameter details: masked already, if numbers are to be.
    init(_ details: CallDetails) {
        self.init()
        callID = details.callID
        calling = details.calling
        called = details.called
        reason = details.reason
        source = details.source?.description ?? ""
        destination = details.destination?.description ?? ""
        clockCorrectedMs = details.clockCorrectedMillis
    }
}

extension Busyhour_V1_FinishedCallsResponse {
    init(_ answer: FinishedCallsAnswer) {
        self.init()
        kept = UInt64(clamping: answer.kept)
        looked = UInt64(clamping: answer.looked)
        asOf = answer.asOfMicros
        calls = answer.calls.map { call in
            var message = Busyhour_V1_RecentCall(call)
            let customer = answer.customers[call.customerID]
            message.customerName = customer?.name ?? ""
            message.currency = customer?.currency ?? ""
            return message
        }
    }
}
