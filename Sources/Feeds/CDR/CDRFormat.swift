/// The layouts of call detail records that can be read. The raw values are the names on the command line.
public enum CDRFormat: String, CaseIterable, Sendable {
    /// `mod_json_cdr` of FreeSWITCH: documents one per line, pretty-printed, or one after the other; also HTTP bodies
    /// as posted (`cdr=...` form-encoded or Base64), one per line. Values may be URL-encoded (`encode-values`) or not.
    case freeswitchJSON = "freeswitch-json"
    /// `mod_cdr_csv` of FreeSWITCH: every field in quotes, nothing escaped. Without columns: the `example` template.
    case freeswitchCSV = "freeswitch-csv"
    /// `cdr_csv` of Asterisk, with or without `loguniqueid`, `loguserfield` and `newcdrcolumns`.
    case asterisk
    /// The `*file_csv` exporter of CGRateS, with or without header and trailer.
    case cgratesCSV = "cgrates-csv"
    /// The `*http_json_map` exporter of CGRateS: flat documents.
    case cgratesJSON = "cgrates-json"
    /// `acc` of Kamailio: `db_flatstore` rows with `|`, or an SQL export with commas and a header line. Emits events.
    case kamailioAcc = "kamailio-acc"
    /// Any CSV with a header line, or with columns named on the command line.
    case csv

    /// True if the reader emits events (`takeEvents`), false if it emits finished calls (`takeRecords`).
    public var givesEvents: Bool { self == .kamailioAcc }

    var isJSON: Bool { self == .freeswitchJSON || self == .cgratesJSON }

    /// Distinguishes the product in the identity of a call: the same call read in two layouts of one product is one
    /// call.
    var family: UInt8 {
        switch self {
        case .freeswitchJSON, .freeswitchCSV: 1
        case .asterisk: 2
        case .cgratesCSV, .cgratesJSON: 3
        case .kamailioAcc: 4
        case .csv: 5
        }
    }

    /// The columns if none are named; empty if a header line must name them.
    var defaultColumns: [String] {
        switch self {
        case .freeswitchCSV: Self.freeswitchExample
        case .freeswitchJSON: Self.freeswitchVariables
        case .asterisk: Self.asteriskFixed
        case .cgratesCSV: Self.cgratesFields
        case .cgratesJSON: Self.cgratesFields + ["PDD", "DisconnectCause", "Currency"]
        case .kamailioAcc:
            [
                "method", "from_tag", "to_tag", "callid", "sip_code", "sip_reason", "time", "src_ip", "src_user",
                "dst_ouser", "dst_user",
            ]
        case .csv: []
        }
    }

    /// The template `example` of the configuration shipped with FreeSWITCH.
    static let freeswitchExample = [
        "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp",
        "end_stamp", "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec",
        "write_codec",
    ]

    /// The variables of a FreeSWITCH document that are read. From `sip_from_uri` on three only show whether values are
    /// URL-encoded, and three identify loopback channels.
    static let freeswitchVariables = [
        "uuid", "direction", "originating_leg_uuid", "accountcode", "sip_network_ip", "sip_received_ip",
        "sip_auth_username", "sip_from_user", "caller_id_number", "start_uepoch", "start_epoch", "start_stamp",
        "progress_uepoch", "progress_epoch", "progress_stamp", "progress_media_uepoch", "progress_media_epoch",
        "progress_media_stamp", "answer_uepoch", "answer_epoch", "answer_stamp", "end_uepoch", "end_epoch",
        "end_stamp", "duration", "billusec", "billmsec", "billsec", "hangup_cause", "hangup_cause_q850",
        "sip_term_status", "proto_specific_hangup_cause", "nibble_total_billed", "destination_number", "sip_req_user",
        "sip_to_user", "sip_from_uri", "sip_call_id", "sip_from_tag", "caller_id", "channel_name", "loopback_leg",
        "is_loopback", "currency",
    ]

    /// The sixteen columns that every row of Asterisk's `cdr_csv` has.
    static let asteriskFixed = [
        "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start",
        "answer", "end", "duration", "billsec", "disposition", "amaflags",
    ]

    static let cgratesFields = [
        "NumberOfEvent", "CGRID", "RunID", "ToR", "OriginID", "RequestType", "Tenant", "Category", "Account", "Subject",
        "Destination", "SetupTime", "AnswerTime", "Usage", "Cost", "RatingPlan", "RatingPlanSubject",
    ]
}
