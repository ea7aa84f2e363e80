import Board
import CallEvents
import Wire

extension Busyhour_V1_LiveCall {
    init(_ call: LiveCallInfo, customerName: String) {
        self.init()
        customerID = call.customerID
        self.customerName = customerName
        keyHigh = call.key.high
        keyLow = call.key.low
        state = call.state.rawValue
        direction = CallDirection.name(isInbound: call.isInbound)
        setupAt = call.setupMicros
        ringAt = call.ringMicros
        answerAt = call.answerMicros
        if !call.details.isEmpty { details = Busyhour_V1_CallDetails(call.details) }
    }
}
