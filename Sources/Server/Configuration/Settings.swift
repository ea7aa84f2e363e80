import Board
import CallEvents
import Feeds
import Store

/// What the operator set, as text, on the command line or in a file; nil where nothing was set.
public struct Settings: Equatable, Sendable {
    public var dataDirectory: String?
    public var listen: String?
    /// An address, or `off`.
    public var hep: String?
    /// An address, or `off`.
    public var hepTLS: String?
    /// Files of TLS.
    public var hepTLSCertificate: String?
    public var hepTLSKey: String?
    public var hepTLSAuthority: String?
    public var hepKey: String?
    /// `wall` or `events`.
    public var clock: String?
    /// `correct`, `trust` or `refuse`.
    public var agentClock: String?
    /// `on` or `off`.
    public var debit: String?
    /// Bytes with the suffix K, M or G: `64M`.
    public var journalSegment: String?
    /// Finished calls retained for searches.
    public var keepCalls: String?
    /// `none`, `last:N` or `all`.
    public var maskNumbers: String?
    public var switches: [String] = []
    /// Amounts, `500` for all currencies or `VND 5000000` for one.
    public var costLimits: [String] = []

    public init() {}

    /// These settings, with those of `other` where these are not set.
    public func over(_ other: Settings) -> Settings {
        var both = self
        both.dataDirectory = dataDirectory ?? other.dataDirectory
        both.listen = listen ?? other.listen
        both.hep = hep ?? other.hep
        both.hepTLS = hepTLS ?? other.hepTLS
        both.hepTLSCertificate = hepTLSCertificate ?? other.hepTLSCertificate
        both.hepTLSKey = hepTLSKey ?? other.hepTLSKey
        both.hepTLSAuthority = hepTLSAuthority ?? other.hepTLSAuthority
        both.hepKey = hepKey ?? other.hepKey
        both.clock = clock ?? other.clock
        both.agentClock = agentClock ?? other.agentClock
        both.debit = debit ?? other.debit
        both.journalSegment = journalSegment ?? other.journalSegment
        both.keepCalls = keepCalls ?? other.keepCalls
        both.maskNumbers = maskNumbers ?? other.maskNumbers
        both.switches = switches.isEmpty ? other.switches : switches
        both.costLimits = costLimits.isEmpty ? other.costLimits : costLimits
        return both
    }

    /// The configuration that these texts stand for.
    public func serverConfiguration() throws(ServerError) -> ServerConfiguration {
        guard let dataDirectory else { throw ServerError("no data directory; give --data-dir DIR", kind: .usage) }
        var configuration = ServerConfiguration(dataDirectory: dataDirectory)
        if let listen { configuration.listen = try Endpoint(parsing: listen) }
        if let hep { configuration.hep = hep == "off" ? nil : try Endpoint(parsing: hep) }
        configuration.hepTLS = try HEPTLS.parsing(
            hepTLS, certificate: hepTLSCertificate, key: hepTLSKey, clientAuthority: hepTLSAuthority)
        configuration.hepKey = hepKey
        if let clock {
            guard let mode = ClockMode(rawValue: clock) else {
                throw ServerError("no clock '\(clock)'; write wall or events", kind: .usage)
            }
            configuration.clock = mode
        }
        if let agentClock {
            guard let policy = AgentClockPolicy(rawValue: agentClock) else {
                throw ServerError(
                    "no agent clock '\(agentClock)'; write correct, trust or refuse", kind: .usage)
            }
            configuration.agentClock = policy
        }
        if let debit {
            guard debit == "on" || debit == "off" else {
                throw ServerError("no debit '\(debit)'; write on or off", kind: .usage)
            }
            configuration.isDebiting = debit == "on"
        }
        if let journalSegment { configuration.journalSegmentBytes = try Self.segmentBytes(journalSegment) }
        if let keepCalls {
            guard let count = Int(keepCalls), (1...BoardLimits.finishedCalls).contains(count) else {
                throw ServerError(
                    "'\(keepCalls)' is no number of calls to keep; write one from 1 to \(BoardLimits.finishedCalls)",
                    kind: .usage)
            }
            configuration.keptCalls = count
        }
        if let maskNumbers {
            guard let mask = NumberMask(maskNumbers) else {
                throw ServerError(
                    "no mask '\(maskNumbers)' for numbers; write none, all, or last:N to hide the last N digits (1 to 64)",
                    kind: .usage)
            }
            configuration.numberMask = mask
        }
        for text in switches {
            guard let address = IPAddress(text) else {
                throw ServerError("'\(text)' is not the IP address of a switch; write it as in 10.0.0.5", kind: .usage)
            }
            configuration.switches.append(address)
        }
        configuration.costLimit = try CostLimit(parsing: costLimits)
        return configuration
    }

    private static func segmentBytes(_ text: String) throws(ServerError) -> Int {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? Substring(text) : text.dropLast()
        let (bytes, overflow) = (Int(digits) ?? 0).multipliedReportingOverflow(by: unit ?? 1)
        guard !overflow, bytes % 512 == 0, Journal.segmentSizes.contains(bytes) else {
            throw ServerError(
                "'\(text)' is not a segment size; give a multiple of 512 bytes from 8K to 1G, such as 64M",
                kind: .usage)
        }
        return bytes
    }
}
