// Which SIP user has authenticated at which address. Many switches challenge a REGISTER and accept INVITEs from the
// same address: those have a From and no credentials, and are still the user's.

import CallEvents

/// A user that authenticated at an address, to be passed to another feed with the same hash seed.
public struct ProvenUser: Sendable, Equatable {
    /// A hash of both.
    var pair: UInt64
    var micros: Int64
}

/// Two tables of fixed size: requests with credentials whose answer is pending, and pairs of user and address with a
/// 2xx. Newer entries replace older ones; a scanner gets none, because its guesses are not answered by 2xx.
struct ProvenUsers: Sendable {
    private struct Request: Sendable {
        /// Distinguishes it from others in the same slot.
        var check: UInt64 = 0
        var pair: UInt64 = 0
    }

    private var requests = [Request](repeating: Request(), count: FeedLimits.openCredentials)
    /// Two slots for each pair: 40 bits of its hash, and above 0, in 24 bits, the minute of its last proof.
    private var pairs = [UInt64](repeating: 0, count: FeedLimits.provenUsers)
    /// No user was proven so far: lookups can be skipped.
    private(set) var isEmpty = true
    /// A request with credentials was observed: an answer may be one to it.
    private(set) var isAsked = false
    /// What was proven since the last `takeProven`, once that is used.
    private var news: [ProvenUser] = []
    var keepsNews = false

    /// A request came with a user's credentials.
    /// - Parameters:
    ///   - key: of its dialog or attempt and its caller.
    ///   - pair: a keyed hash of user and address.
    mutating func asked(_ key: CallKey, sequence: UInt32, pair: UInt64) {
        let (place, check) = ProvenUsers.place(key, sequence)
        requests[place] = Request(check: check, pair: pair)
        isAsked = true
    }

    /// A request was answered by 2xx.
    mutating func accepted(_ key: CallKey, sequence: UInt32, micros: Int64) {
        guard isAsked else { return }
        let (place, check) = ProvenUsers.place(key, sequence)
        guard requests[place].check == check, requests[place].pair != 0 else { return }
        prove(requests[place].pair, micros: micros)
        if keepsNews { news.append(ProvenUser(pair: requests[place].pair, micros: micros)) }
        requests[place] = Request()
    }

    mutating func takeNews() -> [ProvenUser] {
        defer { news.removeAll() }
        return news
    }

    mutating func take(_ users: [ProvenUser]) {
        for user in users { prove(user.pair, micros: user.micros) }
    }

    /// Whether a user has recently authenticated at an address.
    func isProven(_ pair: UInt64, micros: Int64) -> Bool {
        if isEmpty { return false }
        let home = ProvenUsers.home(pair)
        return [home, home ^ 1].contains {
            pairs[$0] & ~ProvenUsers.minutes == pair & ~ProvenUsers.minutes
                && ProvenUsers.minutes(from: pairs[$0], to: micros) <= FeedLimits.provenMinutes
        }
    }

    private mutating func prove(_ pair: UInt64, micros: Int64) {
        isEmpty = false
        let home = ProvenUsers.home(pair)
        let entry = pair & ~ProvenUsers.minutes | max(1, ProvenUsers.minute(micros))
        let known = [home, home ^ 1].first { pairs[$0] & ~ProvenUsers.minutes == pair & ~ProvenUsers.minutes }
        if let known {
            // Out of order: the latest proof counts.
            if ProvenUsers.minutes(from: pairs[known], to: micros) >= 0 { pairs[known] = entry }
            return
        }
        let isOther = [home, home ^ 1].min { age(pairs[$0], micros) > age(pairs[$1], micros) }
        pairs[isOther ?? home] = entry
    }

    private func age(_ entry: UInt64, _ micros: Int64) -> Int {
        entry == 0 ? .max : ProvenUsers.minutes(from: entry, to: micros)
    }

    private static let minutes: UInt64 = 0xFF_FFFF

    private static func minute(_ micros: Int64) -> UInt64 { UInt64(bitPattern: micros / 60_000_000) & minutes }

    /// Minutes from an entry's time to this one; below 0: this one is earlier. Modulo 2^24 minutes, 31 years.
    private static func minutes(from entry: UInt64, to micros: Int64) -> Int {
        let difference = (minute(micros) &- entry) & minutes
        return difference > minutes / 2 ? Int(difference) - Int(minutes) - 1 : Int(difference)
    }

    private static func home(_ pair: UInt64) -> Int {
        Int(truncatingIfNeeded: pair & UInt64(FeedLimits.provenUsers - 1))
    }

    private static func place(_ key: CallKey, _ sequence: UInt32) -> (place: Int, check: UInt64) {
        let place = Int(truncatingIfNeeded: key.low & UInt64(FeedLimits.openCredentials - 1))
        return (place, max(1, key.high ^ UInt64(sequence)))
    }
}

extension ProvenUsers {
    /// Place and entry of each pair.
    var pairColumns: [[Int64]] {
        var columns = [[Int64]](repeating: [], count: 2)
        for (place, entry) in pairs.enumerated() where entry != 0 {
            columns[0].append(Int64(place))
            columns[1].append(Int64(bitPattern: entry))
        }
        return columns
    }

    /// Place, check and pair of each request.
    var requestColumns: [[Int64]] {
        var columns = [[Int64]](repeating: [], count: 3)
        for (place, request) in requests.enumerated() where request.pair != 0 {
            columns[0].append(Int64(place))
            columns[1].append(Int64(bitPattern: request.check))
            columns[2].append(Int64(bitPattern: request.pair))
        }
        return columns
    }

    /// - Returns: nil if these are not such columns.
    init?(pairs pairColumns: [[Int64]], requests requestColumns: [[Int64]]) {
        guard HEPFeedMemory.areColumns(pairColumns, count: 2, rows: FeedLimits.provenUsers),
            HEPFeedMemory.areColumns(requestColumns, count: 3, rows: FeedLimits.openCredentials)
        else { return nil }
        for row in pairColumns[0].indices {
            guard let place = Int(exactly: pairColumns[0][row]), pairs.indices.contains(place) else { return nil }
            pairs[place] = UInt64(bitPattern: pairColumns[1][row])
            isEmpty = false
        }
        for row in requestColumns[0].indices {
            guard let place = Int(exactly: requestColumns[0][row]), requests.indices.contains(place) else { return nil }
            requests[place] = Request(
                check: UInt64(bitPattern: requestColumns[1][row]), pair: UInt64(bitPattern: requestColumns[2][row]))
            isAsked = true
        }
    }
}
