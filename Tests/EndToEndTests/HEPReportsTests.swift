// Situations that operators have reported in public, each as a small capture: the figures that are right, and the same
// again when it is played twice.

import Board
import Testing

@Suite struct HEPReportsTests {
    /// What a board shows of the one customer; `nil` is no sample.
    typealias Figures = [String: Double?]

    private func play(_ report: String, _ parts: [(file: String, figures: Figures)], auth: AuthEntry) throws {
        var replay = HEPReplay(customers: ["customer"], auth: [auth])
        for round in ["once", "twice"] {
            for part in parts {
                let counted = try replay.play("reports/\(report)/\(part.file).hep")
                #expect(counted.errors == 0, "\(report) \(part.file), \(round): errors")
                if round == "twice" { #expect(counted.calls == 0, "\(report): counted again") }
                guard round == "once" || part.file == parts.last?.file else { continue }
                for (name, expected) in part.figures {
                    let value = try replay.value(name, row: 0)
                    let isRight = value == expected || abs((value ?? .infinity) - (expected ?? .infinity)) < 0.06
                    #expect(
                        isRight, "\(report) \(part.file), \(round): \(name) is \(value as Any), not \(expected as Any)")
                }
            }
        }
        #expect(replay.engine.status(now: 0).unattributed == 0, "\(report): unattributed")
    }

    @Test func severalMessagesInOnePayload() throws {
        try play(
            "06-hep-several-sip-messages-in-one-payload",
            [
                (
                    "capture",
                    [
                        "attempts": 2, "answered": 1, "failed": 1, "asr": 50, "asr_n": 2, "causes.busy": 1, "acd": 30,
                        "acd_n": 1, "talk": 30, "pdd": 1_200, "pdd_n": 1, "active": 0,
                    ]
                )
            ], auth: .ip("198.51.100.40"))
    }

    @Test func earlyMediaLongerThanThreeMinutes() throws {
        try play(
            "09-early-media-longer-than-three-minutes",
            [
                ("part1", ["active": 1, "attempts": 2, "answered": 1, "failed": 0, "asr": 100, "asr_n": 1]),
                (
                    "part2",
                    [
                        "active": 0, "attempts": 2, "answered": 2, "failed": 0, "asr": 100, "asr_n": 2, "acd": 50,
                        "acd_n": 2, "talk": 100, "pdd": 1_000, "pdd_n": 2,
                    ]
                ),
            ], auth: .ip("198.51.100.60"))
    }

    @Test func aProxyThatFailsOverWithTheSameCSeq() throws {
        try play(
            "10-customers-proxy-fails-over-with-the-same-cseq",
            [
                ("part1", ["active": 1, "attempts": 1, "failed": 0]),
                (
                    "part2",
                    [
                        "attempts": 2, "answered": 1, "failed": 1, "asr": 50, "causes.busy": 1, "causes.network": 0,
                        "ner": 100,
                        "acd": 60, "talk": 60, "active": 0,
                    ]
                ),
            ], auth: .ip("198.51.100.70"))
    }

    @Test func reasonHeadersOfTwoProtocols() throws {
        try play(
            "13-reason-headers-of-two-protocols",
            [
                (
                    "capture",
                    [
                        "attempts": 8, "answered": 2, "asr": 25, "ner": 87.5, "acd": 15, "acd_n": 2, "talk": 30,
                        "causes.busy": 3, "causes.no_answer": 1, "causes.rejected": 1, "causes.network": 1,
                        "causes.abandoned": 0, "causes.bad_number": 0,
                        "causes.refused": 0, "causes.blocked": 0,
                    ]
                )
            ], auth: .ip("198.51.100.80"))
    }

    @Test func anonymousChallengedAndRefusedForItsInterval() throws {
        try play(
            "15-anonymous-407-then-422-then-answered",
            [
                (
                    "capture",
                    [
                        "bids": 2, "attempts": 2, "answered": 1, "failed": 1, "asr": 50, "asr_n": 2, "acd": 60,
                        "talk": 60, "pdd": 2_000, "pdd_n": 1, "causes.network": 1, "active": 0,
                    ]
                )
            ], auth: .sip("withheld"))
    }

    /// Two agents see the same messages, and the second one's clock is 1.7 s off.
    @Test(arguments: ["behind", "ahead"]) func twoAgents(clock: String) throws {
        try play(
            "30-clocks-of-capture-agents",
            [
                (
                    "two-agents-\(clock)",
                    [
                        "attempts": 4, "answered": 3, "failed": 1, "asr": 75, "acd": 30, "acd_n": 3, "talk": 90,
                        "pdd": 2_000, "active": 0,
                    ]
                )
            ], auth: .ip("198.51.100.94"))
    }

    @Test func theSwitchEndedTheCall() throws {
        try play(
            "21-bye-of-the-switch-was-not-mirrored",
            [
                (
                    "capture",
                    [
                        "bids": 6, "attempts": 6, "answered": 5, "failed": 1, "asr": 83.3, "asr_n": 6, "acd": 27.5,
                        "acd_n": 4, "talk": 110, "active": 0, "pdd": 1_500, "pdd_n": 6,
                    ]
                )
            ], auth: .ip("198.51.100.110"))
    }
}
