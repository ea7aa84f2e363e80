import NIOCore

/// HEP3 over TLS: where agents connect, and the files by which both sides know each other. All files are PEM.
public struct HEPTLS: Equatable, Sendable {
    public var endpoint: Endpoint
    /// The server's certificate, and behind it those that signed it, up to but without the root.
    public var certificatePath: String
    /// The key of that certificate, without a passphrase.
    public var keyPath: String
    /// If not nil, agents have to show a certificate that one of the certificates in this file signed.
    public var clientAuthorityPath: String?
    /// How long a handshake may take.
    public var handshakePatience = Limits.handshakePatience

    public init(endpoint: Endpoint, certificatePath: String, keyPath: String, clientAuthorityPath: String? = nil) {
        self.endpoint = endpoint
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.clientAuthorityPath = clientAuthorityPath
    }

    /// What the options say.
    /// - Parameter hepTLS: an address, or `off`; nil: off.
    /// - Returns: nil: no TLS.
    static func parsing(
        _ hepTLS: String?, certificate: String?, key: String?, clientAuthority: String?
    ) throws(ServerError) -> HEPTLS? {
        guard let hepTLS else {
            guard certificate == nil && key == nil && clientAuthority == nil else {
                throw ServerError(
                    "--hep-tls-cert, --hep-tls-key and --hep-tls-ca are of the port for HEP by TLS; "
                        + "give --hep-tls HOST:PORT as well", kind: .usage)
            }
            return nil
        }
        if hepTLS == "off" { return nil }
        let endpoint = try Endpoint(parsing: hepTLS)
        guard let certificate, let key else {
            throw ServerError(
                "HEP by TLS needs a certificate and its key; give --hep-tls-cert FILE and --hep-tls-key FILE",
                kind: .usage)
        }
        return HEPTLS(
            endpoint: endpoint, certificatePath: certificate, keyPath: key, clientAuthorityPath: clientAuthority)
    }
}
