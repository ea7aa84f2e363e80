// The client's side of a connection, on its event loop: sends what tasks submitted, and passes each answer to the task
// that waits for it.
//
// Whatever happens, each request is answered exactly once: it is in `pending` from when the loop first sees it, and the
// code that removes it from there answers it. Answers to requests that were given up are dropped.

import NIOCore
import SwiftProtobuf
import Wire

final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Pending {
        var method: Method
        var deadline: NIODeadline?
        var timeout: Duration?
        var isSent = false
        var answer: CheckedContinuation<ByteBuffer, any Error>
    }

    private let submissions: Submissions
    private let address: String
    private var context: ChannelHandlerContext?
    private var decoder = FrameDecoder()

    private var pending: [UInt32: Pending] = [:]
    /// Requests waiting for the socket, in order.
    private var waiting = CircularBuffer<(id: UInt32, frame: ByteBuffer)>()
    private var taken = Submissions.Batch()
    /// The highest id sent so far: an answer with a higher one belongs to no request.
    private var highestID: UInt32 = 0
    private var isSending = false
    /// Whether to close when the last answer has arrived.
    private var isClosing = false
    /// Why the connection ended, if that is known before it does.
    private var lossReason = closed
    private static let closed = "the server closed it"

    /// How long the peer may send nothing while an answer without its own time limit is due.
    private let patience: Duration?
    private var lastHeard = NIODeadline.distantPast
    private var hasHeardFrame = false

    private var expiry: (deadline: NIODeadline, task: Scheduled<Void>)?

    init(submissions: Submissions, address: String, patience: Duration? = nil) {
        self.patience = patience
        self.submissions = submissions
        self.address = address
    }

    // ---- the channel ----------------------------------------------------------------------------------------

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        lastHeard = context.eventLoop.now
        do {
            while let frame = try decoder.next() {
                hasHeardFrame = true
                try receive(frame)
            }
        } catch let error as ClientError {
            end(error)
        } catch {
            end(
                hasHeardFrame
                    ? .protocolViolation(String(describing: error)) : .notBusyHour(address: address, isClosed: false))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let isMute = lastHeard == .distantPast && lossReason == Self.closed
        // For a request that changes something it matters whether it was carried out.
        if isMute, !pending.isEmpty, pending.values.allSatisfy({ $0.method.isReading }) {
            end(.notBusyHour(address: address, isClosed: true))
            return context.fireChannelInactive()
        }
        if decoder.bytesLeft > 0 { lossReason += " in the middle of an answer" }
        end(.connectionLost(address: address, reason: lossReason))
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        send()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lossReason = reason(of: error)
        context.close(promise: nil)
    }

    // ---- sending --------------------------------------------------------------------------------------------

    /// Takes what tasks have submitted since the last time.
    func takeSubmissions() {
        submissions.take(into: &taken)
        for request in taken.requests { register(request) }
        send()
        for id in taken.cancellations { giveUp(id, CancellationError()) }
        // Frames and continuations must not outlive their requests.
        taken.removeAll()
        closeIfDone()
    }

    private func register(_ request: Submission) {
        guard let context else {
            request.answer.resume(throwing: ClientError.connectionLost(address: address, reason: lossReason))
            return
        }
        guard pending[request.id] == nil else {
            // The ids wrapped around: this one was given to a request four billion calls ago that is still waiting.
            request.answer.resume(throwing: ClientError.protocolViolation("request \(request.id) is still in flight"))
            return
        }
        let deadline = (request.timeout ?? patience).map { context.eventLoop.now + TimeAmount($0) }
        pending[request.id] = Pending(
            method: request.method, deadline: deadline, timeout: request.timeout, answer: request.answer)
        waiting.append((request.id, request.frame))
        highestID = max(highestID, request.id)
        if let deadline { expire(by: deadline, context) }
    }

    /// Writes waiting requests as far as the socket accepts them.
    private func send() {
        // Flushing reports writability from within; the loop below checks it anyway.
        guard let context, !isSending else { return }
        isSending = true
        defer { isSending = false }
        while !waiting.isEmpty && context.channel.isWritable {
            while context.channel.isWritable, let (id, frame) = waiting.popFirst() {
                // A request that was given up before it was sent is no longer in `pending`.
                guard pending[id] != nil else { continue }
                pending[id]?.isSent = true
                context.write(wrapOutboundOut(frame), promise: nil)
            }
            context.flush()
        }
    }

    // ---- answers --------------------------------------------------------------------------------------------

    /// Passes an answer to the task that waits for it.
    /// - Throws: if the frame answers no request; the connection is unusable then.
    private func receive(_ frame: Frame) throws {
        let header = frame.header
        if header.id == 0 && header.kind == .error { throw try serverError(frame.payload) }
        guard header.kind == .response || header.kind == .error else {
            throw ClientError.protocolViolation("a frame of kind \(header.kind.rawValue) came where an answer was due")
        }
        guard let request = pending[header.id] else {
            guard header.id != 0 && header.id <= highestID else {
                throw ClientError.protocolViolation("an answer came to request \(header.id), which was never sent")
            }
            return
        }
        guard request.isSent, header.method == request.method.rawValue else {
            throw ClientError.protocolViolation(
                "request \(header.id) of method \(request.method.rawValue) was answered as method \(header.method)")
        }
        pending[header.id] = nil
        if header.kind == .response {
            request.answer.resume(returning: frame.payload)
        } else {
            request.answer.resume(with: Result { throw try serverError(frame.payload) })
        }
        closeIfDone()
    }

    private func serverError(_ payload: ByteBuffer) throws -> ClientError {
        guard let error = try? Busyhour_V1_Error(serializedBytes: payload.readableBytesSpan) else {
            throw ClientError.protocolViolation("the payload of an error frame is not a busyhour.v1.Error")
        }
        return .server(code: error.code, message: error.message, details: error.details)
    }

    /// Answers a request with the reason for giving it up, and notifies the server.
    private func giveUp(_ id: UInt32, _ error: any Error) {
        guard let request = pending.removeValue(forKey: id) else { return }
        request.answer.resume(throwing: error)
        guard request.isSent, let context else { return }
        var frame = ByteBuffer()
        FrameHeader(length: 0, method: request.method.rawValue, kind: .cancel, id: id).write(to: &frame)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    // ---- time -----------------------------------------------------------------------------------------------

    /// Schedules a check of the requests no later than this, or `Limits.timeoutInterval` later.
    private func expire(by deadline: NIODeadline, _ context: ChannelHandlerContext) {
        if let expiry {
            if expiry.deadline <= deadline { return }
            expiry.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.expireRequests() }
        expiry = (deadline, task)
    }

    private func expireRequests() {
        expiry = nil
        guard let context else { return }
        let now = context.eventLoop.now
        var next: NIODeadline?
        var expired: [(id: UInt32, timeout: Duration)] = []
        for (id, request) in pending {
            guard var deadline = request.deadline else { continue }
            if let patience, request.timeout == nil { deadline = max(deadline, lastHeard + TimeAmount(patience)) }
            if deadline <= now {
                guard let timeout = request.timeout else { return fallSilent() }
                expired.append((id, timeout))
            } else {
                next = min(next ?? deadline, deadline)
            }
        }
        for (id, timeout) in expired { giveUp(id, ClientError.timedOut(timeout)) }
        if let next { expire(by: max(next, now + Limits.timeoutInterval), context) }
        closeIfDone()
    }

    private func fallSilent() {
        let mayBeDone = pending.values.contains { !$0.method.isReading }
        end(.silent(address: address, patience ?? .zero, mayBeDone: mayBeDone))
    }

    // ---- the end --------------------------------------------------------------------------------------------

    /// Closes as soon as every request has its answer.
    func closeGracefully() {
        isClosing = true
        takeSubmissions()
    }

    private func closeIfDone() {
        if isClosing && pending.isEmpty { end(.closed) }
    }

    /// Answers all requests with this error and closes. Later submissions get it too.
    private func end(_ error: ClientError) {
        submissions.end(error)
        submissions.take(into: &taken)
        let unanswered = pending.values.map(\.answer) + taken.requests.map(\.answer)
        taken.removeAll()
        pending.removeAll()
        waiting.removeAll()
        expiry?.task.cancel()
        expiry = nil
        for answer in unanswered { answer.resume(throwing: error) }
        context?.close(promise: nil)
    }
}
