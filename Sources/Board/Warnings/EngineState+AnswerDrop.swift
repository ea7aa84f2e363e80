// `asr_drop`: the windows that are judged, and the reason in words.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension EngineState {
    /// Costs some nanoseconds per window for ASRs nowhere near a drop, half a microsecond for others.
    func hasDropped(_ sample: WarningSample, _ row: UInt32, isRaised: Bool) -> Bool {
        let threshold = warnings.threshold(.asrDrop, row)
        guard threshold.isOn else { return false }
        let points = isRaised ? threshold.clear : threshold.raise
        let level = (isRaised ? threshold.levelToStay : threshold.level) / DropWindow.looks
        return DropWindow.allCases.contains { window in
            guard let drop = sample.drop(window, sample: threshold.sample), drop.points > points else { return false }
            return drop.isUnlikely(warnings.dispersion(window, sample.day), level: level)
        }
    }

    /// Adds a customer's evidence of how much ASR varies over time.
    mutating func measureDispersion(_ sample: WarningSample) {
        for window in DropWindow.allCases {
            guard let drop = sample.drop(window, sample: BoardLimits.dispersionCalls) else { continue }
            warnings.dispersions[window.rawValue].add(drop)
        }
    }

    /// The measured value of a customer's warning, and the reason where the value does not say why it is raised.
    func measured(_ kind: WarningKind, _ sample: WarningSample, _ row: UInt32) -> (value: Double?, reason: String) {
        guard kind == .asrDrop else {
            let reason = kind == .channelsNearLimit ? sample.channelsReason : ""
            return (sample.value(of: kind, delays: warnings.delays), reason)
        }
        guard let (window, drop, probability) = largestDrop(sample, row) else { return (nil, "") }
        // `ASR 12.5 % of 144 calls in 15m, 48 % of 8211 in the 24h before; p 3e-15`
        let reason =
            "ASR \(Self.percent(drop.recent)) % of \(drop.recent.count) calls in \(window.name), "
            + "\(Self.percent(drop.before)) % of \(drop.before.count) in the 24h before; p \(Self.short(probability))"
        return (drop.points, reason)
    }

    /// The window that is least likely by chance, with the probability that any look at any window is as unlikely, for
    /// as long as the window is.
    private func largestDrop(
        _ sample: WarningSample, _ row: UInt32
    ) -> (window: DropWindow, drop: AnswerDrop, probability: Double)? {
        let least = warnings.threshold(.asrDrop, row).sample
        let drops = DropWindow.allCases.compactMap { window in
            sample.drop(window, sample: least).map { drop in
                let probability = drop.probability(warnings.dispersion(window, sample.day))
                return (window, drop, min(1, DropWindow.looks * probability))
            }
        }
        return drops.min { $0.2 < $1.2 }
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
