/// Files of products whose columns are publicly documented: a map, a filter and the other settings to read them as
/// `csv`.
///
/// The command line overrides the preset. A column that an export leaves out is skipped.
public enum CDRPreset: String, CaseIterable, Sendable {
    /// Cisco Unified Communications Manager, CDR flat files.
    case cucm
    /// Oracle (Acme Packet) SBC, local CDR files.
    case oracleSBC = "oracle-sbc"
    /// Yeti switch, exports of the table `cdr`.
    case yeti
    /// VOS3000 and VOS5000, exports of the table `e_cdr`.
    case vos3000
    /// Sippy softswitch, exports of CDRs.
    case sippy

    /// How the product's files are read.
    public var options: CDROptions {
        var options = CDROptions()
        // These texts are tested to be valid (`PresetTests`).
        options.map = (try? CDRMap(map).lenient) ?? CDRMap()
        options.filter = filter.flatMap { try? CDRFilter($0) }
        return options
    }

    /// The columns, if the file has no header line.
    private var map: String {
        switch self {
        // "Cisco Unified Communications Manager Call Detail Records Administration Guide", CDR field descriptions:
        // https://www.cisco.com/c/en/us/td/docs/voice_ip_comm/cucm/service/14/cdrdef/cucm_b_cdr-admin-guide-14.html
        // `duration` is from connection to disconnection; a time of 0 did not occur.
        case .cucm:
            "id=pkid,account=origDeviceName,setup_at=dateTimeOrigination,answer_at=dateTimeConnect,"
                + "end_at=dateTimeDisconnect,talk=duration,q850=destCause_value,calling=callingPartyNumber,"
                + "called=originalCalledPartyNumber"
        // "Accounting Guide", Local CDR Stop Record: scz900-acct-local-cdr-stop-diameter.html at
        // https://docs.oracle.com/en/industries/communications/session-border-controller/10.1.0/accounting/
        // The account is the ingress realm; addresses in these records are media addresses, which identify no customer.
        case .oracleSBC:
            "id=4,call_id=5,calling=10,called=11,setup_at=14,answer_at=15,end_at=16,q850=17,account=23"
        // yeti-web, app/models/cdr/cdr.rb: https://github.com/yeti-switch/yeti-web
        // One row per route that was tried, of one local tag; customer figures are those of the last.
        case .yeti:
            "id=local_tag,call_id=orig_call_id,account=customer_acc_id,ip=auth_orig_ip,setup_at=time_start,"
                + "answer_at=time_connect,end_at=time_end,talk=duration,code=lega_disconnect_code,q850=lega_q850_cause,"
                + "cost=customer_price,pdd=pdd,calling=src_prefix_in,called=dst_prefix_in,from_domain=from_domain,"
                + "uri_domain=ruri_domain"
        // No public document of the vendor's tells the columns of `e_cdr`. These are the names by which programs read
        // it, 52 in all (callere164, calleraccesse164, ..., endreason, billingtype, cdrlevel, agentcdr_id), the same in
        // each of them. Times are epoch milliseconds, `holdtime` whole seconds of talk. Its codes in `endreason` are
        // its own. The hourly text files (manual of 2.1.8, section 4.4, SS_CDR_RECORD_TO_FILE) have no header line: see
        // docs/your-cdrs.md.
        case .vos3000:
            "id=flowno,account=customeraccount,ip=callerip,setup_at=starttime,end_at=stoptime,talk=holdtime,cost=fee,"
                + "call_id=callercallid,calling=calleraccesse164,called=calleeaccesse164"
        // "XML-RPC API: get CDRs of an account": https://support.sippysoft.com/support/solutions/articles/107367
        // `result` is 0, a SIP code, or below zero a code of its own. Times are as in `09:57:29.000 GMT Wed Mar 18
        // 2026`. That answer has no `disconnect_time`; the table has. What currency `cost` is in is not taken from the
        // row.
        case .sippy:
            "id=i_cdr,call_id=call_id,account=i_account,ip=remote_ip,setup_at=setup_time,answer_at=connect_time,"
                + "end_at=disconnect_time,talk=duration,cost=cost,cause=result,pdd=pdd1xx,calling=cli_in,called=cld_in"
        }
    }

    private var filter: String? {
        switch self {
        // 1 is the end of a call, 0 its beginning, and 2 is about its media.
        case .cucm: "cdrRecordType = 1"
        // The status is a word or its number in RADIUS.
        case .oracleSBC: "#1 in ('Stop', '2')"
        case .yeti, .vos3000, .sippy: nil
        }
    }
}
