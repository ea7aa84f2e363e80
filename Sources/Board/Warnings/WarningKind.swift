// The catalogue of the board's warnings, with default levels and thresholds.

/// The raw values are bits, and are stored in files.
public enum WarningKind: UInt8, CaseIterable, Sendable {
    // From stored fields alone:
    case noAuth = 0
    case noRouting = 1
    case allRoutesDisabled = 2
    case noContactEmail = 3
    case noContactMobile = 4
    case noLimits = 5

    // Credit:
    case creditExhausted = 8
    case creditLow = 9
    case bufferHit = 10
    case creditRunway = 11
    case creditOvercommitted = 12

    // Quality:
    case asrLow = 16
    case asrDrop = 17
    case acdLow = 18
    case pddHigh = 19
    case shortCallRatio = 20

    // Traffic:
    case cpsOverLimit = 24
    case channelsNearLimit = 25
    case goneSilent = 26
    case statusMismatch = 27
    case stuckChannels = 28

    public enum Level: String, CaseIterable, Sendable { case info, warn, critical }

    /// Configuration warnings: they follow from the stored fields, without thresholds and without a time.
    public var isConfiguration: Bool { rawValue < 8 }

    var bit: UInt32 { 1 << UInt32(rawValue) }

    public init?(name: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }

    public var name: String { definition.name }
    public var level: Level { definition.level }
    /// One line: its meaning, with the unit of its thresholds.
    public var words: String { definition.words }
    /// The default threshold.
    public var standard: WarningThreshold { Self.standards[Int(rawValue)] }
    /// Whether it is judged by so few calls that chance matters, so that it has a level.
    var hasLevel: Bool { rawValue >= Self.asrLow.rawValue && rawValue <= Self.shortCallRatio.rawValue }
    /// The largest level that can be set: with 0.5 a figure counts as measured.
    var largestLevel: Double { self == .asrDrop ? 0.001 : 0.5 }
    /// Whether it is raised by values below its threshold.
    var isRaisedBelow: Bool { Self.raisedBelow & bit != 0 }

    /// By the raw value: read for every customer and kind each second.
    static let standards = (0..<32).map { number in
        WarningKind(rawValue: number)?.definition.threshold
            ?? WarningThreshold(raise: 0, clear: 0, sample: 0, isOn: false)
    }
    private static let raisedBelow = allCases.reduce(0 as UInt32) { bits, kind in
        kind.standard.raise < kind.standard.clear ? bits | kind.bit : bits
    }

    private struct Definition {
        var name: String
        var level: Level
        var threshold: WarningThreshold
        var words: String
    }

    private var definition: Definition {
        func make(_ name: String, _ level: Level, _ raise: Double, _ clear: Double, _ sample: Int64, _ words: String)
            -> Definition
        {
            // Warnings about how a customer is meant to be set up are off by default.
            Definition(
                name: name, level: level,
                threshold: WarningThreshold(
                    raise: raise, clear: clear, sample: sample, isOn: level != .info,
                    level: self == .asrDrop ? 1e-6 : 0.01),
                words: words)
        }
        return switch self {
        case .noAuth:
            make("no_auth", .warn, 0, 0, 0, "no address, SIP user or account code, so no call can be attributed")
        case .noRouting: make("no_routing", .warn, 0, 0, 0, "no route that is on")
        case .allRoutesDisabled: make("all_routes_disabled", .warn, 0, 0, 0, "there are routes, and all are off")
        case .noContactEmail: make("no_contact_email", .info, 0, 0, 0, "no contact has an e-mail address")
        case .noContactMobile: make("no_contact_mobile", .info, 0, 0, 0, "no contact has a mobile number")
        case .noLimits: make("limit_zero_or_unlimited", .info, 0, 0, 0, "channels or flow_speed is 0: unlimited")
        case .creditExhausted:
            make("credit_exhausted", .critical, 0, 0.01, 0, "available, while Active")
        case .creditLow: make("credit_low", .warn, 10, 12, 0, "available, in the customer's currency")
        case .bufferHit:
            make(
                "debit_limit_negative_buffer_hit", .warn, 0, 0.01, 0,
                "a negative debit limit leaves nothing of a credit that is there")
        case .creditRunway:
            make(
                "credit_runway", .critical, 30, 45, 0,
                "minutes until available is used up, at the pace of the 15 minutes and the live calls")
        case .creditOvercommitted:
            make("credit_overcommitted", .critical, 100, 90, 0, "what the live calls will cost, in % of available")
        case .asrLow: make("asr_low", .warn, 40, 45, 50, "ASR of 15 minutes, %")
        case .asrDrop:
            make(
                "asr_drop", .warn, 5, 3, 12,
                "ASR of 5 minutes to 4 hours below that of the 24 hours before, points; less likely by chance than .level"
            )
        case .acdLow: make("acd_low", .warn, 30, 35, 30, "ACD of 15 minutes, seconds")
        case .pddHigh: make("pdd_high", .warn, 6_000, 5_000, 30, "95th percentile of PDD of 15 minutes, milliseconds")
        case .shortCallRatio:
            make("short_call_ratio", .warn, 15, 12, 100, "short calls of the answered ones of 1 hour, %")
        case .cpsOverLimit: make("cps_over_limit", .warn, 100, 90, 0, "set-ups in the last second, in % of flow_speed")
        case .channelsNearLimit: make("channels_near_limit", .warn, 85, 75, 0, "live calls, in % of channels")
        case .goneSilent:
            make("gone_silent", .warn, 15, 5, 20, "minutes without a call, of a customer with so many in 24 hours")
        case .statusMismatch: make("status_mismatch", .critical, 0, 0, 0, "live calls of a customer who is not Active")
        case .stuckChannels:
            make("stuck_channels", .warn, 120, 110, 0, "minutes since the newest call, while some are live")
        }
    }
}

/// When a warning is raised and when it is cleared: they differ, so that it does not come and go with every call.
public struct WarningThreshold: Equatable, Sendable {
    public var raise: Double
    public var clear: Double
    /// With fewer calls than this nothing is reported.
    public var sample: Int64
    public var isOn = true
    /// For warnings judged by calls (`WarningKind.hasLevel`): anything as likely as this, or likelier, is taken for
    /// chance. `asr_drop` is raised by what is less likely where nothing is wrong, and cleared by what is a thousand
    /// times as likely; others by what is less likely for a customer exactly at the threshold.
    public var level: Double

    public init(raise: Double, clear: Double, sample: Int64, isOn: Bool = true, level: Double = 1e-6) {
        (self.raise, self.clear, self.sample, self.isOn, self.level) = (raise, clear, sample, isOn, level)
    }

    /// How unlikely something must be for a raised warning to stay.
    var levelToStay: Double { min(level * 1_000, 0.01) }
}
