import ArgumentParser
import CallEvents
import Client
import Foundation
import SwiftProtobuf
import Terminal
import Wire

struct CustomerWhoCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "who", abstract: "Whose a call would be: which auth entry gets it, and why.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var call: CallOptions

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_WhoRequest()
        request.party = try call.party()
        return WhoReport(answer: try await client.who(request))
    }
}

/// The properties of a call.
struct CallOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: ArgumentHelp("The address that it comes from.", valueName: "address"))
    var ip: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The port that it comes from.", valueName: "port"))
    var port: UInt16?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The address that it goes to.", valueName: "address"))
    var destination: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The number that is called, as dialled.", valueName: "number"))
    var called: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Of a call that our switch sends to a customer: the number, or the trunk's address.",
            valueName: "number|address"))
    var to: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Which way a CDR says that the call goes; leg: our switch sends it.", valueName: "outbound|inbound|leg"))
    var direction: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The domain of From.", valueName: "domain"))
    var fromDomain: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The domain of the request's URI.", valueName: "domain"))
    var uriDomain: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The domain of Contact.", valueName: "domain"))
    var contactDomain: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The trunk group.", valueName: "name"))
    var tgrp: String?

    @Option(
        name: .customLong("header"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A header, such as X-Customer=acme; may be given several times.", valueName: "name=value"))
    var headers: [String] = []

    @Option(
        name: .customLong("pai"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A number, user or domain in P-Asserted-Identity; may be given several times.", valueName: "identity"))
    var identities: [String] = []

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The user part of the caller's SIP address.", valueName: "user"))
    var sip: String?

    @Flag(help: "The SIP user is that of credentials which the switch accepted.")
    var authenticated = false

    @Option(parsing: .unconditional, help: ArgumentHelp("The account code of a CDR.", valueName: "code"))
    var account: String?

    /// - Throws: `UsageError`.
    func party() throws(UsageError) -> Busyhour_V1_Party {
        var party = Busyhour_V1_Party()
        if let ip { party.source = try Self.address(ip, "--ip") }
        if let destination { party.destination = try Self.address(destination, "--destination") }
        party.sourcePort = UInt32(port ?? 0)
        party.called = called ?? ""
        party.fromDomain = (fromDomain ?? "").lowercased()
        party.uriDomain = (uriDomain ?? "").lowercased()
        party.contactDomain = (contactDomain ?? "").lowercased()
        party.trunkGroup = tgrp ?? ""
        party.assertedIdentities = identities
        for header in headers {
            guard let sign = header.firstIndex(of: "="), sign > header.startIndex else {
                throw UsageError("'\(header)' is no header; write --header X-Customer=acme")
            }
            party.headers.append(
                .with {
                    $0.name = header[..<sign].trimming(while: \.isWhitespace).lowercased()
                    $0.value = String(header[header.index(after: sign)...].trimming(while: \.isWhitespace))
                })
        }
        party.sipUser = sip ?? ""
        party.hasCredentials_p = authenticated
        party.account = account ?? ""
        try setReceiver(of: &party)
        guard party != Busyhour_V1_Party() else {
            throw UsageError(
                "nothing is told of the call; give what it says, as --ip 198.51.100.20 --called 9911#4930123")
        }
        if let direction {
            guard let known = CallDirection(direction) else {
                throw UsageError("no direction '\(direction)'; write outbound, inbound or leg")
            }
            party.direction = known.name
        }
        return party
    }

    /// What `--to` says: a leg of our switch, and where it goes.
    private func setReceiver(of party: inout Busyhour_V1_Party) throws(UsageError) {
        guard let to else { return }
        guard direction == nil else {
            throw UsageError(
                "--to is a leg that our switch sends; leave --direction out, or give --called NUMBER with it")
        }
        party.direction = CallDirection.switchLeg.name
        if IPAddress(to) != nil {
            guard destination == nil else { throw UsageError("--to ADDRESS and --destination say the same; give one") }
            party.destination = try Self.address(to, "--to")
        } else {
            guard called == nil else { throw UsageError("--to NUMBER and --called say the same; give one") }
            party.called = to
        }
    }

    private static func address(_ text: String, _ option: String) throws(UsageError) -> Data {
        guard let address = IPAddress(text) else {
            throw UsageError("'\(text)' of \(option) is no address; give one as 203.0.113.7 or 2001:db8::7")
        }
        var bytes = [address.high, address.low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
        if address.isV4 { bytes.removeFirst(12) }
        return Data(bytes)
    }
}
