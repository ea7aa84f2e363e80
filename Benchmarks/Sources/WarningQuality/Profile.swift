import Foundation

/// Numbers that follow from other numbers: the same in every run.
enum Hash {
    /// SplitMix64.
    static func mix(_ number: UInt64) -> UInt64 {
        var bits = number &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// 0 to 1.
    static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) / 9_007_199_254_740_992 }

    static func normal(_ bits: UInt64) -> Double {
        let first = mix(bits)
        return sqrt(-2 * log(max(1e-12, unit(first)))) * cos(2 * .pi * unit(mix(first)))
    }
}

/// A fall of a customer's ASR.
struct Fall {
    /// What is left of the usual ASR, 0 to 1.
    var left: Double
    /// Seconds since the beginning.
    var start: Int
    var end: Int
}

/// What a customer's calls are like.
struct Profile {
    /// ASR of first attempts, and how far it goes up and down with the hour of the day.
    let usual: Double
    let daily: Double
    private let dailyPhase: Double
    /// Standard deviation of its ASR from one time to another, as a part of 1; three quarters of it from one quarter of
    /// an hour to the next, two thirds from one hour to the next.
    let spread: Double
    /// When its day begins, as a part of a day: time zones.
    private let dayPhase: Double
    let talkSeconds: Double
    let delayMilliseconds: Double
    /// It dials lists for three hours a day: four times as many calls, of which fewer are answered.
    let isDialler: Bool
    private let seed: UInt64
    var fall: Fall?

    static let (quarterPart, hourPart) = (0.75, 0.66)
    /// How often a failed attempt is dialled again, and how much less likely that is to be answered.
    static let (redialled, redialledAnswered) = (0.3, 0.5)
    static let (campaignCalls, campaignAnswered) = (4, 0.6)

    init(_ id: Int, seed: UInt64, spread middle: Double) {
        self.seed = Hash.mix(seed &* 0x1_0000_0001 ^ UInt64(id))
        var bits = self.seed
        func next() -> Double {
            bits = Hash.mix(bits)
            return Hash.unit(bits)
        }
        usual = 0.25 + 0.5 * next()
        daily = 0.05 * next()
        dailyPhase = next()
        // From 0.43 to 2.3 times the middle one.
        spread = middle * exp(log(5.3) * (next() - 0.5))
        dayPhase = 0.5 * (next() - 0.5)
        isDialler = next() < 0.02
        talkSeconds = isDialler ? 20 + 40 * next() : 30 * exp(log(12) * next())
        delayMilliseconds = 900 * exp(log(3.5) * next())
    }

    /// Calls now in those of the mean of a day.
    func pace(_ second: Int) -> Double {
        1 - 0.667 * cos(2 * .pi * (Double(second) / 86_400 + dayPhase))
    }

    func isInCampaign(_ second: Int) -> Bool {
        guard isDialler else { return false }
        let hour = second / 3_600 % 24
        return hour == 9 || hour == 13 || hour == 17
    }

    /// What is usual at this time of the day, of first attempts.
    func expected(_ second: Int) -> Double {
        usual + daily * sin(2 * .pi * (Double(second) / 86_400 + dailyPhase))
    }

    /// The probability that a first attempt at a second is answered.
    func answered(_ second: Int) -> Double {
        let quarter = Hash.normal(seed &+ UInt64(second / 900))
        let hour = Hash.normal(seed &+ UInt64(second / 3_600) << 32)
        var share = expected(second) + spread * (Self.quarterPart * quarter + Self.hourPart * hour)
        if isInCampaign(second) { share *= Self.campaignAnswered }
        share = min(max(share, 0.01), 0.97)
        if let fall, (fall.start..<fall.end).contains(second) { share *= fall.left }
        return share
    }

    /// ASR with the attempts that are dialled again, of first attempts of which so many are answered.
    static func withRedials(_ answered: Double) -> (share: Double, attempts: Double) {
        let again = answered * redialledAnswered
        let extra = (1 - answered) * redialled / (1 - (1 - again) * redialled)
        return ((answered + extra * again) / (1 + extra), 1 + extra)
    }
}
