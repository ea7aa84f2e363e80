// What the TLS port shows of itself and asks of agents, read from files: at the start, and again at SIGHUP.

import NIOCore
import NIOSSL

struct TLSIdentity: Sendable {
    let context: NIOSSLContext
    let certificatePath: String
    /// When the first of the certificates that are shown expires, microseconds since 1970.
    let expiresAtMicros: Int64

    /// Reads the files. Errors name the file, the option that it comes from, and what to do.
    init(_ files: HEPTLS) throws(ServerError) {
        let chain = try Self.certificates(in: files.certificatePath, option: "--hep-tls-cert")
        let key = try Self.key(in: files.keyPath)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        // Nothing is sent that an agent would miss, so nothing waits long for its farewell.
        configuration.shutdownTimeout = Limits.tlsFarewell
        if let path = files.clientAuthorityPath {
            configuration.trustRoots = .certificates(try Self.certificates(in: path, option: "--hep-tls-ca"))
            // An agent has no name that could be checked, but its certificate.
            configuration.certificateVerification = .noHostnameVerification
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch NIOSSLError.failedToLoadPrivateKey {
            throw ServerError(
                "the key in \(files.keyPath) (--hep-tls-key) is not that of the certificate in \(files.certificatePath) "
                    + "(--hep-tls-cert); give the two that belong together, the server's own certificate first in its "
                    + "file", kind: .usage)
        } catch {
            throw ServerError(
                "TLS takes neither \(files.certificatePath) nor its key: \(error); make a new certificate", kind: .usage
            )
        }
        certificatePath = files.certificatePath
        let expiry = chain.map { Int64($0.notValidAfter) }.min() ?? .max
        let (micros, isBeyond) = expiry.multipliedReportingOverflow(by: 1_000_000)
        expiresAtMicros = isBeyond ? .max : micros
    }

    /// The certificates of a PEM file, of which there is one at least.
    private static func certificates(in path: String, option: String) throws(ServerError) -> [NIOSSLCertificate] {
        let text = try read(path, option: option, mark: "-----BEGIN CERTIFICATE-----", what: "certificate")
        do {
            let certificates = try NIOSSLCertificate.fromPEMBytes(Array(text.utf8))
            if !certificates.isEmpty { return certificates }
        } catch {}
        throw ServerError(
            "a certificate in \(path) (\(option)) is damaged; copy the file again, as a whole", kind: .usage)
    }

    private static func key(in path: String) throws(ServerError) -> NIOSSLPrivateKey {
        let option = "--hep-tls-key"
        let text = try read(path, option: option, mark: "PRIVATE KEY-----", what: "private key")
        // The older way to say so is a line of the key's head, and the newer one its first line.
        guard !text.contains("ENCRYPTED") else {
            throw ServerError(
                "the key in \(path) (\(option)) has a passphrase, which a server cannot ask for; write it without: "
                    + "openssl pkey -in \(path) -out NEW", kind: .usage)
        }
        do {
            // Without this BoringSSL would ask at the terminal.
            return try NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem) { setter in setter([UInt8]()) }
        } catch {
            throw ServerError(
                "the key in \(path) (\(option)) is damaged; copy the file again, as a whole", kind: .usage)
        }
    }

    /// A text file that has `mark` in it.
    private static func read(
        _ path: String, option: String, mark: String, what: String
    ) throws(ServerError) -> String {
        let remedy = "give the file of the \(what) with \(option)"
        let bytes = try SmallFile.read(path, limit: Limits.certificateFileBytes, remedy: remedy)
        guard let bytes, let text = String(validating: bytes, as: UTF8.self), text.contains(mark) else {
            throw ServerError(
                "\(path) (\(option)) has no \(what) in PEM (\(mark)); other formats become PEM by openssl, as in "
                    + "openssl \(what == "certificate" ? "x509" : "pkey") -inform der -in \(path)", kind: .usage)
        }
        return text
    }
}

extension TLSIdentity {
    /// What is to be told of the certificate's end; nil: it is far away.
    func expiryNotice(now: Int64) -> String? {
        let left = expiresAtMicros.subtractingReportingOverflow(now)
        guard !left.overflow, left.partialValue < Limits.certificateNoticeMicros else { return nil }
        let hours = left.partialValue / 3_600_000_000
        let state =
            left.partialValue <= 0
            ? "has expired, and agents refuse it"
            : "expires in \(hours >= 48 ? "\(hours / 24) days" : "\(hours) hours")"
        return "the certificate of HEP by TLS \(state): put a new one into \(certificatePath) and send SIGHUP"
    }
}
