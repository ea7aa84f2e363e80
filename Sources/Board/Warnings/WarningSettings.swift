// Thresholds as settings: `asr_low.raise=35`, for all customers or for one. They are a document of lines, so that they
// are saved, journalled and versioned like others.

import Columnar

/// A setting as displayed.
public struct WarningSetting: Equatable, Sendable {
    /// `asr_low.raise`.
    public var name: String
    public var value: String
    /// The value if it is unset: for a customer, the general value.
    public var standard: String
    public var meaning: String
}

/// The parts of a threshold that can be set.
private enum ThresholdPart: String, CaseIterable {
    case raise, clear, sample, on, level

    func text(_ threshold: WarningThreshold) -> String {
        switch self {
        case .raise: Self.text(threshold.raise)
        case .clear: Self.text(threshold.clear)
        case .sample: String(threshold.sample)
        case .on: threshold.isOn ? "true" : "false"
        case .level: Self.text(threshold.level)
        }
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
    }

    /// The parts of a warning's threshold.
    static func of(_ kind: WarningKind) -> [ThresholdPart] {
        if kind.isConfiguration { return [.on] }
        return kind.hasLevel ? allCases : [.raise, .clear, .sample, .on]
    }

    /// Its meaning for a warning, one line with the unit.
    func meaning(of kind: WarningKind) -> String {
        switch self {
        case .raise: "raised \(kind.isRaisedBelow ? "below" : "above") this: \(kind.words)"
        case .clear: "raised until it is \(kind.isRaisedBelow ? "above" : "below") this: \(kind.words)"
        case .sample: "calls that there must be at least; with fewer nothing is said"
        case .on: kind.isConfiguration ? kind.words : "whether it is looked at"
        case .level:
            kind == .asrDrop
                ? "the probability of so few answers by chance, in any look while a window lasts, below which it is raised"
                : "the probability of such a figure by chance, of a customer just at .raise, below which it is raised"
        }
    }

    /// Nil: the text is no value of this part.
    func set(_ threshold: WarningThreshold, _ text: String, of kind: WarningKind) -> WarningThreshold? {
        var threshold = threshold
        switch self {
        case .raise, .clear:
            guard let value = Double(text), value.isFinite, value.magnitude <= 1e12 else { return nil }
            if self == .raise { threshold.raise = value } else { threshold.clear = value }
        case .sample:
            guard let value = Int64(text), (0...1_000_000_000).contains(value) else { return nil }
            threshold.sample = value
        case .level:
            guard let value = Double(text), value >= 1e-30, value <= kind.largestLevel else { return nil }
            threshold.level = value
        case .on:
            switch text.lowercased() {
            case "true", "yes", "on": threshold.isOn = true
            case "false", "no", "off": threshold.isOn = false
            default: return nil
            }
        }
        return threshold
    }
}

extension Engine {
    static let warningSettings = "warnings"

    /// All thresholds: general ones (0), or as they apply to a customer.
    public func warningSettings(customerID: UInt32) -> [WarningSetting] {
        WarningKind.allCases.flatMap { kind -> [WarningSetting] in
            let general = state.warnings.thresholds[kind] ?? kind.standard
            let own = customerID == 0 ? general : state.warnings.threshold(kind, customerID - 1)
            let standard = customerID == 0 ? kind.standard : general
            return ThresholdPart.of(kind).map { part in
                WarningSetting(
                    name: "\(kind.name).\(part.rawValue)", value: part.text(own), standard: part.text(standard),
                    meaning: part.meaning(of: kind))
            }
        }
    }

    /// The settings with some assignments: `asr_low.raise=35`, or `asr_low.raise=` to restore the default.
    public func settings(setting assignments: [String], customerID: UInt32) throws(QueryError) -> Document {
        guard !assignments.isEmpty else { throw QueryError("nothing is set; give name=value, as asr_low.raise=35") }
        var lines = Self.lines(document(.settings, Self.warningSettings)?.contents ?? [])
        for assignment in assignments {
            let sides = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            guard sides.count == 2, let (kind, part) = Self.setting(sides[0]) else {
                throw QueryError(
                    "\(QueryError.quoted(assignment)) is no setting; `settings get` shows them, as asr_low.raise=35",
                    expression: assignment)
            }
            guard sides[1].isEmpty || part.set(kind.standard, sides[1], of: kind) != nil else {
                let hint =
                    switch part {
                    case .on: "true or false"
                    case .level: "a probability as 1e-6, at most \(kind.largestLevel)"
                    default: "a number"
                    }
                throw QueryError(
                    "\(QueryError.quoted(sides[1])) is no value of \(kind.name).\(part.rawValue); give \(hint)",
                    expression: assignment)
            }
            let name = "\(customerID) \(kind.name).\(part.rawValue)="
            lines.removeAll { $0.hasPrefix(name) }
            if !sides[1].isEmpty { lines.append(name + sides[1]) }
        }
        var document = Document(.settings, Self.warningSettings)
        document.contents = Array(lines.joined(separator: "\n").utf8)
        let (thresholds, _) = Self.thresholds(document.contents)
        for (kind, threshold) in thresholds
        where kind.isOrdered && kind.isRaisedBelow != (threshold.raise < threshold.clear)
            && threshold.raise != threshold.clear
        {
            let order = kind.isRaisedBelow ? "below" : "above"
            throw QueryError(
                "\(kind.name) is raised \(order) what clears it; set \(kind.name).raise and .clear together")
        }
        return document
    }

    private static func lines(_ contents: [UInt8]) -> [String] {
        String(decoding: contents, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func setting(_ name: String) -> (WarningKind, ThresholdPart)? {
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count == 2, let kind = WarningKind(name: parts[0]), let part = ThresholdPart(rawValue: parts[1]),
            ThresholdPart.of(kind).contains(part)
        else { return nil }
        return (kind, part)
    }

    /// Parses lines of settings; invalid ones are skipped.
    fileprivate static func thresholds(
        _ contents: [UInt8]
    ) -> ([WarningKind: WarningThreshold], [WarningTable.Key: WarningThreshold]) {
        var general: [WarningKind: WarningThreshold] = [:]
        var own: [WarningTable.Key: WarningThreshold] = [:]
        // General ones first: a customer's are based on them.
        for line in lines(contents).sorted(by: { ($0.hasPrefix("0 ") ? 0 : 1) < ($1.hasPrefix("0 ") ? 0 : 1) }) {
            let sides = line.split(separator: "=", maxSplits: 1).map(String.init)
            let words = sides.first?.split(separator: " ").map(String.init) ?? []
            guard sides.count == 2, words.count == 2, let id = UInt32(words[0]), let (kind, part) = setting(words[1])
            else {
                continue
            }
            let before = general[kind] ?? kind.standard
            if id == 0 {
                general[kind] = part.set(before, sides[1], of: kind) ?? before
            } else {
                let key = WarningTable.Key(row: id - 1, kind: kind)
                own[key] = part.set(own[key] ?? before, sides[1], of: kind) ?? before
            }
        }
        return (general, own)
    }
}

extension EngineState {
    /// Applies the stored settings.
    mutating func applySettings() {
        let contents = documents.find(.settings, Engine.warningSettings)?.contents ?? []
        (warnings.thresholds, warnings.overrides) = Engine.thresholds(contents)
        warnings.noteChange()
    }
}

extension WarningKind {
    /// Whether raise and clear must be on different sides.
    fileprivate var isOrdered: Bool {
        standard.raise != standard.clear && self != .creditExhausted && self != .bufferHit
    }
}
