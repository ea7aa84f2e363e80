// The state of the server in one answer.

import Board
import Glibc
import SwiftProtobuf
import Wire

extension EngineHost {
    func status(now: Int64) -> Busyhour_V1_StatusResponse {
        let engineStatus = engine.status(now: now)
        var response = Busyhour_V1_StatusResponse()
        response.version = Server.version
        response.health = health
        response.now = engineStatus.nowMicros
        response.clock = engine.configuration.clock.rawValue
        response.startedAt = startedAtMicros
        response.customers = UInt64(clamping: engineStatus.customers)
        response.activeCalls = UInt64(clamping: engineStatus.activeCalls)
        response.tombstones = UInt64(clamping: engineStatus.tombstones)
        response.residentBytes = ProcessMemory.residentBytes()
        response.feeds = FeedName.allCases.filter { $0 != .hepTLS || addresses.hepTLS != nil }.map { feedStatus($0) }
        response.agents = agents.messages(agentClock) + captures.agents.messages(nil)
        response.unattributed = UInt64(clamping: engineStatus.unattributed)
        response.unattributedSources = engineStatus.unattributedSources.map { source in
            var message = Busyhour_V1_UnattributedSource()
            message.source = source.source
            message.attempts = UInt64(clamping: source.attempts)
            message.lastSeen = source.lastSeenMicros
            return message
        }
        response.late = UInt64(clamping: engineStatus.late)
        response.future = UInt64(clamping: engineStatus.future)
        response.timedOut = UInt64(clamping: engineStatus.timedOut)
        response.noResponse = UInt64(clamping: engineStatus.noResponse)
        response.connections = UInt64(clamping: connections.count)
        response.requests = requests
        response.requestErrors = requestErrors
        response.libraries = Self.libraries
        response.statisticsSaved = saver?.savedStatisticsMicros ?? 0
        response.coverageFrom = engineStatus.coverageFromMicros
        response.producers = UInt64(clamping: engineStatus.producers)
        response.lostByProducers = engineStatus.lostByProducers
        response.finishedCalls = UInt64(clamping: engineStatus.finishedCalls)
        response.finishedCallBytes = UInt64(clamping: engineStatus.finishedCallBytes)
        response.detailsRefused = UInt64(clamping: engineStatus.detailsRefused)
        response.clockBehindMicros = engine.clockWatch.behindMicros
        let scheduled = engine.scheduledSummary
        (response.scheduled, response.nextScheduled) = (UInt64(scheduled.count), scheduled.nextMicros)
        let failed = engine.failedChanges(since: now - BoardLimits.failedMicros, limit: .max)
        response.failedChanges = UInt64(failed.count)
        response.money = engine.moneyTotals.map(Busyhour_V1_MoneySums.init)
        response.moneySince = engine.moneySinceMicros
        response.callsMeanwhile = UInt64(clamping: engine.clockWatch.callsMeanwhile)
        return response
    }

    private func feedStatus(_ name: FeedName) -> Busyhour_V1_FeedStatus {
        let counts = feeds[name] ?? FeedCounts()
        var message = Busyhour_V1_FeedStatus()
        message.name = name.rawValue
        message.received = counts.received
        message.calls = counts.calls
        message.duplicates = counts.duplicates
        message.notCalls = counts.notCalls
        message.joined = counts.joined
        message.rerated = counts.rerated
        message.costs = counts.costs
        message.errors = counts.errorCount
        message.errorsByName = counts.errors
        message.credits = counts.credits
        switch name {
        case .hepUDP, .hepTCP: message.address = addresses.hep ?? "off"
        case .hepTLS: message.address = addresses.hepTLS ?? "off"
        case .hepFile, .cdr, .rpc: message.address = addresses.rpc
        }
        return message
    }

    /// The libraries that report their version at run time.
    private static let libraries = [
        "glibc": String(systemText(CInt(_CS_GNU_LIBC_VERSION)).split(separator: " ").last ?? "unknown"),
        "swift-protobuf": SwiftProtobuf.Version.versionString,
    ]

    /// The value of confstr(3), such as `glibc 2.36`.
    private static func systemText(_ name: CInt) -> String {
        var bytes = [CChar](repeating: 0, count: 64)
        let length = confstr(name, &bytes, bytes.count)
        // The length counts the closing 0 and, where the buffer was too short, what was cut.
        return String(
            decoding: bytes.prefix(max(0, min(length, bytes.count) - 1)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
