// The parts of a SIP message that call figures need: start line, Call-ID, tags, CSeq, and also the caller's user and
// the Q.850 cause. Everything else is skipped.
//
// A message is read once, from the first byte to the empty line, without a copy: fields are ranges of its bytes. Only a
// message with folded headers (RFC 3261 7.3.1: a line that begins with a blank continues the previous one) is copied,
// with its folds turned into blanks, and then read the same way.

/// The methods that matter; every other one is `other`.
enum SIPMethod: Sendable {
    case invite, ack, bye, cancel, register, update, other
}

/// Why a message could not be read.
enum SIPError: Error {
    /// It is a keep-alive (CRLFs, NULs, STUN), not a message.
    case notSIP
    case startLine
    case status
    case callID
    case from
    case to
    case cseq
}

struct SIPMessage {
    /// Of a request its own method, of a response that of its CSeq.
    var method = SIPMethod.other
    /// 0 for a request.
    var status: UInt16 = 0
    var callID = 0..<0
    /// Empty: none.
    var fromTag = 0..<0
    var toTag = 0..<0
    /// Of the From address, without angle brackets; see `SIPAddress.user`.
    var fromURI = 0..<0
    /// Of the To address, and the address that a request is sent to.
    var toURI = 0..<0
    var requestURI = 0..<0
    /// The reason phrase after a response's code.
    var reasonPhrase = 0..<0
    /// The user name of digest credentials; empty: none.
    var digestUser = 0..<0
    /// The first Via header of an INVITE, an ACK or a response; empty otherwise.
    var via = 0..<0
    var sequence: UInt32 = 0
    /// Where the body begins in the bytes read; nil: the empty line before it is missing.
    var bodyStart: Int?
    /// Nil: missing, or not a number.
    var contentLength: Int?
    /// Seconds of Session-Expires (RFC 4028); 0: none.
    var sessionSeconds: UInt32 = 0
    /// From a Reason header; 0: none.
    var q850: UInt8 = 0

    var isRequest: Bool { status == 0 }
}
