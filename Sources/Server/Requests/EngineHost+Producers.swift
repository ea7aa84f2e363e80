// Requests of producers that number their rows, and the places of their batches.

import Board
import CallEvents
import Wire

extension EngineHost {
    func hello(_ request: Busyhour_V1_HelloRequest, now: Int64) throws(RequestError) -> Busyhour_V1_HelloResponse {
        let id = try Self.producer(request.producer)
        var response = Busyhour_V1_HelloResponse()
        do throws(ProducerRefusal) {
            let (isKnown, marks) = try engine.greet(
                id, epoch: request.epoch, counted: request.counted, now: now)
            response.known = isKnown
            response.applied = marks.applied
        } catch {
            throw RequestError(error)
        }
        response.safe = safeMark(of: id, applied: response.applied)
        response.wantsLegs = engine.wantsSwitchLegs
        return response
    }

    func marks(_ request: Busyhour_V1_MarksRequest) throws(RequestError) -> Busyhour_V1_MarksResponse {
        let id = try Self.producer(request.producer)
        guard let marks = engine.marks(of: id) else {
            throw RequestError(.notFound, "this producer is not known; begin with hello")
        }
        if marks.epoch > request.epoch {
            throw RequestError(ProducerRefusal.fenced(epoch: request.epoch, by: marks.epoch))
        }
        var response = Busyhour_V1_MarksResponse()
        response.applied = marks.applied
        response.safe = safeMark(of: id, applied: marks.applied)
        if request.end {
            guard response.safe == response.applied else {
                throw RequestError(.busy, "not everything is durable yet; request `save`, then end the producer")
            }
            do { try engine.endProducer(id, epoch: request.epoch) } catch { throw RequestError(error) }
        } else if request.save && response.safe < response.applied {
            saver?.saveSoon()
        }
        return response
    }

    // ---- batches --------------------------------------------------------------------------------------------

    /// The place of a batch, and how much of it was counted before.
    struct Place {
        var batch: ProducerBatch
        /// How many of its first rows were counted before.
        var known: Int
        /// All of it was counted before, rows or none.
        var isKnown: Bool
    }

    /// The place of a batch of so many rows; nil: it has none.
    func admit(
        _ message: Busyhour_V1_ProducerBatch?, rows: Int, now: Int64
    ) throws(RequestError) -> Place? {
        guard let message else { return nil }
        let (end, overflow) = message.first.addingReportingOverflow(UInt64(rows))
        let batch = ProducerBatch(
            producer: try Self.producer(message.producer), epoch: message.epoch, first: message.first,
            // With no row and no last number `last` is below `first`, which is refused.
            last: message.last != 0 ? message.last : overflow || end == 0 ? .max : end - 1, offsets: message.offsets,
            lost: message.lost)
        do throws(ProducerRefusal) {
            let known = try engine.admit(batch, rows: rows, now: now)
            let applied = engine.marks(of: batch.producer)?.applied ?? 0
            return Place(batch: batch, known: known, isKnown: batch.last <= applied)
        } catch {
            throw RequestError(error)
        }
    }

    /// Records that an admitted batch is fully counted, and reports the producer's progress.
    func note(_ place: Place?, now: Int64, in response: inout Busyhour_V1_IngestResponse) {
        guard let place else { return }
        engine.noteCounted(place.batch, now: now)
        response.applied = engine.marks(of: place.batch.producer)?.applied ?? 0
        response.safe = safeMark(of: place.batch.producer, applied: response.applied)
    }

    /// Never above `applied`: one that was ended and begins again has no mark of its former life.
    private func safeMark(of id: ProducerID, applied: UInt64) -> UInt64 { min(applied, saver?.safe[id]?.applied ?? 0) }

    private static func producer(_ bytes: some Collection<UInt8>) throws(RequestError) -> ProducerID {
        guard let id = ProducerID(bytes) else {
            throw RequestError(.invalidArgument, "a producer is 16 bytes, chosen once at random")
        }
        return id
    }
}

extension RequestError {
    init(_ refusal: ProducerRefusal) {
        switch refusal {
        case .gap(let expected, _): self.init(.gap, "\(refusal)", details: ["expected": String(expected)])
        case .fenced(_, let newest): self.init(.fenced, "\(refusal)", details: ["epoch": String(newest)])
        case .tooMany: self.init(.busy, "\(refusal)")
        case .malformed: self.init(.invalidArgument, "\(refusal)")
        }
    }
}
