// One table from the method of a frame to what answers it. A new kind of request is a line here and a function in the
// file of its family (`EngineHost+....swift`).

import NIOCore
import SwiftProtobuf
import Wire

struct RequestTable {
    /// Reads a request, does what it asks and appends the frame of the answer; appends nothing when it throws.
    typealias Answer = (
        _ host: EngineHost, _ request: Frame, _ now: Int64, _ output: inout ByteBuffer
    ) throws(RequestError) -> Void

    /// The same for what takes the disk's time, or more than one turn of the loop: the whole frame of the answer comes later, on the engine's loop.
    typealias LateAnswer = (_ host: EngineHost, _ request: Frame, _ now: Int64) throws(RequestError) -> EventLoopFuture<
        ByteBuffer
    >

    /// Indexed by the method's number.
    private let answers: [Answer?]
    private let lateAnswers: [Method: LateAnswer]

    init() {
        var table: [Method: Answer] = [:]
        table[.status] = Self.answer { (host, _: Busyhour_V1_StatusRequest, now) in host.status(now: now) }

        table[.createCustomers] = Self.answer(of: EngineHost.checkCustomerCount, .knownFields) {
            host, request, now throws(RequestError) in
            try host.createCustomers(request, now: now)
        }
        table[.getCustomer] = Self.answer { host, request, now throws(RequestError) in
            try host.getCustomer(request, now: now)
        }
        table[.listCustomers] = Self.writeAnswer { host, request, now, message throws(RequestError) in
            try host.listCustomers(request, now: now, to: &message)
        }

        table[.editCustomers] = Self.answer(.knownFields) { host, request, now throws(RequestError) in
            try host.editCustomers(request, now: now)
        }
        table[.deleteCustomers] = Self.answer(.knownFields) { host, request, now throws(RequestError) in
            try host.deleteCustomers(request, now: now)
        }
        table[.undo] = Self.answer(.knownFields) { host, request, now throws(RequestError) in
            try host.undo(request, now: now)
        }
        table[.history] = Self.answer { host, request, _ throws(RequestError) in try host.history(request) }
        table[.scheduled] = Self.answer { host, request, now throws(RequestError) in
            try host.scheduled(request, now: now)
        }

        table[.importCustomers] = Self.answerOctets { host, payload, now throws(RequestError) in
            try host.importCustomers(payload, now: now)
        }

        table[.saveLayout] = Self.answer { host, request, now throws(RequestError) in
            try host.saveLayout(request, now: now)
        }
        table[.getLayout] = Self.answer { host, request, _ throws(RequestError) in try host.getLayout(request) }
        table[.listLayouts] = Self.answer { host, request, _ throws(RequestError) in try host.listLayouts(request) }
        table[.deleteLayout] = Self.answer { host, request, now throws(RequestError) in
            try host.deleteLayout(request, now: now)
        }

        table[.saveTemplate] = Self.answer { host, request, now throws(RequestError) in
            try host.saveTemplate(request, now: now)
        }
        table[.getTemplate] = Self.answer { host, request, _ throws(RequestError) in try host.getTemplate(request) }
        table[.listTemplates] = Self.answer { host, request, _ throws(RequestError) in
            try host.listTemplates(request)
        }
        table[.deleteTemplate] = Self.answer { host, request, now throws(RequestError) in
            try host.deleteTemplate(request, now: now)
        }

        table[.warnings] = Self.answer { host, request, now throws(RequestError) in
            try host.warnings(request, now: now)
        }
        table[.markWarning] = Self.answer { host, request, now throws(RequestError) in
            try host.markWarning(request, now: now)
        }
        table[.settings] = Self.answer { host, request, _ throws(RequestError) in try host.settings(request) }
        table[.setSettings] = Self.answer { host, request, now throws(RequestError) in try host.set(request, now: now) }

        table[.ingestEvents] = Self.answerOctets { host, payload, now throws(RequestError) in
            try host.ingestEvents(payload, now: now)
        }
        table[.ingestCalls] = Self.answerOctets { host, payload, now throws(RequestError) in
            try host.ingestCalls(payload, now: now)
        }
        table[.ingestHEP] = Self.answer { host, request, now throws(RequestError) in
            try host.ingestHEP(request, now: now)
        }

        table[.calls] = Self.answer { host, request, now throws(RequestError) in try host.calls(request, now: now) }
        table[.explain] = Self.answer { host, request, now throws(RequestError) in try host.explain(request, now: now) }

        table[.metrics] = Self.answer { host, request, now throws(RequestError) in try host.metrics(request, now: now) }

        table[.hello] = Self.answer { host, request, now throws(RequestError) in try host.hello(request, now: now) }
        table[.marks] = Self.answer { host, request, _ throws(RequestError) in try host.marks(request) }

        lateAnswers = [
            .snapshot: Self.answerLate { host, request, now throws(RequestError) in
                try host.snapshot(request, now: now)
            },
            .who: Self.answerLate { host, request, _ throws(RequestError) in try host.who(request) },
            .readBackup: Self.answerLate { host, request, _ throws(RequestError) in try host.readBackup(request) },
            .finishedCalls: Self.answerLate { host, request, now throws(RequestError) in
                try host.finishedCalls(request, now: now)
            },
        ]
        let last = table.keys.map { Int($0.rawValue) }.max() ?? 0
        answers = (0...last).map { number in Method(rawValue: UInt16(number)).flatMap { table[$0] } }
    }

    /// Whether an answer may show what is stored of customers, which must be on the disk before anybody sees it. Figures of
    /// calls are not: they may be lost for some seconds, and do not wait for a slow disk.
    func showsCustomers(_ method: UInt16) -> Bool {
        switch Method(rawValue: method) {
        case .status, .createCustomers, .getCustomer, .listCustomers, .board, .explain, .calls, .metrics,
            .editCustomers,
            .deleteCustomers, .undo, .history, .scheduled, .who, .importCustomers, .saveLayout, .getLayout,
            .listLayouts,
            .deleteLayout,
            .saveTemplate, .getTemplate, .listTemplates, .deleteTemplate, .warnings, .markWarning, .settings,
            .setSettings:
            true
        case .ingestEvents, .ingestCalls, .ingestHEP, .hello, .marks, .snapshot, .readBackup, .finishedCalls, nil: false
        }
    }

    /// Whether it is the board's queue that answers (`BoardQueue`).
    func isBoard(_ method: UInt16) -> Bool { method == Method.board.rawValue }

    /// What answers the method of this number at once; nil where there is none.
    func answer(to method: UInt16) -> Answer? {
        Int(method) < answers.count ? answers[Int(method)] : nil
    }

    func lateAnswer(to method: UInt16) -> LateAnswer? { Method(rawValue: method).flatMap { lateAnswers[$0] } }

    private static func answerLate<Request: Message, Response: Message>(
        _ work: @escaping (EngineHost, Request, Int64) throws(RequestError) -> EventLoopFuture<Response>
    ) -> LateAnswer {
        { host, frame, now throws(RequestError) in
            let request: Request = try read(frame)
            let header = frame.header
            return try work(host, request, now).flatMapThrowing { response in
                var output = ByteBuffer()
                try append(response, to: header, &output)
                return output
            }
        }
    }

    private static func read<Request: Message>(
        _ frame: Frame, _ options: BinaryDecodingOptions = BinaryDecodingOptions()
    ) throws(RequestError) -> Request {
        do {
            return try Request(serializedBytes: frame.payload.readableBytesSpan, options: options)
        } catch {
            throw RequestError(.malformed, "the payload is not a message \(Request.protoMessageName)")
        }
    }

    /// From a function of messages.
    /// - Parameters:
    ///   - check: looks at the payload before a message is made of it.
    ///   - options: `.knownFields` where the request is compared with others.
    private static func answer<Request: Message, Response: Message>(
        of check: @escaping (ByteBuffer) throws(RequestError) -> Void = { _ throws(RequestError) in },
        _ options: BinaryDecodingOptions = BinaryDecodingOptions(),
        _ work: @escaping (EngineHost, Request, Int64) throws(RequestError) -> Response
    ) -> Answer {
        { host, frame, now, output throws(RequestError) in
            try check(frame.payload)
            let request: Request = try read(frame, options)
            try append(try work(host, request, now), to: frame.header, &output)
        }
    }

    /// From a function that reads the payload's columns where they stand.
    private static func answerOctets<Response: Message>(
        _ work: @escaping (EngineHost, ByteBuffer, Int64) throws(RequestError) -> Response
    ) -> Answer {
        { host, frame, now, output throws(RequestError) in
            try append(try work(host, frame.payload, now), to: frame.header, &output)
        }
    }

    /// From a function that writes the octets of the answer's message.
    private static func writeAnswer<Request: Message>(
        _ work: @escaping (EngineHost, Request, Int64, inout MessageOctets) throws(RequestError) -> Void
    ) -> Answer {
        { host, frame, now, output throws(RequestError) in
            let request: Request = try read(frame)
            var message = MessageOctets()
            try work(host, request, now, &message)
            do {
                try FrameEncoder.append(
                    message, method: frame.header.method, kind: .response, id: frame.header.id, to: &output)
            } catch {
                throw RequestError(.tooLarge, "the answer is too long: \(error)")
            }
        }
    }

    private static func append(
        _ response: some Message, to request: FrameHeader, _ output: inout ByteBuffer
    ) throws(RequestError) {
        do {
            try FrameEncoder.append(response, method: request.method, kind: .response, id: request.id, to: &output)
        } catch {
            throw RequestError(.tooLarge, "the answer is too long: \(error)")
        }
    }
}

extension BinaryDecodingOptions {
    /// Without what only newer clients know.
    static var knownFields: BinaryDecodingOptions {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        return options
    }
}
