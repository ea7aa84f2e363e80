// The zone that times are shown in, and that times without one are read in.

/// A time zone: a name, and how far it is from UTC at an instant.
public struct DisplayZone: Sendable {
    /// As it is given to `--time-zone` and shown: `UTC`, `Europe/Berlin`, `+02:00`.
    public let name: String
    /// Seconds east of Greenwich at an instant, in seconds since 1970.
    public let offset: @Sendable (Int64) -> Int64

    public init(name: String, offset: @escaping @Sendable (Int64) -> Int64) {
        self.name = name
        self.offset = offset
    }

    public static let utc = DisplayZone(name: "UTC") { _ in 0 }

    /// Always so many seconds east of Greenwich.
    public static func fixed(seconds: Int64) -> DisplayZone {
        seconds == 0 ? .utc : DisplayZone(name: offsetText(seconds, isShort: false)) { _ in seconds }
    }

    /// What stands behind a time: `Z`, `+01`, `-03:30`.
    func suffix(atSeconds seconds: Int64) -> String {
        let offset = offset(seconds)
        return offset == 0 ? "Z" : Self.offsetText(offset, isShort: true)
    }

    private static func offsetText(_ seconds: Int64, isShort: Bool) -> String {
        let minutes = Int(seconds.magnitude / 60)
        let (hours, rest) = (String(minutes / 60), minutes % 60)
        let text = (seconds < 0 ? "-" : "+") + (hours.count < 2 ? "0" : "") + hours
        return isShort && rest == 0 ? text : text + ":" + (rest < 10 ? "0" : "") + String(rest)
    }

    /// The instant that shows as a local time; both in seconds since 1970, as if the local time were UTC. In the hour
    /// that the end of daylight saving repeats it is the first of two, and of an hour that its begin skips, the time by
    /// the clock of before.
    public func instant(ofLocal local: Int64) -> Int64 {
        // A day before and a day after the zone has the offsets of before and after any change that matters here.
        let (before, after) = (offset(local - 86_400), offset(local + 86_400))
        if offset(local - before) == before { return local - before }
        if offset(local - after) == after { return local - after }
        return local - before
    }
}
