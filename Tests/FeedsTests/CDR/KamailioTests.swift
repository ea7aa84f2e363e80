import CallEvents
import Foundation
import Testing

@testable import Feeds

/// The accounting rows of a real Kamailio, and rows written by hand.
@Suite struct KamailioTests {
    @Test(arguments: ["kamailio-acc.log", "kamailio-acc-db.csv"])
    func sample(_ name: String) throws {
        let truth = try Sample.truth("kamailio-acc.log")
        var reader = try Sample.read(Sample.bytes(name), .kamailioAcc)
        var switchboard = NaiveSwitchboard()
        switchboard.add(reader.takeEvents())
        let board = switchboard.board { $0.source?.description ?? "" }
        #expect(reader.counters.errors == 0 && reader.counters.calls == 474)
        let customers = try #require(truth.customers)
        #expect(Set(board.keys) == Set(customers.keys))
        for (customer, figures) in customers {
            let tally = board[customer] ?? Tally()
            #expect(tally.attempts == figures.attempts, "\(customer)")
            #expect(tally.answered == figures.answered, "\(customer)")
            #expect(tally.ended == figures.completed, "\(customer)")
            let codes = try #require(figures.codes)
            #expect(tally.codes == Dictionary(uniqueKeysWithValues: codes.map { (Int($0.key) ?? -1, $0.value) }))
            // Whole seconds: each call is uncertain by less than 1 s; a BYE without answer is logged 3 s late.
            let allowed = 3 * Double(tally.ended).squareRoot() / 2 + 3 * Double(figures.byeGivenUpBySwitch ?? 0) + 1
            let seconds = Double(tally.talkMilliseconds) / 1000
            #expect(abs(seconds - (figures.durationSSumTrue ?? 0)) <= allowed, "\(customer)")
        }
    }

    @Test func bothLayoutsGiveTheSameEvents() throws {
        var flat = try Sample.read(Sample.bytes("kamailio-acc.log"), .kamailioAcc)
        var table = try Sample.read(Sample.bytes("kamailio-acc-db.csv"), .kamailioAcc)
        let (one, other) = (flat.takeEvents(), table.takeEvents())
        #expect(one.key == other.key && one.timeMicros == other.timeMicros && one.kind == other.kind)
        #expect(one.parties == other.parties && one.party == other.party && one.code == other.code)
    }

    /// With acc's `early_media` 18x are rows as well; they decide nothing.
    @Test func provisionalRows() throws {
        var reader = try Sample.read(
            """
            INVITE|a||c|183|Session Progress|1795387050|192.0.2.1|u|1|1
            INVITE|a|b|c|486|Busy Here|1795387051|192.0.2.1|u|1|1

            """, .kamailioAcc)
        #expect(reader.takeEvents().kind == [.setupUntimed, .failure] && reader.counters.errors == 0)
    }

    /// Several processes write: within a second the rows stand in any order.
    @Test func rowsOfOneSecondInAnyOrder() throws {
        let rows = [
            "INVITE|a|x|c|401|Unauthorized|1795387050|192.0.2.1|u|1|1",
            "INVITE|a|y|c|302|Moved|1795387050|192.0.2.1|u|1|1",
            "INVITE|a|z|c|486|Busy Here|1795387050|192.0.2.1|u|1|1",
        ]
        for order in [[0, 1, 2], [0, 2, 1], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            var reader = try Sample.read(order.map { rows[$0] + "\n" }.joined(), .kamailioAcc)
            let batch = reader.takeEvents()
            #expect(batch.code.last == 486 && reader.counters.calls == 1, "\(order)")
        }
    }

    /// The callee's re-INVITE stands before the INVITE; with `detect_direction` its tags are turned, else not.
    @Test func reInviteInTheSecondOfTheAnswer() throws {
        for tags in ["a|b", "b|a"] {
            var reader = try Sample.read(
                """
                INVITE|\(tags)|c|200|OK|1795387050|203.0.113.1|u|1|1
                INVITE|a|b|c|200|OK|1795387050|192.0.2.1|u|1|1
                INVITE|a|b|c|200|OK|1795387050|192.0.2.1|u|1|1
                INVITE|\(tags)|c|200|OK|1795387051|203.0.113.1|u|1|1

                """, .kamailioAcc)
            let batch = reader.takeEvents()
            #expect(batch.kind == [.setupUntimed, .answer, .setupUntimed, .setupUntimed] && Set(batch.key).count == 1)
            #expect(batch.party == [0, CallEventBatch.noParty, 1, 1] && reader.counters.calls == 1)
        }
    }

    @Test func challengeAndRedirectionAreOneAttempt() throws {
        var reader = try Sample.read(
            """
            INVITE|a|x|c|401|Unauthorized|1795387050|192.0.2.1|u|1|1
            INVITE|a|y|c|302|Moved|1795387051|192.0.2.1|u|1|1
            INVITE|a|z|c|200|OK|1795387052|192.0.2.1|u|1|1

            """, .kamailioAcc)
        let batch = reader.takeEvents()
        #expect(batch.kind == [.setupUntimed, .failure, .setupUntimed, .failure, .setupUntimed, .answer])
        #expect(batch.sequence == [1, 1, 2, 2, 3, 3])
        #expect(batch.code == [0, 401, 0, 302, 0, 200])
        #expect(Set(batch.key).count == 1 && batch.parties.count == 1)
        #expect(reader.counters.calls == 1 && reader.counters.continued == 2)
    }

    /// A re-INVITE from no address is one row: it was counted as gone on and as an error.
    @Test func aReInviteThatCannotBeReadIsCountedOnce() throws {
        let reader = try Sample.read(
            """
            INVITE|a|b|c|200|OK|1795387050|203.0.113.1|u|1|1
            INVITE|a|b|c|200|OK|1795387050|203.0.113|u|1|1

            """, .kamailioAcc)
        #expect(reader.counters.rows == 2 && reader.counters.calls == 1)
        #expect(reader.counters.continued == 0 && reader.counters.errorsByName == [.address: 1])
    }

    @Test func reInvitesOfEitherSideAreNothingNew() throws {
        var reader = try Sample.read(
            """
            INVITE|a|b|c|200|OK|1795387050|192.0.2.1|u|1|1
            INVITE|a|b|c|200|OK|1795387055|192.0.2.1|u|1|1
            INVITE|b|a|c|488|No|1795387056|198.51.100.9|v|1|1
            INVITE|a|b|c|302|Late row|1795387050|192.0.2.1|u|1|1
            BYE|b|a|c|200|OK|1795387060|198.51.100.9|v|1|1

            """, .kamailioAcc)
        let batch = reader.takeEvents()
        #expect(batch.kind == [.setupUntimed, .answer, .end])
        #expect(Set(batch.key).count == 1)
        #expect(batch.timeMicros.last == 1_795_387_060_000_000)
    }

    /// An export sorted by anything: the BYE before its INVITE, the answer before the challenge.
    @Test func rowsInAnyOrder() throws {
        let rows = [
            "INVITE|a|x|c|407|Proxy|1795387050|192.0.2.1|u|1|1\n", "INVITE|a|b|c|200|OK|1795387070|192.0.2.1|u|1|1\n",
            "INVITE|a|b|c|200|OK|1795387900|192.0.2.1|u|1|1\n", "BYE|b|a|c|200|OK|1795389000|198.51.100.9|v|1|1\n",
        ]
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1], [1, 3, 0, 2]] {
            var reader = try Sample.read(order.map { rows[$0] }.joined(), .kamailioAcc)
            let batch = reader.takeEvents()
            #expect(batch.kind == [.setupUntimed, .failure, .setupUntimed, .answer, .end], "\(order)")
            #expect(Set(batch.key).count == 1 && reader.counters.calls == 1 && reader.counters.continued == 3)
            #expect(batch.timeMicros.last == 1_795_389_000_000_000)
        }
    }

    /// Rows wait while the file is followed: for two pauses of it, or until so many rows came.
    @Test func rowsThatWait() throws {
        var reader = try CDRReader(format: .kamailioAcc, columns: [], timeZone: "UTC", file: "f")
        func add(_ text: String) { Array(text.utf8).withUnsafeBytes { reader.read($0) } }
        let first = "INVITE|a|b|c|200|OK|1795387050|192.0.2.1|u|1|1\n"
        add(first)
        reader.finish(atEnd: false)
        #expect(reader.takeEvents().count == 0 && reader.state.offset == 0 && Consistency.holds(reader.counters))
        reader.finish(atEnd: false)
        #expect(reader.takeEvents().kind == [.setupUntimed, .answer] && reader.state.offset == Int64(first.utf8.count))
        add(first.replacing("|c|", with: "|d|"))
        for number in 0...CDRLimits.heldRows { add("CANCEL|a||\(number)|200|OK|1795387050|192.0.2.1|u|1|1\n") }
        add("BYE|a|b|c|200|OK|1795387060|192.0.2.1|u|1|1\n")
        let (batch, offsets) = reader.takePlacedEvents()
        #expect(
            batch.kind == [.setupUntimed, .answer] && offsets == [Int64(first.utf8.count), Int64(first.utf8.count)])
        reader.finish(atEnd: true)
        #expect(reader.takeEvents().kind == [.end] && reader.counters.calls == 2 && Consistency.holds(reader.counters))
    }

    /// A call that was over within its second: the BYE is after the answer, wherever it stands.
    @Test func aCallOfASecond() throws {
        let rows = [
            "INVITE|a|b|c|200|OK|1795387050|192.0.2.1|u|1|1\n", "BYE|a|b|c|200|OK|1795387050|192.0.2.1|u|1|1\n",
        ]
        for order in [rows, rows.reversed()] {
            var reader = try Sample.read(order.joined(), .kamailioAcc)
            let batch = reader.takeEvents()
            #expect(batch.kind == [.setupUntimed, .answer, .end] && Set(batch.key).count == 1)
        }
    }

    /// Each event has the line of its row, in every batch.
    @Test func linesOfEvents() throws {
        var reader = try CDRReader(format: .kamailioAcc, columns: [], timeZone: "UTC", file: "f")
        for number in 1...3 {
            let row = "INVITE|a|b|c\(number)|486|Busy|1795387050|192.0.2.1|u|1|1\n"
            Array(row.utf8).withUnsafeBytes { reader.read($0) }
            reader.finish(atEnd: true)
            #expect(reader.eventLines == [UInt32(number), UInt32(number)])
            let (batch, offsets) = reader.takePlacedEvents()
            let offset = Int64((number - 1) * row.utf8.count)
            #expect(batch.count == 2 && offsets == [offset, offset])
            #expect(reader.eventLines.isEmpty)
        }
    }

    @Test func byeOfAnUnknownCallIsToldInBothReadings() throws {
        var reader = try Sample.read("BYE|b|a|c|200|OK|1795387060|198.51.100.9|v|1|1\n", .kamailioAcc)
        var other = try Sample.read("INVITE|a|b|c|200|OK|1795387050|192.0.2.1|u|1|1\n", .kamailioAcc)
        let ends = reader.takeEvents()
        #expect(Set(ends.kind) == [.end] && Set(ends.key).count == 10, "both directions, the last five hours")
        #expect(ends.key.contains(other.takeEvents().key[0]))
    }

    @Test func badRowsAreNamed() throws {
        var reader = try Sample.read(
            """
            INVITE|a|b|c|2x0|OK|1795387050|192.0.2.1|u|1|1
            INVITE|a|b|c|200|OK|when|192.0.2.1|u|1|1
            INVITE|a|b||200|OK|1795387050|192.0.2.1|u|1|1
            INVITE|a|b|c|200|OK|1795387050|gateway|u|1|1
            INVITE|a|b|c|200
            CANCEL|a||c|200|OK|1795387050|192.0.2.1|u|1|1

            """, .kamailioAcc)
        #expect(reader.takeErrors().map(\.name) == [.number, .time, .missingKey, .address, .fields])
        #expect(reader.takeEvents().count == 0)
        #expect(reader.counters.notCalls == 1)
    }
}
