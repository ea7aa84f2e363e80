import Client
import Foundation
import NIOCore
import SwiftProtobuf
import Testing
import Wire

/// A client of a peer that behaves like this, while the test runs.
private func withClient<Result>(
    of behaviour: @escaping FakePeer.Behaviour, _ test: (Client, FakePeer) async throws -> Result
) async throws -> Result {
    let peer = try await FakePeer.start(behaviour)
    let client = try await Client.connect(host: "127.0.0.1", port: peer.port)
    return try await test(client, peer)
}

private func customer(_ id: UInt32) -> Busyhour_V1_GetCustomerRequest { .with { $0.id = id } }

/// The connection is in order: it answers a request for this customer.
private func expectAnswer(to id: UInt32, from client: Client) async throws {
    let answer = try await client.getCustomer(customer(id))
    #expect(answer.customer.id == id)
}

struct ClientAnswerTests {
    @Test func answersOutOfOrderReachTheirCalls() async throws {
        let calls = 200
        let behaviour: FakePeer.Behaviour = { frame, earlier in
            // Answers when all are there, the last first.
            earlier.count == calls - 1 ? ([frame] + earlier.reversed()).map { $0.answeredWithCustomer() } : []
        }
        try await withClient(of: behaviour) { client, _ in
            try await withThrowingTaskGroup(of: (UInt32, UInt32).self) { group in
                for id in 1...UInt32(calls) {
                    group.addTask { (id, try await client.getCustomer(customer(id)).customer.id) }
                }
                for try await (asked, answered) in group { #expect(asked == answered) }
            }
        }
    }

    @Test func answersSplitAtEveryByteAreRead() async throws {
        let behaviour: FakePeer.Behaviour = { frame, _ in
            guard case .write(let bytes) = frame.answeredWithCustomer() else { return [] }
            return bytes.readableBytesView.map { .write(ByteBuffer(bytes: [$0])) }
        }
        try await withClient(of: behaviour) { client, _ in
            for id in 1...20 as ClosedRange<UInt32> {
                try await expectAnswer(to: id, from: client)
            }
        }
    }

    @Test func eachMethodSendsItsNumberAndMessage() async throws {
        let behaviour: FakePeer.Behaviour = { frame, _ in [frame.header()] }
        try await withClient(of: behaviour) { client, peer in
            var events = IngestEventsColumns()
            events.kind = [1]
            var batch = IngestCallsColumns()
            batch.party = [3]
            // In the order of their numbers. All messages but two have something in them.
            let calls: [() async throws -> Void] = [
                { _ = try await client.status() },
                { _ = try await client.createCustomers(.with { $0.dryRun = true }) },
                { _ = try await client.getCustomer(customer(7)) },
                { _ = try await client.listCustomers(.with { $0.limit = 9 }) },
                { [events] in _ = try await client.ingestEvents(events) },
                { [batch] in _ = try await client.ingestCalls(batch) },
                { _ = try await client.ingestHEP(.with { $0.stream = "a" }) },
                { _ = try await client.board(.with { $0.window = "1h" }) },
                { _ = try await client.calls(.with { $0.customerID = 5 }) },
                { _ = try await client.explain(.with { $0.metric = "asr" }) },
                { _ = try await client.metrics(.with { $0.customerID = 6 }) },
                { _ = try await client.finishedCalls(.with { $0.limit = 5 }) },
                { _ = try await client.hello(.with { $0.epoch = 2 }) },
                { _ = try await client.marks(.with { $0.epoch = 2 }) },
                { _ = try await client.editCustomers(.with { $0.idempotencyKey = Data([1]) }) },
                { _ = try await client.deleteCustomers(.with { $0.who = "a" }) },
                { _ = try await client.undo(.with { $0.customerID = 5 }) },
                { _ = try await client.history(.with { $0.customerID = 5 }) },
                { _ = try await client.importCustomers(.with { $0.part = 1 }) },
                { _ = try await client.saveLayout(.with { $0.name = "a" }) },
                { _ = try await client.getLayout(.with { $0.name = "a" }) },
                { _ = try await client.listLayouts(.with { $0.who = "a" }) },
                { _ = try await client.deleteLayout(.with { $0.name = "a" }) },
                { _ = try await client.warnings(.with { $0.customerID = 5 }) },
                { _ = try await client.markWarning(.with { $0.mark = .mute }) },
                { _ = try await client.settings(.with { $0.name = "a" }) },
                { _ = try await client.setSettings(.with { $0.set = ["a=1"] }) },
                { _ = try await client.scheduled(.with { $0.customerID = 5 }) },
                { _ = try await client.who(.with { $0.party.account = "a" }) },
                { _ = try await client.snapshot(.with { $0.backup = true }) },
                { _ = try await client.readBackup(.with { $0.offset = 1 }) },
                { _ = try await client.saveTemplate(.with { $0.who = "a" }) },
                { _ = try await client.getTemplate(.with { $0.name = "a" }) },
                { _ = try await client.listTemplates(.init()) },
                { _ = try await client.deleteTemplate(.with { $0.name = "a" }) },
            ]
            // Else the frames below would be waited for in vain.
            try #require(calls.count == Method.allCases.count, "a method has no call here")
            for call in calls { try await call() }
            var frames = peer.frames.makeAsyncIterator()
            for method in Method.allCases {
                let frame = try #require(await frames.next())
                #expect(frame.header.method == method.rawValue)
                #expect(frame.header.kind == .request)
                #expect((frame.payload.readableBytes == 0) == [.status, .listTemplates].contains(method))
            }
        }
    }

    @Test func moreThanTheSocketTakesIsSentAsItTakesIt() async throws {
        let behaviour: FakePeer.Behaviour = { frame, _ in
            [frame.answered(Busyhour_V1_IngestResponse.with { $0.read = UInt64(frame.payload.readableBytes) })]
        }
        try await withClient(of: behaviour) { client, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        let request = Busyhour_V1_IngestHEPRequest.with {
                            $0.packets = [Data(count: 1_000_000 + index)]
                        }
                        let bytes: [UInt8] = try request.serializedBytes()
                        let answer = try await client.ingestHEP(request)
                        #expect(answer.read == UInt64(bytes.count))
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

struct ClientErrorTests {
    @Test func theServersErrorIsThrown() async throws {
        let behaviour: FakePeer.Behaviour = { frame, _ in
            let error = Busyhour_V1_Error.with {
                $0.code = "NOT_FOUND"
                $0.message = "no customer with id 9"
                $0.details = ["id": "9"]
            }
            return [frame.answered(error, kind: .error)]
        }
        try await withClient(of: behaviour) { client, _ in
            let error = ClientError.server(code: "NOT_FOUND", message: "no customer with id 9", details: ["id": "9"])
            await #expect(throws: error) { try await client.getCustomer(customer(9)) }
        }
    }

    @Test func anAnswerThatCannotBeReadFailsItsCallOnly() async throws {
        let behaviour: FakePeer.Behaviour = { frame, earlier in
            guard earlier.isEmpty else { return [frame.answeredWithCustomer()] }
            return [frame.header(length: 1), .write(ByteBuffer(bytes: [0xFF]))]
        }
        try await withClient(of: behaviour) { client, _ in
            let error = ClientError.protocolViolation("the answer to method 3 is not a busyhour.v1.GetCustomerResponse")
            await #expect(throws: error) { try await client.getCustomer(customer(1)) }
            try await expectAnswer(to: 2, from: client)
        }
    }

    /// Frames that answer nothing that was asked end the connection: this call and the next get the same error.
    @Test(
        arguments: [
            ("HEP port", PeerFault.overLimit), ("never sent", .unknownID), ("as method 4", .otherMethod),
            ("kind 3", .streamItem), ("not a busyhour.v1.Error", .unreadableError),
        ])
    func framesThatMakeNoSenseEndTheConnection(text: String, fault: PeerFault) async throws {
        let behaviour: FakePeer.Behaviour = { frame, _ in
            switch fault {
            case .overLimit: [frame.header(length: FrameHeader.payloadLimit + 1)]
            case .unknownID: [frame.header(id: frame.header.id + 1)]
            case .otherMethod: [frame.header(method: 4)]
            case .streamItem: [frame.header(kind: .streamItem)]
            case .unreadableError:
                [frame.header(length: 1, kind: .error, id: 0), .write(ByteBuffer(bytes: [0xFF]))]
            }
        }
        try await withClient(of: behaviour) { client, _ in
            let error = try #require(
                await #expect(throws: ClientError.self) { try await client.getCustomer(customer(1)) })
            // A first frame of a length that no frame has is another protocol's text.
            let isOther = fault == .overLimit
            let whole = isOther ? "is not a BusyHour RPC port" : "the peer does not speak this protocol"
            #expect(error.description.contains(whole))
            #expect(error.description.contains(text))
            await #expect(throws: error) { try await client.getCustomer(customer(2)) }
        }
    }

    enum PeerFault: Sendable { case overLimit, unknownID, otherMethod, streamItem, unreadableError }

    @Test func theServersErrorAboutTheConnectionReachesEveryCall() async throws {
        let behaviour: FakePeer.Behaviour = { frame, earlier in
            guard earlier.count == 4 else { return [] }
            let refusal = Busyhour_V1_Error.with { $0.code = "TOO_LARGE" }
            return [
                .write((try? FrameEncoder.frame(refusal, method: 0, kind: .error, id: 0)) ?? ByteBuffer()), .close,
            ]
        }
        try await withClient(of: behaviour) { client, _ in
            await withTaskGroup(of: Void.self) { group in
                for id in 1...5 as ClosedRange<UInt32> {
                    group.addTask {
                        await #expect(throws: ClientError.server(code: "TOO_LARGE", message: "", details: [:])) {
                            try await client.getCustomer(customer(id))
                        }
                    }
                }
            }
        }
    }

    @Test func aRequestOverTheLimitIsNotSent() async throws {
        let behaviour: FakePeer.Behaviour = { frame, _ in [frame.answeredWithCustomer()] }
        try await withClient(of: behaviour) { client, _ in
            let request = Busyhour_V1_IngestHEPRequest.with { $0.packets = [Data(count: FrameHeader.payloadLimit)] }
            let error = ClientError.requestTooLong(
                .payloadTooLong(length: FrameHeader.payloadLimit + 5, limit: FrameHeader.payloadLimit))
            await #expect(throws: error) { try await client.ingestHEP(request) }
            try await expectAnswer(to: 3, from: client)
        }
    }
}

struct ClientConnectionTests {
    @Test(arguments: [false, true])
    func aLostConnectionFailsEveryCall(withinAnAnswer: Bool) async throws {
        let behaviour: FakePeer.Behaviour = { frame, earlier in
            if earlier.count < 9 { return [] }
            return withinAnAnswer ? [frame.header(length: 10), .write(ByteBuffer(bytes: [1, 2])), .close] : [.close]
        }
        try await withClient(of: behaviour) { client, peer in
            let reason = "the server closed it" + (withinAnAnswer ? " in the middle of an answer" : "")
            let address = "127.0.0.1:\(peer.port)"
            let error =
                withinAnAnswer
                ? ClientError.connectionLost(address: address, reason: reason)
                : .notBusyHour(address: address, isClosed: true)
            await withTaskGroup(of: Void.self) { group in
                for id in 1...10 as ClosedRange<UInt32> {
                    group.addTask { await #expect(throws: error) { try await client.getCustomer(customer(id)) } }
                }
            }
            // And every later one, at once.
            await #expect(throws: error) { try await client.status() }
            await client.close()
        }
    }

    /// A port that accepts and stays silent, as Redis does when it hears half a command.
    @Test func aSilentPeerIsGivenUp() async throws {
        let peer = try await FakePeer.start { _, _ in [] }
        let client = try await Client.connect(host: "127.0.0.1", port: peer.port, patience: .milliseconds(20))
        let address = "127.0.0.1:\(peer.port)"
        let error = ClientError.silent(address: address, .milliseconds(20), mayBeDone: false)
        await #expect(throws: error) { try await client.status() }
        #expect(
            "\(ClientError.silent(address: address, .seconds(10), mayBeDone: false))"
                == "no answer from \(address) within 10 s; is this BusyHour's --listen port?")
        await client.close()
    }

    @Test(arguments: ["-ERR unknown command\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail.example.com ESMTP\r\n"])
    func otherProtocolsAreTold(greeting: String) async throws {
        let peer = try await FakePeer.start { _, _ in [.write(ByteBuffer(string: greeting)), .close] }
        let client = try await Client.connect(host: "127.0.0.1", port: peer.port)
        let address = "127.0.0.1:\(peer.port)"
        await #expect(throws: ClientError.notBusyHour(address: address, isClosed: false)) { try await client.status() }
        #expect(
            "\(ClientError.notBusyHour(address: address, isClosed: false))"
                == "\(address) is not a BusyHour RPC port (is it the HEP port?)")
        await client.close()
    }

    /// The client does not know whether a lost request was carried out, and says so where it changes something.
    @Test func aLostChangeIsToldAsSuch() async throws {
        let peer = try await FakePeer.start { _, _ in [.close] }
        let client = try await Client.connect(host: "127.0.0.1", port: peer.port)
        let error = ClientError.connectionLost(address: "127.0.0.1:\(peer.port)", reason: "the server closed it")
        await #expect(throws: error) { try await client.createCustomers(.init()) }
        await client.close()
    }

    @Test func nobodyThereIsToldWithTheAddress() async throws {
        let peer = try await FakePeer.start { _, _ in [] }
        try await peer.stop()
        let error = ClientError.cannotReach(
            address: "127.0.0.1:\(peer.port)",
            reason: "connection refused; start busyhourd there, or name the port that it listens on")
        await #expect(throws: error) { try await Client.connect(host: "127.0.0.1", port: peer.port) }
        await #expect(throws: ClientError.self) { try await Client.connect(host: "127.0.0.1", port: 70_000) }
    }

    @Test func aNameWithoutAddressIsTold() async throws {
        let error = ClientError.cannotReach(
            address: "no-such-host.invalid:7878",
            reason: "no address is known for this name; check it, or give the address itself")
        await #expect(throws: error) { try await Client.connect(host: "no-such-host.invalid", port: 7_878) }
    }

    @Test func aCancelledCallIsGivenUpAndItsLateAnswerDropped() async throws {
        let behaviour: FakePeer.Behaviour = { frame, earlier in
            switch frame.header.kind {
            // The answer to the first request comes after it was given up.
            case .cancel: [earlier[0].answeredWithCustomer()]
            default: earlier.isEmpty ? [] : [frame.answeredWithCustomer()]
            }
        }
        try await withClient(of: behaviour) { client, peer in
            var frames = peer.frames.makeAsyncIterator()
            let call = Task { try await client.getCustomer(customer(1)) }
            let request = try #require(await frames.next())
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            let cancel = try #require(await frames.next())
            #expect(cancel.header == FrameHeader(length: 0, method: 3, kind: .cancel, id: request.header.id))
            try await expectAnswer(to: 2, from: client)
        }
    }

    /// Wherever the cancellation meets the call, it ends, with its answer or without.
    @Test func cancellationAtAnyMomentEndsTheCall() async throws {
        let behaviour: FakePeer.Behaviour = { frame, _ in [frame.answeredWithCustomer()] }
        try await withClient(of: behaviour) { client, _ in
            for id in 1...500 as ClosedRange<UInt32> {
                let call = Task { try await client.getCustomer(customer(id)).customer.id }
                if id % 3 == 0 { await Task.yield() }
                call.cancel()
                switch await call.result {
                case .success(let answered): #expect(answered == id)
                case .failure(let error): #expect(error is CancellationError)
                }
            }
            try await expectAnswer(to: 9, from: client)
        }
    }

    @Test func aCallWithoutAnswerTimesOut() async throws {
        let behaviour: FakePeer.Behaviour = { frame, _ in frame.header.method == 3 ? [frame.answeredWithCustomer()] : []
        }
        try await withClient(of: behaviour) { client, peer in
            await #expect(throws: ClientError.timedOut(.milliseconds(2))) {
                try await client.status(timeout: .milliseconds(2))
            }
            // The server is told, and the connection goes on.
            var frames = peer.frames.makeAsyncIterator()
            #expect(await frames.next()?.header.kind == .request)
            #expect(await frames.next()?.header.kind == .cancel)
            let answer = try await client.getCustomer(customer(4), timeout: .seconds(3_600))
            #expect(answer.customer.id == 4)
        }
    }

    @Test func closingWaitsForAnswersAndRefusesNewCalls() async throws {
        let behaviour: FakePeer.Behaviour = { frame, earlier in
            // The first is answered with the second, which is sent before the client closes.
            earlier.count == 1 ? [frame.answeredWithCustomer(), earlier[0].answeredWithCustomer()] : []
        }
        try await withClient(of: behaviour) { client, peer in
            var frames = peer.frames.makeAsyncIterator()
            async let first = client.getCustomer(customer(1))
            _ = await frames.next()
            async let second = client.getCustomer(customer(2))
            _ = await frames.next()
            await client.close()
            let answers = try await [first, second]
            #expect(answers.map(\.customer.id) == [1, 2])
            await #expect(throws: ClientError.closed) { try await client.status() }
            await client.close()
        }
    }
}
