// Refuses connections over a limit.

import Logging
import NIOCore
import Wire

extension EngineHost {
    /// Why no further connection from this address is accepted, which is counted; nil: it is within the limits.
    func refusal(of address: SocketAddress?) -> RequestError? {
        let source = address?.ipAddress ?? ""
        let message: String
        if connectionsByAddress[source, default: 0] >= connectionsPerAddress {
            message =
                "\(Self.grouped(connectionsPerAddress)) connections from \(source.isEmpty ? "there" : source) are open, "
                + "and one address may have no more; close some"
        } else if connections.count >= Limits.connections {
            message = "\(Self.grouped(Limits.connections)) connections are open, and there may be no more; close some"
        } else {
            return nil
        }
        refusals.count(message)
        countError(.busy)
        return RequestError(.busy, message)
    }

    /// `2,000`.
    private static func grouped(_ number: Int) -> String {
        number < 1_000 ? "\(number)" : grouped(number / 1_000) + "," + "\(1_000 + number % 1_000)".dropFirst()
    }
}

/// Refused connections, for the log: one line per interval, however many there are.
struct ConnectionRefusals {
    private var count = 0
    private var last = ""
    private var nextLine = NIODeadline.distantPast

    mutating func count(_ message: String) {
        count += 1
        last = message
    }

    /// Logs what was counted since the last line, unless that was just now.
    mutating func log(to logger: Logger, now: NIODeadline = .now()) {
        guard count > 0, now >= nextLine else { return }
        logger.warning("refused \(count == 1 ? "a connection" : "\(count) connections"): \(last)")
        nextLine = now + Limits.refusalLogInterval
        count = 0
    }
}
