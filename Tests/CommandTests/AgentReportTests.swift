import Terminal
import Testing
import Wire

@testable import busyhour

/// HEP agents in `status`.
@Suite struct AgentReportTests {
    private var status: Busyhour_V1_StatusResponse {
        var status = Busyhour_V1_StatusResponse()
        var ahead = Busyhour_V1_HEPAgent()
        (ahead.id, ahead.address, ahead.packets, ahead.state) = (2_002, "198.51.100.7", 1_500, "ahead")
        (ahead.clockOffsetMicros, ahead.correctedByMicros) = (3_600_000_000, -3_600_000_000)
        ahead.movedByMicros = -1_700_000
        ahead.lastPacket = 2_000_000
        var error = Busyhour_V1_HEPError()
        (error.name, error.count, error.at, error.agent) = ("sip_from", 2, 1_000_000, 2_002)
        (error.address, error.source, error.destination) = ("198.51.100.7", "192.0.2.1", "192.0.2.2")
        (error.what, error.remedy) = ("a SIP message without From", "look at its source\u{7}")
        ahead.errors = [error]
        var others = Busyhour_V1_HEPAgent()
        (others.others, others.packets, others.state) = (true, 9, "ok")
        status.agents = [ahead, others]
        return status
    }

    @Test func table() {
        let text = StatusReport(status: status).text(as: .table)
        #expect(
            text.contains(
                "  2002  198.51.100.7  ahead  +3,600.0 s    -3,600.0 s    -1.7 s    1,500       2  1970-01-01 00:00:02Z"
            ),
            "\(text)")
        #expect(
            text.contains(
                "sip_from 2: a SIP message without From; last 1970-01-01 00:00:01Z from agent 2002 at 198.51.100.7 "
                    + "(192.0.2.1 to 192.0.2.2); look at its source"), "\(text)")
        #expect(text.contains("others") && !text.contains("\u{7}"))
        #expect(!StatusReport(status: Busyhour_V1_StatusResponse()).text(as: .table).contains("HEP agents"))
    }

    @Test func json() {
        let text = StatusReport(status: status).json.text
        #expect(
            text.contains(
                #""agents":[{"id":2002,"address":"198.51.100.7","others":false,"state":"ahead","#
                    + #""clock_offset_seconds":3600,"corrected_by_seconds":-3600,"moved_by_seconds":-1.7,"packets":1500,"#
                    + #""last_packet":"1970-01-01T00:00:02Z","errors":[{"name":"sip_from","count":2,"#), "\(text)")
        #expect(text.contains(#"{"id":null,"address":null,"others":true,"state":"ok","clock_offset_seconds":null,"#))
    }
}
