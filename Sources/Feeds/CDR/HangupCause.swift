/// How a call ended, as the products name it, in SIP codes and Q.850 causes.
struct HangupCause: Equatable, Sendable {
    /// Final SIP code; 0 if the name does not imply one.
    var code: UInt16 = 0
    /// Q.850 cause; 0 if there is none.
    var q850: UInt8 = 0

    /// Takes over what is not known yet.
    mutating func complete(with other: HangupCause) {
        if code == 0 { code = other.code }
        if q850 == 0 { q850 = other.q850 }
    }

    /// The cause that FreeSWITCH calls `name`. Nil for an unknown name.
    ///
    /// Names up to 127 are Q.850 causes. Those above are FreeSWITCH's own; where they stand for a SIP answer, that is
    /// returned: a caller's CANCEL (`ORIGINATOR_CANCEL`) is a 487.
    static func freeswitch(_ name: String) -> HangupCause? {
        if let q850 = q850ByName[name] { return HangupCause(code: sipCode(q850: q850), q850: q850) }
        if let code = codeByOwnName[name] { return HangupCause(code: code) }
        return nil
    }

    /// The SIP code of a Q.850 cause by RFC 3398, section 7.2.4.1; 0 where the RFC leaves it open (16, and 21, which is
    /// 403 or 603 depending on the location, which no record contains).
    static func sipCode(q850: UInt8) -> UInt16 {
        switch q850 {
        case 1, 2, 3, 26: 404
        case 17: 486
        case 18: 408
        case 19, 20, 31: 480
        case 22, 23: 410
        case 27: 502
        case 28: 484
        case 29, 79: 501
        case 34, 38, 41, 42, 47, 58, 88: 503
        case 55, 57, 87: 403
        case 65, 70: 488
        case 102: 504
        case 111, 127: 500
        default: 0
        }
    }

    /// A disposition of Asterisk's. `NO ANSWER` may also be a caller who gave up: without `canceldispositionenabled`
    /// records do not distinguish them.
    enum Disposition: Equatable {
        case answered
        case failed(HangupCause)
    }

    /// Upper or lower case; also the states of `Dial`, which dialplans write in place of a disposition. Nil for an
    /// unknown name.
    static func asterisk(_ name: String) -> Disposition? {
        // Numbers are the values in its databases and of `CDR(disposition,u)`.
        switch folded(name) {
        case "ANSWERED", "ANSWER", "8": .answered
        case "BUSY", "4": .failed(HangupCause(code: 486, q850: 17))
        case "NOANSWER", "0", "1": .failed(HangupCause(code: 480, q850: 19))
        // The caller gave up, with or without ringing: no cause, because causes describe the called side.
        case "CANCEL", "CANCELED", "CANCELLED", "32": .failed(HangupCause(code: 487))
        case "FAILED", "CHANUNAVAIL", "2": .failed(HangupCause(code: 503, q850: 38))
        case "CONGESTION", "16": .failed(HangupCause(code: 503, q850: 34))
        case "UNKNOWN": .failed(HangupCause())
        default: nil
        }
    }

    private static let q850ByName: [String: UInt8] = [
        "NONE": 0, "UNALLOCATED_NUMBER": 1, "NO_ROUTE_TRANSIT_NET": 2, "NO_ROUTE_DESTINATION": 3,
        "CHANNEL_UNACCEPTABLE": 6, "CALL_AWARDED_DELIVERED": 7, "NORMAL_CLEARING": 16, "USER_BUSY": 17,
        "NO_USER_RESPONSE": 18, "NO_ANSWER": 19, "SUBSCRIBER_ABSENT": 20, "CALL_REJECTED": 21, "NUMBER_CHANGED": 22,
        "REDIRECTION_TO_NEW_DESTINATION": 23, "EXCHANGE_ROUTING_ERROR": 25, "DESTINATION_OUT_OF_ORDER": 27,
        "INVALID_NUMBER_FORMAT": 28, "FACILITY_REJECTED": 29, "RESPONSE_TO_STATUS_ENQUIRY": 30,
        "NORMAL_UNSPECIFIED": 31, "NORMAL_CIRCUIT_CONGESTION": 34, "NETWORK_OUT_OF_ORDER": 38,
        "NORMAL_TEMPORARY_FAILURE": 41, "SWITCH_CONGESTION": 42, "ACCESS_INFO_DISCARDED": 43,
        "REQUESTED_CHAN_UNAVAIL": 44, "PRE_EMPTED": 45, "FACILITY_NOT_SUBSCRIBED": 50, "OUTGOING_CALL_BARRED": 52,
        "INCOMING_CALL_BARRED": 54, "BEARERCAPABILITY_NOTAUTH": 57, "BEARERCAPABILITY_NOTAVAIL": 58,
        "SERVICE_UNAVAILABLE": 63, "BEARERCAPABILITY_NOTIMPL": 65, "CHAN_NOT_IMPLEMENTED": 66,
        "FACILITY_NOT_IMPLEMENTED": 69, "SERVICE_NOT_IMPLEMENTED": 79, "INVALID_CALL_REFERENCE": 81,
        "INCOMPATIBLE_DESTINATION": 88, "INVALID_MSG_UNSPECIFIED": 95, "MANDATORY_IE_MISSING": 96,
        "MESSAGE_TYPE_NONEXIST": 97, "WRONG_MESSAGE": 98, "IE_NONEXIST": 99, "INVALID_IE_CONTENTS": 100,
        "WRONG_CALL_STATE": 101, "RECOVERY_ON_TIMER_EXPIRE": 102, "MANDATORY_IE_LENGTH_ERROR": 103,
        "PROTOCOL_ERROR": 111, "INTERWORKING": 127,
    ]

    private static let codeByOwnName: [String: UInt16] = [
        "SUCCESS": 0, "ORIGINATOR_CANCEL": 487, "CRASH": 500, "SYSTEM_SHUTDOWN": 503, "LOSE_RACE": 487,
        "MANAGER_REQUEST": 0, "BLIND_TRANSFER": 0, "ATTENDED_TRANSFER": 0, "ALLOTTED_TIMEOUT": 0,
        "USER_CHALLENGE": 407, "MEDIA_TIMEOUT": 0, "PICKED_OFF": 0, "USER_NOT_REGISTERED": 480, "PROGRESS_TIMEOUT": 408,
        "INVALID_GATEWAY": 503, "GATEWAY_DOWN": 503, "INVALID_URL": 503, "INVALID_PROFILE": 503, "NO_PICKUP": 0,
        "SRTP_READ_ERROR": 0, "BOWOUT": 0, "BUSY_EVERYWHERE": 600, "DECLINE": 603, "DOES_NOT_EXIST_ANYWHERE": 604,
        "NOT_ACCEPTABLE": 606, "UNWANTED": 607, "NO_IDENTITY": 428, "BAD_IDENTITY_INFO": 436,
        "UNSUPPORTED_CERTIFICATE": 437, "INVALID_IDENTITY": 438, "STALE_DATE": 403, "REJECT_ALL": 608,
    ]
}
