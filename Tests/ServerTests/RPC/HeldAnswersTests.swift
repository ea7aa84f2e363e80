// An answer, once received, survives a loss of power: while the disk stands, nothing that shows a change leaves the
// server, whatever else is asked with it, behind it, and on other connections.

import NIOCore
import SwiftProtobuf
import Testing
import Wire

@testable import Server

@Suite struct HeldAnswersTests {
    private func edit(_ channels: Int, id: UInt32 = 1) throws -> [UInt8] {
        var edit = Busyhour_V1_EditCustomersRequest()
        edit.selection.ids = [1]
        edit.set = ["channels=\(channels)"]
        return rawFrame(Method.editCustomers.rawValue, id: id, payload: try edit.serializedBytes())
    }

    private func list(id: UInt32) throws -> [UInt8] {
        let list = Busyhour_V1_ListCustomersRequest.with { $0.limit = 1_000 }
        return rawFrame(Method.listCustomers.rawValue, id: id, payload: try list.serializedBytes())
    }

    /// Every method, asked for nothing in particular, and what most of them answer.
    private func questions() throws -> [(method: Method, payload: [UInt8])] {
        let boards: [Busyhour_V1_BoardRequest] = [
            .with { $0.columns = ["name", "channels"] }, .with { $0.where = "nothing = 1" },
            .with { $0.where = "id <" },
        ]
        let explain = Busyhour_V1_ExplainRequest.with { ($0.metric, $0.customerID) = ("asr", 1) }
        let who = Busyhour_V1_WhoRequest.with { $0.party.called = "49" }
        let first = Busyhour_V1_GetCustomerRequest.with { $0.id = 1 }
        let metrics = Busyhour_V1_MetricsRequest.with { $0.customerID = 1 }
        return try Method.allCases.map { ($0, []) }
            + boards.map { (.board, try $0.serializedBytes()) } + [
                (.explain, try explain.serializedBytes()), (.who, try who.serializedBytes()),
                (.getCustomer, try first.serializedBytes()), (.metrics, try metrics.serializedBytes()),
            ]
    }

    /// In one read with the change, answered at once, later, by a thread, with an error or not at all.
    @Test(arguments: [0, 1_000_000])
    func nothingLeavesWithAChange(customersAtOnce: Int) throws {
        let server = try SimulatedServer(customersAtOnce: customersAtOnce)
        defer { server.stop() }
        let client = try server.connect()
        try client.create(1)
        for (number, question) in try questions().enumerated() {
            let label: Comment = "\(question.method) \(question.payload)"
            server.disk.stand()
            client.send(try edit(number + 1) + rawFrame(question.method.rawValue, id: 2, payload: question.payload))
            #expect(client.received().map(\.id) == [], label)
            // What comes later waits behind it.
            client.send(rawFrame(999, id: 3))
            #expect(client.received().map(\.id) == [], label)
            server.disk.goOn()
            let answers = client.frames(3)
            #expect(answers.first?.id == 1 && answers.first?.kind == 1, label)
            #expect(answers.map(\.id).sorted() == [1, 2, 3], label)
        }
    }

    /// What shows customers waits on every connection; what shows calls at most does not.
    @Test(arguments: [0, 1_000_000])
    func otherConnectionsSeeNothingEarlier(customersAtOnce: Int) throws {
        let server = try SimulatedServer(customersAtOnce: customersAtOnce)
        defer { server.stop() }
        let (first, second) = (try server.connect(), try server.connect())
        try first.create(1)
        var held: Set<Method> = []
        for (number, question) in try questions().enumerated() {
            let request = rawFrame(question.method.rawValue, id: 2, payload: question.payload)
            let table = server.host.table
            // An error shows nothing. Files wait for the disk anyway, and the hour of the answer is not this one's.
            second.send(request)
            let isFile = [.snapshot, .readBackup].contains(question.method)
            guard try #require(second.frames(1).first).kind == 1, !isFile else { continue }
            server.becomeDurable()
            server.disk.stand()
            first.send(try edit(number + 1))
            #expect(first.received().isEmpty)
            second.send(request)
            if table.row(question.method.rawValue)?.shows == .customers {
                // The thread of boards is done when an answer that waits for nothing has come by it.
                let third = try server.connect()
                third.send(rawFrame(Method.finishedCalls.rawValue, id: 9))
                #expect(third.frames(1).first?.id == 9)
                #expect(second.received().map(\.id) == [], "\(question.method)")
                held.insert(question.method)
                server.disk.goOn()
                #expect(second.frames(1).first?.kind == 1, "\(question.method)")
            } else {
                #expect(second.frames(1).first?.kind == 1, "\(question.method)")
                server.disk.goOn()
            }
            #expect(first.frames(1).first?.kind == 1, "\(question.method)")
        }
        #expect(held.isSuperset(of: [.status, .getCustomer, .listCustomers, .history, .board, .calls, .who, .metrics]))
        #expect(held.isSuperset(of: [.scheduled, .listLayouts, .listTemplates, .warnings, .settings, .explain]))
    }

    /// Held again and again, more than may be held at a time in all: each time is a new beginning.
    @Test func whatWasHeldIsGivenBack() throws {
        let server = try SimulatedServer(segmentBytes: 16 << 20)
        defer { server.stop() }
        let client = try server.connect()
        try client.create(300, notes: 2_000)
        for round in 1...8 {
            server.disk.stand()
            client.send(try edit(round) + list(id: 2))
            #expect(client.received().isEmpty)
            server.disk.goOn()
            let answers = client.frames(2)
            #expect(answers.map(\.id) == [1, 2], "round \(round)")
            #expect(answers.last?.payload.count ?? 0 > 600_000)
        }
    }

    /// A client that asks on while the disk stands costs no more than one that does not read its answers.
    @Test func answersThatAreHeldHaveABound() throws {
        let server = try SimulatedServer(segmentBytes: 16 << 20)
        defer { server.stop() }
        let client = try server.connect()
        try client.create(300, notes: 2_000)
        let before = server.host.requests
        server.disk.stand()
        var asked = try edit(1)
        for id in 2...40 as ClosedRange<UInt32> { asked += try list(id: id) }
        client.send(asked)
        #expect(client.received().isEmpty)
        let answered = Int(server.host.requests - before)
        #expect(answered >= 2 && answered <= 2 + Limits.outputBytes / 600_000, "\(answered) answers are held")
        server.disk.goOn()
        #expect(client.frames(40).map(\.id) == Array(1...40))
    }

    /// It ends after the last answer, held ones and late ones included, and not before.
    @Test func aConnectionThatEndsSendsWhatItHolds() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        try client.create(1)
        server.disk.stand()
        // A change, a late answer, and what is no frame.
        client.send(
            try edit(1) + rawFrame(Method.finishedCalls.rawValue, id: 2) + [1, 0, 0, 1, 1, 0, 0, 0, 4, 0, 0, 0])
        let other = try server.connect()
        other.send(rawFrame(Method.finishedCalls.rawValue, id: 9))
        #expect(other.frames(1).first?.id == 9)
        #expect(client.received().isEmpty && !client.channel.isOutputClosed)
        server.disk.goOn()
        #expect(client.frames(3).map(\.id) == [1, 0, 2])
        #expect(client.channel.isOutputClosed && client.channel.isActive)
        // The server does not wait long for a client that does not end its connection.
        server.loop.advance(by: Limits.drain - .nanoseconds(1))
        #expect(client.channel.isActive)
        server.loop.advance(by: .nanoseconds(1))
        #expect(!client.channel.isActive)
    }

    /// A connection that is gone waits for nothing, and the others for theirs.
    @Test func whoeverIsGoneIsNotWaitedFor() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let (gone, stays) = (try server.connect(), try server.connect())
        try gone.create(1)
        server.disk.stand()
        gone.send(try edit(1))
        stays.send(try edit(2))
        gone.channel.end()
        server.disk.goOn()
        #expect(stays.frames(1).first?.kind == 1)
        server.becomeDurable()
        #expect(gone.received().isEmpty && server.host.connections.count == 1)
    }
}
