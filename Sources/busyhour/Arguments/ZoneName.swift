// Names of time zones, as --time-zone takes them.

import Foundation
import Glibc
import Terminal

enum ZoneName {
    /// - Throws: `UsageError` for a text that names none.
    static func zone(_ text: String, of option: String = "--time-zone") throws(UsageError) -> DisplayZone {
        switch text.lowercased() {
        case "utc", "z": return .utc
        case "local": return .local
        default: break
        }
        if let sign = text.first, sign == "+" || sign == "-" {
            if let seconds = offset(text) { return .fixed(seconds: seconds) }
        } else if let zone = TimeZone(identifier: text) {
            return DisplayZone(name: text) { Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0)))) }
        }
        throw UsageError(
            "\(option): there is no time zone '\(text)'; give a name such as Europe/Berlin, an offset such as +02:00, local or utc"
        )
    }

    /// `+02:00`, `+0200` or `+02`, in seconds east of Greenwich.
    static func offset(_ text: some StringProtocol) -> Int64? {
        let digits = String(text.dropFirst()).filter { $0 != ":" }
        guard digits.count == 2 || digits.count == 4, digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
            let hours = Int64(digits.prefix(2)), hours < 24,
            let minutes = digits.count == 2 ? 0 : Int64(digits.suffix(2)), minutes < 60
        else { return nil }
        return (text.first == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }
}

extension DisplayZone {
    /// The zone of this machine, or of $TZ.
    static let local = DisplayZone(name: localName) { seconds in
        var seconds = time_t(seconds)
        var time = tm()
        // Nil only for years that no `Int32` holds.
        return localtime_r(&seconds, &time) == nil ? 0 : Int64(time.tm_gmtoff)
    }

    private static var localName: String {
        if let name = getenv("TZ").map({ String(cString: $0) }) {
            let name = name.hasPrefix(":") ? String(name.dropFirst()) : name
            return name.isEmpty ? "UTC" : name
        }
        let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/etc/localtime")) ?? ""
        return target.range(of: "zoneinfo/").map { String(target[$0.upperBound...]) } ?? "local time"
    }
}
