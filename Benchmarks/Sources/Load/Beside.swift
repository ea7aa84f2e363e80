// What a big query does to those beside it: while one connection asks for a pivot of all customers over and over,
// another reads single customers one after the other, and a third sends finished calls at a steady rate.
//
// The calls are spread over all customers, so nothing that was summed up for the last pivot still holds. Reads are
// timed one by one; calls are sent by the clock whether or not the last ones were answered, and what counts is how many
// were.

import Foundation

struct Beside {
    var address: String
    var port: UInt16
    var seconds: Double
    /// Offered, whatever becomes of them.
    var callsPerSecond: Double

    struct Result {
        /// Of the reads, sorted.
        var milliseconds: [Double] = []
        var calls = 0.0
        var queries: [Double] = []

        func percentile(_ share: Double) -> Double {
            milliseconds.isEmpty
                ? 0 : milliseconds[min(milliseconds.count - 1, Int(share * Double(milliseconds.count)))]
        }
    }

    /// - Parameter query: asked in a loop; nil: nothing is.
    func run(reads: [[UInt8]], calls: [[UInt8]], callsPerFrame: Int, query: [UInt8]?) throws -> Result {
        let end = Pipeline.now() + seconds
        let pivot = Worker { () throws -> [Double] in
            guard let query else { return [] }
            return try asked([query], until: end)
        }
        let ingest = Worker { () throws -> [Double] in [try offered(calls, callsPerFrame, until: end)] }
        let read = try asked(reads, until: end)
        var result = Result()
        result.milliseconds = read.sorted()
        result.calls = try ingest.value()[0] / seconds
        result.queries = try pivot.value().sorted()
        return result
    }

    /// Asks one after the other.
    /// - Returns: milliseconds from the request's first byte to the answer's last.
    private func asked(_ frames: [[UInt8]], until end: Double) throws -> [Double] {
        let socket = try Socket(address: address, port: port)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { memory.deallocate() }
        var answers = FrameCounter()
        var times: [Double] = []
        var next = 0
        while Pipeline.now() < end {
            let began = Pipeline.now()
            try frames[next].withUnsafeBytes { try socket.send($0) }
            var answered = 0
            while answered == 0 {
                let count = try socket.receive(into: memory)
                answered = answers.take(UnsafeRawBufferPointer(rebasing: memory[..<count]))
            }
            times.append((Pipeline.now() - began) * 1e3)
            next = (next + 1) % frames.count
        }
        if answers.errors > 0 { throw SocketError("\(answers.errors) requests were refused") }
        return times
    }

    /// Sends calls at the rate offered, at most 16 frames ahead of the answers.
    /// - Returns: calls that were answered.
    private func offered(_ frames: [[UInt8]], _ callsPerFrame: Int, until end: Double) throws -> Double {
        let socket = try Socket(address: address, port: port)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { memory.deallocate() }
        var answers = FrameCounter()
        var sent = 0
        var answered = 0
        var due = Pipeline.now()
        while true {
            let now = Pipeline.now()
            if now >= end { break }
            if now < due && answered == sent {
                usleep(UInt32(max(0, min(due, end) - now) * 1e6))
                continue
            }
            if now >= due && sent - answered < 16 {
                try frames[sent % frames.count].withUnsafeBytes { try socket.send($0) }
                sent += 1
                due += Double(callsPerFrame) / callsPerSecond
                continue
            }
            let count = try socket.receive(into: memory)
            answered += answers.take(UnsafeRawBufferPointer(rebasing: memory[..<count]))
        }
        return Double(answered * callsPerFrame)
    }
}

/// A thread that gives back a value.
///
/// `@unchecked Sendable`, for `result` is written by the thread before it raises the semaphore, and read after that.
private final class Worker: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var result: Swift.Result<[Double], any Error> = .success([])

    init(_ work: @escaping @Sendable () throws -> [Double]) {
        Thread.detachNewThread {
            self.result = Swift.Result { try work() }
            self.done.signal()
        }
    }

    func value() throws -> [Double] {
        done.wait()
        return try result.get()
    }
}
