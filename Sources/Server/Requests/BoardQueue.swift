// Board queries, one after the other. Those over many customers are answered by a thread of their own, so that
// reads of single customers, and the feeds, do not wait for them.
//
// A query is read, checked and given the columns of its instant on the engine's loop, which takes microseconds. It is
// also answered there if that takes no longer than handing it over: with few customers, or if the same query was asked
// before, its cached sums gave the answer at once, and since then nothing has changed or the changed rows are known.

import Board
import NIOCore
import NIOPosix
import SwiftProtobuf
import Wire

/// Lives on the engine's loop.
final class BoardQueue {
    /// Takes the frame of an answer, and the newest change of customers that it may show.
    typealias Deliver = (_ answer: Result<ByteBuffer, RequestError>, _ lsn: UInt64) -> Void

    private struct Question {
        var query: BoardQuery
        var header: FrameHeader
        /// The asking connection; once it is closed the answer is not needed.
        var channel: any Channel
        var deliver: Deliver
    }

    /// What is known of a query that was asked before.
    private struct Known {
        var query: BoardQuery
        /// Position of the board that answered it.
        var position: BoardPosition
        /// How long it took to answer it again with nothing changed, and with changes to follow; nil: not yet
        /// measured.
        var unchangedNanoseconds: Int64?
        var changedNanoseconds: Int64?
    }

    private unowned let host: EngineHost
    private let customersAtOnce: Int
    private let loop: any EventLoop
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private var waiting = CircularBuffer<Question>()
    private var known = CircularBuffer<Known>()
    private var isRunning = false
    /// Time of the last query.
    private(set) var lastAsked = NIODeadline.distantPast
    /// Completed when nothing is running any more and nothing will.
    private var ended: EventLoopPromise<Void>?

    init(_ host: EngineHost, customersAtOnce: Int, loop: any EventLoop) {
        (self.host, self.customersAtOnce, self.loop) = (host, customersAtOnce, loop)
        thread.start()
    }

    /// Answers a `BoardRequest` now or later, in the order in which they came.
    /// - Throws: the request cannot be read, or too many wait. `deliver` is not called then.
    func ask(_ request: Frame, from channel: any Channel, _ deliver: @escaping Deliver) throws(RequestError) {
        let query = try host.boardQuery(try RequestTable.read(request))
        guard waiting.count < Limits.boardQueries else {
            throw RequestError(.busy, "\(waiting.count) board queries wait already; ask again later")
        }
        lastAsked = NIODeadline.now()
        waiting.append(Question(query: query, header: request.header, channel: channel, deliver: deliver))
        answerNext()
    }

    /// Does work on values on the thread of large boards, after its pending work.
    func beside<Result: Sendable>(_ work: @escaping @Sendable () -> Result) -> EventLoopFuture<Result> {
        thread.runIfActive(eventLoop: loop, work)
    }

    /// Answers nothing more; completes when no thread reads the engine's columns.
    func end() -> EventLoopFuture<Void> {
        waiting.removeAll()
        let promise = loop.makePromise(of: Void.self)
        if isRunning { ended = promise } else { stop(promise) }
        return promise.futureResult
    }

    private func stop(_ promise: EventLoopPromise<Void>) {
        thread.shutdownGracefully { _ in promise.succeed() }
    }

    private func answerNext() {
        while !isRunning, let question = waiting.popFirst() {
            guard question.channel.isActive else { continue }
            do throws(QueryError) {
                begin(question, try host.engine.boardTask(question.query, now: host.now()))
            } catch {
                question.deliver(.failure(RequestError(error)), 0)
            }
            // Other work of the loop comes first.
            if !waiting.isEmpty && !isRunning { return loop.assumeIsolated().execute { self.answerNext() } }
        }
    }

    private func begin(_ question: Question, _ task: BoardTask) {
        let lsn = host.journal?.submittedLSN ?? 0
        guard !task.isMovable || isQuick(question.query, task) else {
            return move(question, task, lsn: lsn)
        }
        let (task, answer, nanoseconds) = Self.answer(task, question.header, notice: host.clockNotice)
        note(question.query, task, nanoseconds: nanoseconds)
        host.engine.finish(task)
        question.deliver(answer, lsn)
    }

    private func move(_ question: Question, _ task: BoardTask, lsn: UInt64) {
        isRunning = true
        let (header, notice) = (question.header, host.clockNotice)
        thread.runIfActive(eventLoop: loop) {
            Self.answer(task, header, notice: notice)
        }.assumeIsolated().whenComplete { result in
            self.isRunning = false
            switch result {
            case .success(let (task, answer, nanoseconds)):
                self.note(question.query, task, nanoseconds: nanoseconds)
                self.host.engine.finish(task)
                question.deliver(answer, lsn)
            case .failure(let error):
                preconditionFailure("the thread of the board ends after the last query: \(error)")
            }
            self.host.boardWasRead()
            if let ended = self.ended { self.stop(ended) } else { self.answerNext() }
        }
    }

    /// On any thread.
    private static func answer(
        _ task: BoardTask, _ header: FrameHeader, notice: String?
    ) -> (BoardTask, Result<ByteBuffer, RequestError>, nanoseconds: Int64) {
        let began = NIODeadline.now()
        var task = task
        let answer: Result<ByteBuffer, RequestError>
        do throws(RequestError) {
            answer = .success(try frame(of: &task, header, notice: notice))
        } catch {
            answer = .failure(error)
        }
        // With the sums it has cached.
        return (task, answer, (NIODeadline.now() - began).nanoseconds)
    }

    private static func frame(
        of task: inout BoardTask, _ header: FrameHeader, notice: String?
    ) throws(RequestError) -> ByteBuffer {
        let answer: BoardAnswer
        do {
            answer = try task.answer()
        } catch {
            throw RequestError(error)
        }
        if !answer.columns.isEmpty {
            try EngineHost.checkSize(rows: answer.depths.count, columns: answer.columns.count)
        }
        var message = Busyhour_V1_BoardResponse(answer)
        message.notice = notice ?? ""
        do {
            return try FrameEncoder.frame(
                message, method: header.method, kind: .response, id: header.id)
        } catch {
            throw RequestError(.tooLarge, "the answer is too long: \(error)")
        }
    }

    // MARK: - What is quick

    private func isQuick(_ query: BoardQuery, _ task: BoardTask) -> Bool {
        if host.engine.customerCount <= customersAtOnce { return true }
        guard let found = known.first(where: { $0.query == query }), task.isNear(found.position) else { return false }
        // A cached answer says nothing about the time that following changes takes.
        let nanoseconds =
            task.isUnchanged(since: found.position) ? found.unchangedNanoseconds ?? 0 : found.changedNanoseconds ?? .max
        return nanoseconds <= Limits.boardAtOnce.nanoseconds
    }

    private func note(_ query: BoardQuery, _ task: BoardTask, nanoseconds: Int64) {
        // The others are answered at once anyway.
        guard host.engine.customerCount > customersAtOnce else { return }
        var new = Known(query: query, position: task.position)
        // Else everything was read, which says nothing about the next time.
        if let found = known.first(where: { $0.query == query }), task.isNear(found.position) {
            (new.unchangedNanoseconds, new.changedNanoseconds) = (found.unchangedNanoseconds, found.changedNanoseconds)
            if task.isUnchanged(since: found.position) {
                new.unchangedNanoseconds = nanoseconds
            } else {
                new.changedNanoseconds = nanoseconds
            }
        }
        known.removeAll { $0.query == query }
        if known.count >= Limits.knownQueries { known.removeFirst() }
        known.append(new)
    }
}
