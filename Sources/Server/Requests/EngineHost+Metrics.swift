// The request for one customer's counters, which programs send at a high rate, many at a time.
//
// A run of such requests in the input is answered in one pass over memory, without a frame, a message or a buffer in
// between (`answerMetrics`). An unusual or malformed one ends the pass, and is answered like any other
// request (`metrics`).

import Board
import NIOCore
import Wire

extension EngineHost {
    func metrics(
        _ request: Busyhour_V1_MetricsRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_MetricsResponse {
        let window = try Window(request: request.window)
        guard let figures = engine.figures(customerID: request.customerID, window: window, now: now) else {
            throw RequestError(.notFound, "no customer with id \(request.customerID)")
        }
        return Busyhour_V1_MetricsResponse(figures)
    }

    /// Takes the plain requests for metrics that come next, at most `limit` of them, and appends the answers.
    /// - Returns: how many were answered.
    func answerMetrics(_ decoder: inout FrameDecoder, limit: Int, now: Int64, to output: inout ByteBuffer) -> Int {
        var count = 0
        decoder.takeFrames { bytes in
            var position = 0
            guard var question = MetricsQuestion.next(in: bytes, at: &position) else { return 0 }
            let most = min(limit, bytes.byteCount / FrameHeader.size)
            // The bytes of answered requests: one without an answer stays.
            var taken = 0
            output.writeWithOutputRawSpan(minimumWritableBytes: most * CustomerFigures.longestFrame) { output in
                engine.figures(now: now) {
                    if count > 0 {
                        guard count < most, let next = MetricsQuestion.next(in: bytes, at: &position) else {
                            return nil
                        }
                        question = next
                    }
                    return windows.named(question.window).map { (question.customerID, $0) }
                } to: { figures in
                    figures.writeFrame(id: question.requestID, to: &output)
                    count += 1
                    taken = position
                }
            }
            return taken
        }
        requests &+= UInt64(count)
        return count
    }
}

/// The windows by the bytes of their names.
struct WindowNames {
    /// Indexed by the window's raw value.
    private let bytes = Window.allCases.map { window in
        window.name.utf8.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }

    /// The window with this name, the first byte in the lowest bits; 0 is the default of 15 minutes.
    func named(_ name: UInt64) -> Window? {
        name == 0 ? .fifteenMinutes : bytes.firstIndex(of: name).flatMap(Window.init(rawValue:))
    }
}
