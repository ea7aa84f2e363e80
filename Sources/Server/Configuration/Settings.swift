import Board
import CallEvents

/// What the operator told, as text: on the command line or in a file. Nil where he did not say.
public struct Settings: Equatable, Sendable {
    public var dataDirectory: String?
    public var listen: String?
    /// An address, or `off`.
    public var hep: String?
    public var hepKey: String?
    /// `wall` or `events`.
    public var clock: String?
    /// `on` or `off`.
    public var debit: String?
    public var switches: [String] = []

    public init() {}

    /// These settings, and those of `other` where these do not say.
    public func over(_ other: Settings) -> Settings {
        var both = self
        both.dataDirectory = dataDirectory ?? other.dataDirectory
        both.listen = listen ?? other.listen
        both.hep = hep ?? other.hep
        both.hepKey = hepKey ?? other.hepKey
        both.clock = clock ?? other.clock
        both.debit = debit ?? other.debit
        both.switches = switches.isEmpty ? other.switches : switches
        return both
    }

    /// What they mean.
    public func serverConfiguration() throws(ServerError) -> ServerConfiguration {
        guard let dataDirectory else { throw ServerError("no data directory; give --data-dir DIR", kind: .usage) }
        var configuration = ServerConfiguration(dataDirectory: dataDirectory)
        if let listen { configuration.listen = try Endpoint(parsing: listen) }
        if let hep { configuration.hep = hep == "off" ? nil : try Endpoint(parsing: hep) }
        configuration.hepKey = hepKey
        if let clock {
            guard let mode = ClockMode(rawValue: clock) else {
                throw ServerError("no clock '\(clock)'; write wall or events", kind: .usage)
            }
            configuration.clock = mode
        }
        if let debit {
            guard debit == "on" || debit == "off" else {
                throw ServerError("no debit '\(debit)'; write on or off", kind: .usage)
            }
            configuration.isDebiting = debit == "on"
        }
        for text in switches {
            guard let address = IPAddress(text) else {
                throw ServerError("'\(text)' is not the IP address of a switch; write it as in 10.0.0.5", kind: .usage)
            }
            configuration.switches.append(address)
        }
        return configuration
    }
}
