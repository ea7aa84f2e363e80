import Board
import CallEvents
import Wire

extension Busyhour_V1_ExplainResponse {
    init(_ explanation: Explanation, customerName: String) {
        self.init()
        metric = explanation.metric
        customerID = explanation.customerID
        self.customerName = customerName
        window = explanation.window.name
        windowStart = explanation.windowStartMicros
        windowEnd = explanation.windowEndMicros
        asOf = explanation.asOfMicros
        formula = explanation.formula
        countedAt = explanation.countedAt
        numeratorName = explanation.numeratorName
        numerator = explanation.numerator
        denominatorName = explanation.denominatorName
        denominator = explanation.denominator
        hasValue_p = explanation.value != nil
        value = explanation.value ?? 0
        classes = explanation.classes.map(Busyhour_V1_OutcomeClass.init)
        codes = explanation.codes.map { code, count in
            var message = Busyhour_V1_CodeCount()
            message.code = UInt32(code)
            message.count = count
            return message
        }
        recent = explanation.recent.map(Busyhour_V1_RecentCall.init)
    }
}

extension Busyhour_V1_OutcomeClass {
    fileprivate init(_ outcome: ClassCount) {
        self.init()
        name = outcome.name
        count = outcome.count
        inAsrDenominator = outcome.inASRDenominator
        inNerNumerator = outcome.inNERNumerator
    }
}

extension Busyhour_V1_RecentCall {
    init(_ call: FinishedCall) {
        self.init()
        setupAt = call.setupMicros
        ringAt = call.ringMicros
        answerAt = call.answerMicros
        endAt = call.endMicros
        outcome = call.outcome
        direction = CallDirection.name(isInbound: call.isInbound)
        code = UInt32(call.code)
        q850 = UInt32(call.q850)
        talkMilliseconds = call.talkMilliseconds
        customerID = call.customerID
        costMicros = call.costMicros
        if !call.details.isEmpty { details = Busyhour_V1_CallDetails(call.details) }
    }
}
