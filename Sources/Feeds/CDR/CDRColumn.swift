/// The meaning of a field of a row, whatever its name in the product.
enum CDRColumn: Int, CaseIterable {
    case id, account, sourceIP, sipUser, callerNumber, channel, linkedID
    case direction, originatingLeg, otherLeg, runID, typeOfRecord
    case setup, ring, ringMedia, answer, end, duration, talk, pdd
    case code, q850, cause, disposition, cost, currency
    case method, fromTag, toTag
    /// When the INVITE of an accounting row came (OpenSIPS).
    case created
    /// Fields that only show whether the values of a document are URL-encoded.
    case encodingEvidence
    /// FreeSWITCH's loopback channels.
    case channelName, loopbackLeg, isLoopback
}

/// How a field is written, from the most to the least exact: if a row gives a value in several units,
/// the first that is not empty is used.
enum CDRUnit: Int, Comparable {
    /// Nanoseconds as a number, or with units as Go writes them (`1m30.5s`).
    case nanoseconds
    case microseconds
    case milliseconds
    /// Seconds, with decimals or without, or a duration as people write it (`CDRNumber.duration`).
    case seconds
    case minutes
    /// A time in any form: epoch seconds, milliseconds or microseconds by size, RFC 3339, or local.
    case anyTime
    /// Text, a code, a decimal amount.
    case text

    static func < (left: CDRUnit, right: CDRUnit) -> Bool { left.rawValue < right.rawValue }
}

/// The column and unit of a product's field name.
struct CDRColumnName {
    var column: CDRColumn
    var unit: CDRUnit

    init(_ column: CDRColumn, _ unit: CDRUnit = .text) {
        self.column = column
        self.unit = unit
    }

    /// The column of a field name, upper or lower case, or nil for a field that is not used.
    static func named(_ name: String, for format: CDRFormat) -> CDRColumnName? {
        let name = name.lowercased()
        // CGRateS's delay is in nanoseconds; others write it like any duration.
        if format == .csv, name == "pdd" { return .init(.pdd, .seconds) }
        if format == .kamailioAcc, let known = byAccountingName[name] { return known.isNothing ? nil : known.name }
        return byName[name]
    }

    /// Names that mean this in a table of Kamailio's or OpenSIPS's `acc`, and something else elsewhere.
    private static let byAccountingName: [String: (name: CDRColumnName, isNothing: Bool)] = [
        // The number of the row.
        "id": (.init(.id), true),
        // Seconds from the INVITE to the answer: `created` says the same.
        "setuptime": (.init(.setup), true),
        "duration": (.init(.talk, .seconds), false), "ms_duration": (.init(.talk, .milliseconds), false),
    ]

    /// The names of all products in lower case. Those of the generic format `csv` are documented in `CDRReader`.
    private static let byName: [String: CDRColumnName] = [
        // Spellings that operators and billing systems use in files of their own.
        "session_id": .init(.id), "customer_id": .init(.account), "customer_name": .init(.account),
        "account_id": .init(.account), "account_name": .init(.account), "source_address": .init(.sourceIP),
        "src_address": .init(.sourceIP), "remote_ip": .init(.sourceIP), "caller_ip": .init(.sourceIP),
        "username": .init(.sipUser), "start_time": .init(.setup, .anyTime), "started_at": .init(.setup, .anyTime),
        "setup_time": .init(.setup, .anyTime), "ring_time": .init(.ring, .anyTime),
        "answer_time": .init(.answer, .anyTime), "answered_at": .init(.answer, .anyTime),
        "connect_time": .init(.answer, .anyTime), "end_time": .init(.end, .anyTime),
        "ended_at": .init(.end, .anyTime), "disconnect_time": .init(.end, .anyTime),
        "hangup_at": .init(.end, .anyTime), "duration_seconds": .init(.duration, .seconds),
        "talk_time": .init(.talk, .seconds), "billed_seconds": .init(.talk, .seconds),
        "pdd_seconds": .init(.pdd, .seconds), "sip_status": .init(.code), "status_code": .init(.code),
        "response_code": .init(.code), "final_code": .init(.code), "q850_cause": .init(.q850),
        "price": .init(.cost), "charge": .init(.cost),
        // Identity.
        "id": .init(.id), "call_id": .init(.id), "billid": .init(.id), "callid": .init(.id), "uuid": .init(.id),
        "uniqueid": .init(.id),
        "unique_id": .init(.id), "originid": .init(.id), "linkedid": .init(.linkedID),
        // Who.
        "customer": .init(.account), "account": .init(.account), "accountcode": .init(.account),
        "account_code": .init(.account),
        "ip": .init(.sourceIP), "source_ip": .init(.sourceIP), "src_ip": .init(.sourceIP),
        "sip_network_ip": .init(.sourceIP), "sip_received_ip": .init(.sourceIP), "network_addr": .init(.sourceIP),
        "sip_auth_username": .init(.sipUser), "sip_user": .init(.sipUser), "sip_from_user": .init(.sipUser),
        "src_user": .init(.sipUser), "caller_id_number": .init(.callerNumber), "ani": .init(.callerNumber),
        "channel": .init(.channel),
        // Which leg or run.
        "direction": .init(.direction), "originating_leg_uuid": .init(.originatingLeg), "bleg_uuid": .init(.otherLeg),
        "runid": .init(.runID), "tor": .init(.typeOfRecord),
        // When.
        "setup_at": .init(.setup, .anyTime), "start_at": .init(.setup, .anyTime), "start": .init(.setup, .anyTime),
        "start_stamp": .init(.setup, .anyTime), "start_epoch": .init(.setup, .seconds),
        "start_uepoch": .init(.setup, .microseconds), "setuptime": .init(.setup, .anyTime),
        "time": .init(.setup, .anyTime), "calldate": .init(.setup, .anyTime), "created": .init(.created, .anyTime),
        "ring_at": .init(.ring, .anyTime), "progress_stamp": .init(.ring, .anyTime),
        "progress_epoch": .init(.ring, .seconds), "progress_uepoch": .init(.ring, .microseconds),
        "progress_media_stamp": .init(.ringMedia, .anyTime), "progress_media_epoch": .init(.ringMedia, .seconds),
        "progress_media_uepoch": .init(.ringMedia, .microseconds),
        "answer_at": .init(.answer, .anyTime), "answer": .init(.answer, .anyTime),
        "answer_stamp": .init(.answer, .anyTime), "answer_epoch": .init(.answer, .seconds),
        "answer_uepoch": .init(.answer, .microseconds), "answertime": .init(.answer, .anyTime),
        "end_at": .init(.end, .anyTime), "end": .init(.end, .anyTime), "end_stamp": .init(.end, .anyTime),
        "end_epoch": .init(.end, .seconds), "end_uepoch": .init(.end, .microseconds),
        // How long.
        "duration_min": .init(.duration, .minutes), "talk_min": .init(.talk, .minutes),
        "duration": .init(.duration, .seconds), "duration_ms": .init(.duration, .milliseconds),
        "mduration": .init(.duration, .milliseconds), "uduration": .init(.duration, .microseconds),
        "talk": .init(.talk, .seconds), "talk_seconds": .init(.talk, .seconds), "talk_ms": .init(.talk, .milliseconds),
        "billsec": .init(.talk, .seconds), "billmsec": .init(.talk, .milliseconds),
        "billtime": .init(.talk, .seconds), "billusec": .init(.talk, .microseconds),
        "usage": .init(.talk, .nanoseconds),
        "pdd": .init(.pdd, .nanoseconds), "pdd_ms": .init(.pdd, .milliseconds),
        "progressmsec": .init(.pdd, .milliseconds), "progress_mediamsec": .init(.pdd, .milliseconds),
        // How it ended.
        "code": .init(.code), "sip_code": .init(.code), "sip_term_status": .init(.code),
        "proto_specific_hangup_cause": .init(.code), "q850": .init(.q850), "hangup_cause_q850": .init(.q850),
        "hangup_cause": .init(.cause), "cause": .init(.cause), "disconnectcause": .init(.cause),
        "disposition": .init(.disposition), "cost": .init(.cost), "nibble_total_billed": .init(.cost),
        "currency": .init(.currency), "currency_code": .init(.currency), "cost_currency": .init(.currency),
        // Kamailio.
        "method": .init(.method), "from_tag": .init(.fromTag), "to_tag": .init(.toTag),
        // Evidence.
        "sip_from_uri": .init(.encodingEvidence), "sip_call_id": .init(.encodingEvidence),
        "caller_id": .init(.encodingEvidence),
        // FreeSWITCH's loopback channels.
        "channel_name": .init(.channelName), "loopback_leg": .init(.loopbackLeg), "is_loopback": .init(.isLoopback),
    ]
}
