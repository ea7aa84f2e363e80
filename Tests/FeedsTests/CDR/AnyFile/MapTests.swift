import CallEvents
import Testing

@testable import Feeds

/// Which column of a file is which field.
@Suite struct MapTests {
    static func read(
        _ text: String, map: String = "", filter: String? = nil, keep: CDRKeep = .answered, columns: [String] = [],
        durations: CDRDurationUnit? = nil, dispositions: String = "", timeZone: String = "UTC"
    ) throws -> CDRReader {
        var options = CDROptions()
        (options.columns, options.keep, options.durations) = (columns, keep, durations)
        options.map = try CDRMap(map)
        options.dispositions = try CDRDispositions(dispositions)
        options.timeZone = timeZone
        if let filter { options.filter = try CDRFilter(filter) }
        var reader = try CDRReader(format: .csv, options: options, file: "sample")
        Array(text.utf8).withUnsafeBytes { reader.read($0) }
        reader.finish(atEnd: true)
        return reader
    }

    private static let file = """
        Call Ref,Trunk Name,Start,Duration (min),Result,id,cost
        a-1,acme,2026-11-20 10:00:00,1.5,Answered,17,0.10
        a-2,acme,2026-11-20 10:01:00,0,Busy,18,

        """

    @Test(arguments: [
        "id=Call Ref,account=Trunk Name,setup_at=Start,talk=Duration (min),disposition=Result",
        "id=callref,account=TRUNK_NAME,setup_at=start,talk=\"duration (min)\",disposition=RESULT",
        "id=1,account=2,setup_at=3,talk_min=4,disposition=5", "1=id,2=account,3=setup_at,4=talk,5=disposition",
        " id = call-ref , account = 2 , setup_at = Start, talk = 4, disposition = 5 ",
    ])
    func byHeaderAndByNumber(_ map: String) throws {
        var reader = try Self.read(Self.file, map: map)
        #expect(reader.counters.errors == 0, "\(reader.takeErrors())")
        let batch = reader.takeRecords()
        #expect(batch.setupMicros == [1_795_168_800_000_000, 1_795_168_860_000_000])
        #expect(batch.talkMilliseconds[0] == 90_000 && batch.code == [200, 486])
        #expect(batch.parties.map(\.account) == ["acme"])
        // A column that the map does not name goes by its own name, unless the map has another one for that.
        #expect(batch.costMicros == [100_000, CallRecordBatch.untoldCost])
        #expect(batch.details[0].callID == "a-1")
        // The key is that of the mapped column.
        var other = try Self.read(Self.file.replacing(",17,", with: ",99,"), map: map)
        #expect(other.takeRecords().key == batch.key)
    }

    /// Without a header line, and with rows of any number of fields.
    @Test func byNumberAlone() throws {
        let rows = "Start,a,x,1795168800\nStop,a,x,1795168800,1795168810,9,16,more\nStop,b,y,1795168860,,,17\n"
        var reader = try Self.read(
            rows, map: "id=2,account=3,setup_at=4,end_at=5,talk=6,q850=7", filter: "#1 = 'stop'")
        #expect(reader.counters.notCallsByName == [.filtered: 1] && reader.counters.errors == 0)
        let batch = reader.takeRecords()
        #expect(batch.talkMilliseconds[0] == 9_000 && batch.q850 == [16, 17] && batch.count == 2)
        var short = try Self.read("a,x,1795168800,1\nb,x\n", map: "id=1,account=2,setup_at=3,talk=4")
        #expect(short.takeErrors().map(\.name) == [.fields] && short.takeRecords().count == 1)
    }

    @Test(arguments: [
        ("id", "two sides"), ("id=", "two sides"), ("ident=a", "no field 'ident'"), ("id=a,id=b", "second time"),
        ("id=a,account=a", "second time"), ("id=0", "column 0"), ("id=\"a", "not closed"),
        ("id=1,account=2", "lacks a start time"), ("setup_at=1", "lacks an end time"), ("header_name=a", "no field"),
    ])
    func mapsThatCannotBe(_ map: String, _ hint: String) throws {
        let error = #expect(throws: CDRUsageError.self) {
            var options = CDROptions()
            options.map = try CDRMap(map)
            _ = try CDRReader(format: .csv, options: options, file: "f")
        }
        #expect(error?.message.contains(hint) == true, "\(error?.message ?? "")")
    }

    /// The file's own columns are named, and nothing else of the file is read.
    @Test(arguments: [
        ("id=ref,setup_at=Start,talk=4", "no column 'ref'"), ("id=1,setup_at=Begin,talk=4", "no column 'Begin'"),
        ("id=1,setup_at=Start,talk=9", "no column 9"), ("id=Call Ref,setup_at=3", "lacks an end time"),
    ])
    func columnsThatTheFileHasNot(_ map: String, _ hint: String) throws {
        var reader = try Self.read(Self.file.replacing("Duration (min)", with: "Length"), map: map)
        let errors = reader.takeErrors()
        #expect(errors.map(\.name) == [.map] && errors.first?.message.contains(hint) == true, "\(errors)")
        #expect(reader.takeRecords().count == 0 && Consistency.holds(reader.counters))
        if hint.contains("'") { #expect(errors.first?.message.contains("'Trunk Name'") == true, "\(errors)") }
    }

    @Test func titlesThatAreThereTwice() throws {
        let file = "Ref,Time,Time,Talk\na,1795168800,1795168810,5\n"
        var reader = try Self.read(file, map: "id=Ref,setup_at=time,talk=Talk")
        #expect(reader.takeErrors().first?.message.contains("columns 2 and 3") == true)
        var named = try Self.read(file, map: "id=Ref,setup_at=2,answer_at=3,talk=Talk")
        #expect(named.takeRecords().answerMilliseconds == [10_000])
    }

    /// `setup_at=a,answer_at=a`: refused; over named columns a map goes by those.
    @Test func overNamedColumns() throws {
        var reader = try Self.read(
            "x,1795168800,5\n", map: "id=first,setup_at=second,talk=third", columns: ["first", "second", "third"])
        #expect(reader.takeRecords().talkMilliseconds == [5_000])
        #expect(throws: CDRUsageError.self) {
            try Self.read("", map: "id=first,setup_at=nothing,talk=third", columns: ["first", "second", "third"])
        }
    }

    @Test func onlyCSVHasAMap() throws {
        var options = CDROptions()
        options.map = try CDRMap("id=1,setup_at=2,talk=3")
        #expect(throws: CDRUsageError.self) { try CDRReader(format: .asterisk, options: options, file: "f") }
        #expect(throws: CDRUsageError.self) { try CDRReader(format: .freeswitchJSON, options: options, file: "f") }
    }

    @Test func whatACallClaims() throws {
        var reader = try Self.read(
            """
            ref,src,dialled,Start,talk,From,r,tgrp,pai,header_X-Customer,contact_domain
            a,203.0.113.7:5074,9911#4930,1795168800,5,sip:alice@ACME.example:5060,gw.example,t1,<sip:+49@a.example>,acme,
            b,[2001:db8::1]:5060,4930,1795168800,5,acme.example,,,+4930;+4931,,
            c,203.0.113.7,,1795168800,5,,,,,,

            """, map: "id=ref,ip=src,called=dialled,setup_at=Start,from_domain=From,uri_domain=r")
        let batch = reader.takeRecords()
        #expect(reader.counters.errors == 0 && batch.parties.count == 3)
        #expect(
            batch.parties[0]
                == Party(
                    source: IPAddress("203.0.113.7"),
                    claims: PartyClaims(
                        sourcePort: 5074, called: "9911#4930", fromDomain: "acme.example", uriDomain: "gw.example",
                        trunkGroup: "t1", assertedIdentities: ["+49", "a.example"],
                        headers: [.init(name: "x-customer", value: "acme")])))
        #expect(
            batch.parties[1].claims
                == PartyClaims(
                    sourcePort: 5060, called: "4930", fromDomain: "acme.example",
                    assertedIdentities: ["+4930", "+4931"]))
        #expect(batch.parties[2].claims == nil)
    }

    /// A restart in the middle of a file knows the map's columns again.
    @Test func goesOnAfterARestart() throws {
        var options = CDROptions()
        options.map = try CDRMap("id=Call Ref,setup_at=Start,talk=Duration (min),account=Trunk Name")
        var whole = try CDRReader(format: .csv, options: options, file: "f")
        var first = whole
        let bytes = Array(Self.file.utf8)
        let cut = bytes.firstIndex(of: 10)! + 1
        bytes.withUnsafeBytes { whole.read($0) }
        whole.finish(atEnd: true)
        bytes[..<cut].withUnsafeBytes { first.read($0) }
        var second = try CDRReader(format: .csv, options: options, file: "f")
        second.resume(first.state)
        bytes[cut...].withUnsafeBytes { second.read($0) }
        second.finish(atEnd: true)
        #expect(second.takeRecords().key == whole.takeRecords().key && second.counters.errors == 0)
    }
}
