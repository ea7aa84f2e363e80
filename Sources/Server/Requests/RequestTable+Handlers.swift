// From functions of messages, payloads and answers' bytes to the table's handlers.

import NIOCore
import SwiftProtobuf
import Wire

extension RequestTable {
    /// From a function of messages.
    /// - Parameters:
    ///   - check: looks at the payload before a message is made of it.
    ///   - options: `.knownFields` where the request is compared with others.
    static func answer<Request: Message, Response: Message>(
        _ work: @escaping (EngineHost) -> (Request, Int64) throws(RequestError) -> Response,
        of check: @escaping (ByteBuffer) throws(RequestError) -> Void = { _ throws(RequestError) in },
        _ options: BinaryDecodingOptions = BinaryDecodingOptions()
    ) -> Handler {
        .now { host, frame, now, output throws(RequestError) in
            try check(frame.payload)
            let request: Request = try read(frame, options)
            try append(try work(host)(request, now), to: frame.header, &output)
        }
    }

    /// From a function of messages that needs no time.
    static func answer<Request: Message, Response: Message>(
        _ work: @escaping (EngineHost) -> (Request) throws(RequestError) -> Response
    ) -> Handler {
        .now { host, frame, _, output throws(RequestError) in
            let request: Request = try read(frame)
            try append(try work(host)(request), to: frame.header, &output)
        }
    }

    static func answer<Request: Message, Response: Message>(
        _ work: @escaping (EngineHost, Request, Int64) -> Response
    ) -> Handler {
        .now { host, frame, now, output throws(RequestError) in
            let request: Request = try read(frame)
            try append(work(host, request, now), to: frame.header, &output)
        }
    }

    /// From a function that reads the payload's columns in place.
    static func answerBytes<Response: Message>(
        _ work: @escaping (EngineHost) -> (ByteBuffer, Int64) throws(RequestError) -> Response
    ) -> Handler {
        .now { host, frame, now, output throws(RequestError) in
            try append(try work(host)(frame.payload, now), to: frame.header, &output)
        }
    }

    /// From a function that writes the bytes of the answer's message.
    static func writeAnswer<Request: Message>(
        _ work: @escaping (EngineHost) -> (Request, Int64, inout MessageBytes) throws(RequestError) -> Void
    ) -> Handler {
        .now { host, frame, now, output throws(RequestError) in
            let request: Request = try read(frame)
            var message = MessageBytes()
            try work(host)(request, now, &message)
            do {
                try FrameEncoder.append(
                    message, method: frame.header.method, kind: .response, id: frame.header.id, to: &output)
            } catch {
                throw RequestError(.tooLarge, "the answer is too long: \(error)")
            }
        }
    }

    /// From a function whose answer comes later.
    static func answerLater<Request: Message, Response: Message>(
        _ work: @escaping (EngineHost) -> (Request, Int64) throws(RequestError) -> EventLoopFuture<Response>
    ) -> Handler {
        .later { host, frame, now throws(RequestError) in
            encode(try work(host)(try read(frame), now), to: frame.header)
        }
    }

    static func answerLater<Request: Message, Response: Message>(
        _ work: @escaping (EngineHost) -> (Request) throws(RequestError) -> EventLoopFuture<Response>
    ) -> Handler {
        .later { host, frame, _ throws(RequestError) in encode(try work(host)(try read(frame)), to: frame.header) }
    }

    /// The message of a request's payload.
    /// - Throws: `MALFORMED` where it is none.
    static func read<Request: Message>(
        _ frame: Frame, _ options: BinaryDecodingOptions = BinaryDecodingOptions()
    ) throws(RequestError) -> Request {
        do {
            return try Request(serializedBytes: frame.payload.readableBytesSpan, options: options)
        } catch {
            throw RequestError(.malformed, "the payload is not a message \(Request.protoMessageName)")
        }
    }

    private static func encode(
        _ response: EventLoopFuture<some Message>, to request: FrameHeader
    ) -> EventLoopFuture<ByteBuffer> {
        response.flatMapThrowing { response in
            var output = ByteBuffer()
            try append(response, to: request, &output)
            return output
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
