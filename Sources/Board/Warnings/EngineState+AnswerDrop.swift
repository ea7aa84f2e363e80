// `asr_drop`: which windows are judged, and the reason in words.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What is compared with the day before it. Customers with few calls in a quarter of an hour are judged by the hour, and so
/// are falls that a quarter of an hour cannot tell from chance.
enum DropWindow: Int, CaseIterable {
    case quarter
    case hour

    var name: String { self == .quarter ? Window.fifteenMinutes.name : Window.oneHour.name }
}

extension EngineState {
    /// Cost: some nanoseconds of those that are nowhere near, half a microsecond of others.
    func hasDropped(_ sample: WarningSample, _ row: UInt32, isRaised: Bool) -> Bool {
        let threshold = warnings.threshold(.asrDrop, row)
        guard threshold.isOn else { return false }
        let points = isRaised ? threshold.clear : threshold.raise
        let level = isRaised ? threshold.levelToStay : threshold.level
        return DropWindow.allCases.contains { window in
            guard let drop = sample.drop(window, sample: threshold.sample), drop.points > points else { return false }
            return drop.isUnlikely(warnings.dispersions[window.rawValue].value, level: level)
        }
    }

    /// What a customer says of how much ASR differs from time to time.
    mutating func measureDispersion(_ sample: WarningSample) {
        for window in DropWindow.allCases {
            guard let drop = sample.drop(window, sample: BoardLimits.dispersionCalls) else { continue }
            warnings.dispersions[window.rawValue].add(drop)
        }
    }

    /// `ASR 12.5 % of 144 calls in 15m, 48 % of 8211 in the 24h before; p 3e-15`.
    func reason(_ kind: WarningKind, _ sample: WarningSample, _ row: UInt32) -> String {
        guard kind == .asrDrop else { return "" }
        let least = warnings.threshold(.asrDrop, row).sample
        let drops = DropWindow.allCases.compactMap { window in
            sample.drop(window, sample: least).map { drop in
                (window, drop, drop.probability(warnings.dispersions[window.rawValue].value))
            }
        }
        guard let (window, drop, probability) = drops.min(by: { $0.2 < $1.2 }) else { return "" }
        return "ASR \(Self.percent(drop.recent)) % of \(drop.recent.count) calls in \(window.name), "
            + "\(Self.percent(drop.before)) % of \(drop.before.count) in the 24h before; p \(Self.short(probability))"
    }

    private static func percent(_ calls: (count: Int64, answered: Int64)) -> Double {
        (1_000 * Double(calls.answered) / Double(calls.count)).rounded() / 10
    }

    /// One digit and a power of ten.
    private static func short(_ probability: Double) -> String {
        guard probability > 1e-300 else { return "< 1e-300" }
        let exponent = floor(log10(probability))
        let digit = (probability / pow(10, exponent)).rounded()
        return digit < 10 ? "\(Int(digit))e\(Int(exponent))" : "1e\(Int(exponent) + 1)"
    }
}
