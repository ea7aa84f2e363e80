// The open connections of programs, and which further ones are refused.

import Logging
import NIOCore
import Wire

/// Lives on the engine's loop.
struct ConnectionRegistry {
    private var channels: [ObjectIdentifier: any Channel] = [:]
    private var countByAddress: [String: Int] = [:]
    /// See `ServerConfiguration`.
    let limitPerAddress: Int
    var refusals = ConnectionRefusals()

    init(limitPerAddress: Int) { self.limitPerAddress = limitPerAddress }

    var count: Int { channels.count }

    mutating func opened(_ channel: any Channel, from address: SocketAddress?) {
        channels[ObjectIdentifier(channel)] = channel
        countByAddress[address?.ipAddress ?? "", default: 0] += 1
    }

    /// - Parameter address: the one that it was opened with.
    mutating func closed(_ channel: any Channel, from address: SocketAddress?) {
        guard channels.removeValue(forKey: ObjectIdentifier(channel)) != nil else { return }
        let left = countByAddress[address?.ipAddress ?? "", default: 0] - 1
        countByAddress[address?.ipAddress ?? ""] = left > 0 ? left : nil
    }

    /// Asks every connection to end; completes when all have.
    func closeAll(on loop: any EventLoop) -> EventLoopFuture<Void> {
        let open = Array(channels.values)
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(ServerStops()) }
        return EventLoopFuture.andAllComplete(open.map(\.closeFuture), on: loop)
    }

    /// Why no further connection from this address is accepted, which is noted for the log; nil: it is within the
    /// limits.
    mutating func refusal(of address: SocketAddress?) -> RequestError? {
        let source = address?.ipAddress ?? ""
        let message: String
        if countByAddress[source, default: 0] >= limitPerAddress {
            message =
                "\(Self.grouped(limitPerAddress)) connections from \(source.isEmpty ? "there" : source) are open, "
                + "and one address may have no more; close some"
        } else if count >= Limits.connections {
            message = "\(Self.grouped(Limits.connections)) connections are open, and there may be no more; close some"
        } else {
            return nil
        }
        refusals.count(message)
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
