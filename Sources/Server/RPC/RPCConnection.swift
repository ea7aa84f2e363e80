// One connection of a program: frames in, frames out, on the engine's loop.
//
// All frames of a read are answered in one pass into one buffer, which is written and flushed once: that is what makes
// pipelined small requests cheap. Two things interrupt a pass. After `Limits.requestsPerTurn` requests the other
// connections get their turn. And while the peer leaves more than `Limits.outputBytes` unread, nothing more is
// answered and nothing more is read, so that a slow reader costs a bounded amount of memory and blocks only itself.
//
// Board queries may be answered after requests that came later (`BoardQueue`).
//
// Answers with customers are held back until all changes that they may show are durable (`MutationJournal`).

import NIOCore
import Store
import Wire

/// Signals the connections of a server that it is stopping.
struct ServerStops: Sendable {}

final class RPCConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// Requests are answered as they are read.
        case open
        /// Requests wait in the decoder: for their turn, or for the peer to read its answers.
        case waiting
        /// Nothing more is answered; the connection closes when its last answer is written.
        case closing
    }

    private let host: EngineHost
    private var decoder = FrameDecoder()
    private var output = ByteBuffer()
    /// The newest change of customers that `output` may show.
    private var outputLSN: UInt64 = 0
    /// Answers that wait for changes to be durable, in order.
    private var held: [(lsn: UInt64, answers: ByteBuffer)] = []
    private var heldBytes = 0
    /// Requests whose answers come later: when the disk is done, or the board.
    private var lateAnswers = 0
    /// Board queries among them.
    private var boardsAsked = 0
    /// How to close once nothing is held any more and no late answer is pending.
    private var closing: CloseMode?
    private var state = State.open
    /// The channel wanted to read while the connection was waiting.
    private var isReadWanted = false
    private var isAnswering = false
    /// The peer's; nil where the system does not report it.
    private var address: SocketAddress?
    /// Since when an incomplete frame has waited for the rest of it; nil: none has.
    private var incompleteSince: NIODeadline?
    /// The next check of `incompleteSince`.
    private var patience: Scheduled<Void>?

    init(host: EngineHost) {
        self.host = host
    }

    /// A connection that waited while the server read its data is open already.
    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { opened(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        opened(context)
        context.fireChannelActive()
    }

    private func opened(_ context: ChannelHandlerContext) {
        address = context.remoteAddress
        host.connections.opened(context.channel, from: address)
    }

    func channelInactive(context: ChannelHandlerContext) {
        host.connections.closed(context.channel, from: address)
        host.journal?.unsubscribe(ObjectIdentifier(self))
        held = []
        patience?.cancel()
        patience = nil
        state = .closing
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // While closing, what the peer still sends is read and dropped: unread bytes would make the kernel reset the
        // connection, and the peer might never see the last answer.
        if state != .closing { decoder.append(unwrapInboundIn(data)) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if state == .open { answerRequests(context) }
        context.fireChannelReadComplete()
    }

    /// Called before each read of the socket.
    func read(context: ChannelHandlerContext) {
        if state == .waiting {
            isReadWanted = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if state == .waiting && mayAnswer(context) { answerRequests(context) }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset or a broken pipe: the peer is gone, so no error can be sent.
        context.close(promise: nil)
    }

    /// `ServerStops`: closes when the pending answers are sent, or after `Limits.drain`.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerStops && state != .closing {
            close(context, mode: .all)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    // ---- answering ------------------------------------------------------------------------------------------

    /// Answers the complete frames, as far as turn and output allow.
    private func answerRequests(_ context: ChannelHandlerContext) {
        // A flush may report writability from within; the end of the pass checks it anyway.
        if isAnswering { return }
        isAnswering = true
        defer { isAnswering = false }
        state = .open
        let now = host.now()
        let bytesBefore = decoder.bytesLeft
        var left = Limits.requestsPerTurn
        while state == .open {
            let answered = host.answerMetrics(&decoder, limit: left, now: now, to: &output)
            left -= answered
            // Figures show credit.
            if answered > 0, let journal = host.journal { outputLSN = journal.submittedLSN }
            if answered == 0 {
                do {
                    guard let frame = try decoder.next() else { break }
                    answer(frame, now: now, context)
                } catch {
                    refuse(error, context)
                    return
                }
                left -= 1
            }
            if output.readableBytes >= Limits.outputResumeBytes { flushOutput(context) }
            if left == 0 || !mayAnswer(context) { state = .waiting }
        }
        flushOutput(context)
        if state == .open {
            noteIncompleteFrame(isNew: decoder.bytesLeft < bytesBefore, context)
            resumeReading(context)
        } else if mayAnswer(context) {
            continueInNextTurn(context)
        }
    }

    /// False if the peer or the disk is so far behind that answers have to wait.
    private func mayAnswer(_ context: ChannelHandlerContext) -> Bool {
        context.channel.isWritable && heldBytes < Limits.outputBytes
            && boardsAsked < Limits.boardQueriesPerConnection
    }

    /// Makes sure that an incomplete frame does not wait for ever.
    /// - Parameter isNew: another frame began since the last time.
    private func noteIncompleteFrame(isNew: Bool, _ context: ChannelHandlerContext) {
        guard decoder.bytesLeft > 0 else {
            incompleteSince = nil
            return
        }
        let since = isNew ? context.eventLoop.now : incompleteSince ?? context.eventLoop.now
        incompleteSince = since
        if patience == nil { watchIncompleteFrame(since, context) }
    }

    /// One scheduled check at a time: a busy connection has a new incomplete frame with every read.
    private func watchIncompleteFrame(_ since: NIODeadline, _ context: ChannelHandlerContext) {
        let isolated = context.eventLoop.assumeIsolated()
        patience = isolated.scheduleTask(deadline: since + Limits.framePatience) {
            self.patience = nil
            guard let since = self.incompleteSince, self.state == .open else { return }
            if since + Limits.framePatience <= context.eventLoop.now {
                context.close(promise: nil)
            } else {
                self.watchIncompleteFrame(since, context)
            }
        }
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        if isReadWanted {
            isReadWanted = false
            context.read()
        }
    }

    private func continueInNextTurn(_ context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().execute {
            if self.state == .waiting && self.mayAnswer(context) { self.answerRequests(context) }
        }
    }

    /// Appends the answer to one frame to `output`, now or when it is ready.
    private func answer(_ request: Frame, now: Int64, _ context: ChannelHandlerContext) {
        // Requests are answered in order and at once: one to be cancelled already has its answer.
        if request.header.kind == .cancel { return }
        host.requests &+= 1
        do throws(RequestError) {
            guard request.header.kind == .request else {
                throw RequestError(.malformed, "a client sends frames of kind 0 (request) and 5 (cancel) only")
            }
            guard let row = host.table.row(request.header.method) else {
                throw RequestError(.unknownMethod, "this server has no method \(request.header.method)")
            }
            switch row.handler {
            case .board: try askBoard(request, context)
            case .later(let answer):
                guard lateAnswers - boardsAsked < Limits.lateAnswers else {
                    throw RequestError(.busy, "too many such requests are under way; wait for their answers")
                }
                answerLater(try answer(host, request, now), to: request.header, context)
            case .now(let answer):
                let before = host.journal?.submittedLSN ?? 0
                try answer(host, request, now, &output)
                host.publishNeeds()
                let lsn = host.journal?.submittedLSN ?? 0
                // What shows customers, and what has changed them.
                if lsn != before || row.shows == .customers { outputLSN = lsn }
            }
        } catch {
            append(error, method: request.header.method, id: request.header.id)
        }
    }

    private func askBoard(_ request: Frame, _ context: ChannelHandlerContext) throws(RequestError) {
        boardsAsked += 1
        lateAnswers += 1
        do throws(RequestError) {
            try host.boards.ask(request, from: context.channel) { [weak self] answer, lsn in
                self?.boardsAsked -= 1
                self?.take(answer, lsn: lsn, of: request.header, context)
            }
        } catch {
            boardsAsked -= 1
            lateAnswers -= 1
            throw error
        }
    }

    private func answerLater(
        _ answer: EventLoopFuture<ByteBuffer>, to request: FrameHeader, _ context: ChannelHandlerContext
    ) {
        lateAnswers += 1
        answer.assumeIsolated().whenComplete { result in
            let answer = result.mapError { $0 as? RequestError ?? RequestError(.internal, "\($0)") }
            // What shows customers waits until what it may show of them is durable.
            let showsCustomers = self.host.table.row(request.method)?.shows == .customers
            self.take(answer, lsn: showsCustomers ? self.host.journal?.submittedLSN ?? 0 : 0, of: request, context)
        }
    }

    /// Takes the late answer to an earlier request.
    private func take(
        _ answer: Result<ByteBuffer, RequestError>, lsn: UInt64, of request: FrameHeader,
        _ context: ChannelHandlerContext
    ) {
        lateAnswers -= 1
        guard context.channel.isActive else { return }
        switch answer {
        case .success(var frame):
            // A long answer on its own is not copied.
            if output.readableBytes == 0 { output = frame } else { output.writeBuffer(&frame) }
        case .failure(let error): append(error, method: request.method, id: request.id)
        }
        outputLSN = max(outputLSN, lsn)
        // Within a pass, the pass itself continues.
        if isAnswering { return }
        flushOutput(context)
        goOn(context)
    }

    /// After something pending has completed: the connection closes, or the next requests are answered.
    private func goOn(_ context: ChannelHandlerContext) {
        if let closing {
            guard held.isEmpty && lateAnswers == 0 else { return }
            self.closing = nil
            closeWhenWritten(context, mode: closing)
        } else if state == .waiting && mayAnswer(context) {
            answerRequests(context)
        }
    }

    private func append(_ error: RequestError, method: UInt16, id: UInt32) {
        host.countError(error.code)
        var message = Busyhour_V1_Error()
        message.code = error.code.rawValue
        // A message may quote the request; cut, it fits any frame.
        message.message = String(decoding: error.message.utf8.prefix(Limits.errorBytes), as: UTF8.self)
        message.details = error.details
        do {
            try FrameEncoder.append(message, method: method, kind: .error, id: id, to: &output)
        } catch {
            preconditionFailure("an error of at most \(Limits.errorBytes) bytes and its position fit a frame")
        }
    }

    // ---- writing and closing --------------------------------------------------------------------------------

    private func flushOutput(_ context: ChannelHandlerContext) {
        guard output.readableBytes > 0 else { return }
        let isDurable = outputLSN <= host.journal?.durableLSN ?? .max || SeededFlaws.ofProcess.contains(.showsEarly)
        if !held.isEmpty || !isDurable {
            hold(context)
            return
        }
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        if output.capacity > Limits.outputBytes {
            // One long answer must not hold its memory for the rest of the connection.
            output = ByteBuffer()
        } else {
            // Copies nothing, and allocates only where the socket has not taken all.
            output.clear()
        }
    }

    /// Holds `output` until what it may show is durable. Later answers wait as well: answers stay in order.
    private func hold(_ context: ChannelHandlerContext) {
        if held.isEmpty {
            host.journal?.subscribe(ObjectIdentifier(self)) { [weak self] lsn in self?.release(through: lsn, context) }
        }
        held.append((outputLSN, output))
        heldBytes += output.readableBytes
        output = ByteBuffer()
    }

    private func release(through lsn: UInt64, _ context: ChannelHandlerContext) {
        while let first = held.first, first.lsn <= lsn {
            held.removeFirst()
            heldBytes -= first.answers.readableBytes
            context.write(wrapOutboundOut(first.answers), promise: nil)
        }
        context.flush()
        guard held.isEmpty else { return }
        host.journal?.unsubscribe(ObjectIdentifier(self))
        goOn(context)
    }

    /// Nothing after this point of the stream can be framed: sends an error of id 0 and closes.
    private func refuse(_ error: FrameError, _ context: ChannelHandlerContext) {
        append(RequestError(.tooLarge, error.description), method: 0, id: 0)
        close(context, mode: .output)
    }

    private func close(_ context: ChannelHandlerContext, mode: CloseMode) {
        state = .closing
        flushOutput(context)
        if held.isEmpty && lateAnswers == 0 { closeWhenWritten(context, mode: mode) } else { closing = mode }
        resumeReading(context)
        context.eventLoop.assumeIsolated().scheduleTask(in: Limits.drain) { context.close(promise: nil) }
    }

    private func closeWhenWritten(_ context: ChannelHandlerContext, mode: CloseMode) {
        // An empty write is done when all before it are.
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: mode, promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }
}
