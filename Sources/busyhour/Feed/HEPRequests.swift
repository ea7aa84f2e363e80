// HEP captures split into requests. Memory holds no more of a capture than a request and a piece of the file.

import Feeds
import Foundation
import Wire

struct HEPRequests {
    /// A capture that could not be read to its end.
    struct Failure: Equatable {
        var file: String
        var name: String
        var message: String
    }

    /// Everything read before each of them is in the requests.
    private(set) var failures: [Failure] = []
    private let authKey: String
    private var files: ArraySlice<String>
    private var file = ""
    private var input: InputFile?
    private var capture = HEPCapture()
    private var recordsOfFile = 0
    private var cutPackets = CutPackets()
    /// Records read and not yet in a request.
    private var ready: ArraySlice<HEPCapture.Record> = []

    init(files: [String], authKey: String) {
        self.files = files[...]
        self.authKey = authKey
    }

    /// The next request, cut short where a pipe would have to be waited for; nil at the end.
    /// - Throws: `Refusal` for a file that cannot be read, or is not a capture.
    mutating func next() throws(Refusal) -> Busyhour_V1_IngestHEPRequest? {
        var request = Busyhour_V1_IngestHEPRequest()
        request.authKey = authKey
        var bytes = 0
        while request.packets.count < Limits.recordsPerRequest {
            guard let record = ready.first else {
                if !request.packets.isEmpty && input?.isDrained ?? true { break }
                guard try readMore() else { break }
                continue
            }
            if bytes > 0 && bytes + record.bytes.count > Limits.recordBytesPerRequest { break }
            ready.removeFirst()
            bytes += record.bytes.count
            request.packets.append(Data(record.bytes))
            request.arrivalMicros.append(record.arrivalMicros)
        }
        return request.packets.isEmpty ? nil : request
    }

    /// Reads a piece or opens the next file; false if there is none.
    private mutating func readMore() throws(Refusal) -> Bool {
        guard let input else {
            guard let next = files.popFirst() else { return false }
            file = next
            self.input = try InputFile(next)
            capture = HEPCapture()
            recordsOfFile = 0
            return true
        }
        let piece = try input.read()
        do throws(HEPCaptureError) {
            if let piece {
                capture.append(piece)
                while let record = try capture.next() {
                    recordsOfFile += 1
                    ready += cutPackets.add(record)
                }
                return true
            }
            try capture.finish()
        } catch {
            // A file whose very first record makes no sense was named by mistake.
            guard recordsOfFile > 0 else { throw Refusal("\(file): \(error.message)") }
            failures.append(Failure(file: file, name: error.name, message: error.message))
        }
        ready += cutPackets.finish()
        self.input = nil
        return true
    }
}
