import Board
import CallEvents
import Feeds

/// The settings of one server process, fixed at its start.
public struct ServerConfiguration: Sendable {
    /// Created if missing; two servers never share one.
    public var dataDirectory: String
    /// Where programs and the command line connect.
    public var listen = Endpoint(host: "127.0.0.1", port: 7878)
    /// Where switches send HEP3, by UDP and by TCP; nil: HEP is off.
    public var hep: Endpoint? = Endpoint(host: "127.0.0.1", port: 9060)
    /// Where they send it by TLS; nil: nowhere.
    public var hepTLS: HEPTLS?
    /// If not nil, HEP packets without this key are refused.
    public var hepKey: String?
    public var clock = ClockMode.wall
    /// How times of HEP agents whose clocks are off are treated; not checked with the events' clock.
    public var agentClock = AgentClockPolicy.correct
    /// Whether costs of finished calls are debited from the customers' credit.
    public var isDebiting = true
    /// Calls that cost more are refused.
    public var costLimit = CostLimit()
    /// Bytes per segment of a new journal, a multiple of 512 from 8 KiB to 1 GiB; an existing journal keeps its size.
    public var journalSegmentBytes = 64 << 20
    /// Addresses of our own switches (others are learnt from the customers' traffic).
    public var switches: [IPAddress] = []

    /// Finished calls retained for searches: 1 to `BoardLimits.finishedCalls`.
    public var keptCalls = BoardLimits.keptCalls
    /// How much of calling and called numbers is shown.
    public var numberMask = NumberMask.none

    /// Boards of more customers than this are answered by a thread of their own.
    public var customersAtOnce = Limits.customersAtOnce
    /// Program connections allowed per address.
    public var connectionsPerAddress = Limits.connectionsPerAddress

    public init(dataDirectory: String) {
        self.dataDirectory = dataDirectory
    }

    /// Some port is for HEP.
    var listensForHEP: Bool { hep != nil || hepTLS != nil }

    /// What the engine is told.
    var engine: EngineConfiguration {
        var engine = EngineConfiguration()
        engine.clock = clock
        engine.switches = switches
        engine.costLimit = costLimit
        engine.keptCalls = keptCalls
        engine.numberMask = numberMask
        return engine
    }
}
