/// Why a packet, the message in it or a connection was not understood. The names are stable; the status shows them.
public enum HEPError: String, Error, CaseIterable, Sendable {
    /// Neither HEP3 nor an older version.
    case magic = "hep_magic"
    /// HEP version 1 or 2: set `hep_version` 3 on the switch.
    case version = "hep_version"
    /// The stated length is below 6 or beyond the packet.
    case length = "hep_length"
    /// A chunk shorter than its header, beyond the packet's end, or of the wrong size for its type.
    case chunk = "hep_chunk"
    /// An address of a wrong size, or none: the message cannot be attributed.
    case address = "hep_address"
    /// The required key is missing or wrong.
    case authKey = "hep_auth"
    /// No payload in a packet that is not a keep-alive.
    case payload = "hep_payload_missing"
    /// Compressed payloads are not read; no known switch sends them unless configured to.
    case compressed = "hep_compressed"
    case sipStartLine = "sip_start_line"
    case sipStatus = "sip_status"
    case sipCallID = "sip_call_id"
    case sipFrom = "sip_from"
    case sipTo = "sip_to"
    case sipCSeq = "sip_cseq"
    /// A piece of a message on a stream whose beginning was not copied, or was given up.
    case sipPiece = "sip_piece"
    /// The rest of a cut message did not come within 10 seconds or before the next message of its connection.
    case sipRestMissing = "sip_rest_missing"
    /// The agent's clock is off, and such packets are refused (`AgentClockPolicy.refuse`).
    case agentClock = "agent_clock"

    // Of connections:

    /// A TLS greeting where plain HEP is expected.
    case tlsOnPlainPort = "tls_on_plain_port"
    /// Plain HEP where a TLS handshake is expected.
    case plainOnTLSPort = "plain_on_tls_port"
    /// A handshake that failed for another reason than the following, which need other remedies.
    case tlsHandshake = "tls_handshake"
    /// The handshake was not over in time.
    case tlsTimeout = "tls_timeout"
    /// The agent knows only versions of TLS before 1.2.
    case tlsVersion = "tls_version"
    /// The agent does not trust the server's certificate.
    case tlsCertificateRefused = "tls_certificate_refused"
    /// The agent shows no certificate, or one that is not trusted.
    case tlsAgentCertificate = "tls_agent_certificate"
    /// Behind the handshake came what is no TLS, or was changed on its way.
    case tlsRecord = "tls_record"
    /// The connection ended within a packet.
    case connectionCut = "hep_connection_cut"
    /// The limit of connections is reached.
    case tooManyConnections = "too_many_connections"
}

extension HEPError {
    /// What is wrong, in words.
    public var explanation: String {
        switch self {
        case .magic: "not a HEP packet"
        case .version: "a HEP packet of version 1 or 2"
        case .length: "a HEP packet whose length is below 6 bytes or beyond its end"
        case .chunk: "a HEP packet with a chunk that is too short, too long or of a wrong size"
        case .address: "a HEP packet without the addresses that its message went between"
        case .authKey: "a HEP packet with another authentication key than this server's, or none"
        case .payload: "a HEP packet with nothing in it"
        case .compressed: "a HEP packet with a compressed payload"
        case .sipStartLine: "a SIP message without a first line that can be read"
        case .sipStatus: "a SIP response without a status code"
        case .sipCallID: "a SIP message without Call-ID"
        case .sipFrom: "a SIP message without From"
        case .sipTo: "a SIP message without To"
        case .sipCSeq: "a SIP message without CSeq"
        case .sipPiece: "the rest of a SIP message whose beginning was not copied"
        case .sipRestMissing: "a SIP message whose rest did not come"
        case .agentClock: "a packet of an agent whose clock is off, which --agent-clock refuse refuses"
        case .tlsOnPlainPort: "a TLS greeting on the port for HEP without TLS"
        case .plainOnTLSPort: "HEP without TLS on the port for HEP by TLS"
        case .tlsHandshake: "a TLS handshake that failed"
        case .tlsTimeout: "a TLS handshake that was not over within 10 s"
        case .tlsVersion: "a TLS handshake by an agent that knows no version from 1.2 on"
        case .tlsCertificateRefused: "a TLS handshake that the agent ended: it does not trust this server's certificate"
        case .tlsAgentCertificate: "an agent without a certificate that --hep-tls-ca trusts, or with an expired one"
        case .tlsRecord: "a TLS connection that brought bytes that are no TLS"
        case .connectionCut: "a connection that ended within a HEP packet"
        case .tooManyConnections: "one connection more than there may be"
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .magic: "send HEP version 3 to this port, and nothing else"
        case .version: "set the switch or agent to HEP version 3 (hep_version 3)"
        case .length, .chunk, .address, .payload:
            "update the agent; if others send well, a network device may cut its datagrams: send by TCP"
        case .authKey: "give the agent the key of busyhourd --hep-key"
        case .compressed: "switch compression off at the agent"
        case .sipStartLine, .sipStatus, .sipCallID, .sipFrom, .sipTo, .sipCSeq:
            "if it is no scanner's message, look at it at its source; an agent may cut long messages"
        case .sipPiece, .sipRestMissing: "let the agent copy whole messages, or all segments of its connections"
        case .agentClock: "set the agent's clock (NTP), or start busyhourd with --agent-clock correct"
        case .tlsOnPlainPort: "send to the port of busyhourd --hep-tls, or by TCP without TLS to this one"
        case .plainOnTLSPort: "switch TLS on at the agent, or let it send to the port of busyhourd --hep"
        case .tlsHandshake: "if it is no scanner, look into the agent's log for its side of the handshake"
        case .tlsTimeout: "if it is no scanner, look whether a firewall lets both directions pass"
        case .tlsVersion: "update the agent, or its TLS library: TLS 1.2 or 1.3 is needed"
        case .tlsCertificateRefused:
            "let the agent trust the authority that signed --hep-tls-cert; if the certificate expired, renew it, then SIGHUP"
        case .tlsAgentCertificate: "give the agent a valid certificate that an authority of --hep-tls-ca has signed"
        case .tlsRecord: "look for a device on the way that changes traffic; the agent has to connect again"
        case .connectionCut: "nothing, if the agent sends that packet again; else look why the connection breaks"
        case .tooManyConnections: "let agents close connections that they do not use"
        }
    }
}
