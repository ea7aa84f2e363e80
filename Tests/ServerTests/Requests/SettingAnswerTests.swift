import Board
import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// What is answered when settings are set, and until when a warning can be muted.
@Suite struct SettingAnswerTests {
    private func set(_ settings: [String], _ client: SimulatedClient) throws -> [String] {
        let request = Busyhour_V1_SetSettingsRequest.with { ($0.set, $0.who) = (settings, "anna") }
        return try client.call(.setSettings, request, Busyhour_V1_SettingsResponse.self).settings.map(\.name)
    }

    /// Whatever was set is in the answer, with its value.
    @Test func everySettingThatWasSetIsAnswered() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        #expect(try set(["asr_low.raise=35"], client) == ["asr_low.raise"])
        let all = ["asr_low.raise=34", "asr_low.clear=41", "gone_silent.on=false"]
        for count in 2...3 {
            for first in 0..<3 {
                let some = (0..<count).map { all[(first + $0) % 3] }
                let answered = Set(try set(some, client))
                let names = some.map { String($0.prefix { $0 != "=" }) }
                #expect(answered.isSuperset(of: names), "\(some): \(answered.sorted())")
            }
        }
    }

    /// Within a year from now, now excluded, and the last instant of it included.
    @Test func aWarningIsMutedForAYearAtMost() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        try client.create(1)
        let (now, year) = (SimulatedServer.noon, BoardLimits.scheduleMicros)
        let cases: [(Int64, Bool)] = [
            (.min, false), (0, false), (now - 1, false), (now, false), (now + 1, true), (now + year - 1, true),
            (now + year, true), (now + year + 1, false), (.max, false),
        ]
        for (until, isTaken) in cases {
            let request = Busyhour_V1_MarkWarningRequest.with {
                ($0.customerID, $0.warning, $0.mark, $0.until) = (1, "no_auth", .mute, until)
            }
            let answer = try? client.call(.markWarning, request, Busyhour_V1_WarningsResponse.self)
            #expect((answer != nil) == isTaken, "\(until - now)")
            if isTaken { #expect(answer?.warnings.map(\.mutedUntil) == [until]) }
        }
        // Of the other marks no time is asked.
        for mark in [Busyhour_V1_MarkWarningRequest.Mark.acknowledge, .remove] {
            let request = Busyhour_V1_MarkWarningRequest.with {
                ($0.customerID, $0.warning, $0.mark) = (1, "no_auth", mark)
            }
            let warning = try client.call(.markWarning, request, Busyhour_V1_WarningsResponse.self).warnings.first
            #expect(warning?.mutedUntil == 0 && (warning?.acknowledgedAt == now) == (mark == .acknowledge))
        }
    }
}
