// What no test could do better: one that knows a customer's usual ASR, how much it drifts, and when the fall begins and
// ends. It need only decide whether so few answers may be chance; by Neyman and Pearson nothing finds more falls at the
// same level.

import Foundation

struct Oracle {
    let level: Double
    /// Whether it knows what is usual at the hour, too, or only how far hours differ.
    let knowsHour: Bool

    /// The probability that it sees a fall.
    /// - Parameter calls: of the customer in a day, without those dialled again.
    func seen(_ profile: Profile, _ fall: Fall, calls: Double) -> Double {
        let seconds = stride(from: fall.start, to: fall.end, by: 60)
        let paces = seconds.map { profile.pace($0) }
        let pace = paces.reduce(0, +)
        let mean = zip(seconds, paces).reduce(0.0) { $0 + profile.expected($1.0) * $1.1 } / pace
        let first = calls * pace * 60 / 86_400
        let minutes = Double(fall.end - fall.start) / 60
        // What is left of the drift over the whole fall.
        let drift =
            profile.spread * profile.spread
            * (pow(Profile.quarterPart, 2) / max(1, minutes / 15) + pow(Profile.hourPart, 2) / max(1, minutes / 60))
        let hours = knowsHour ? 0 : profile.daily * profile.daily / 2
        let usual = Mixture(mean: knowsHour ? mean : profile.usual, deviation: sqrt(drift + hours), left: 1)
        let fallen = Mixture(mean: mean, deviation: sqrt(drift), left: fall.left)
        // More attempts are dialled again when fewer are answered, which it is not to know.
        let count = Int((first * Profile.withRedials(mean * fall.left).attempts).rounded())
        var below = -1
        while below + 1 < count && usual.atMost(below + 1, of: count) < level { below += 1 }
        return below < 0 ? 0 : fallen.atMost(below, of: count)
    }
}

/// Answers of calls whose probability of an answer is itself a normal number.
private struct Mixture {
    /// Probabilities and weights.
    private let parts: [(share: Double, weight: Double)]

    init(mean: Double, deviation: Double, left: Double) {
        let points = (-60...60).map { Double($0) / 10 }
        let weights = points.map { exp(-$0 * $0 / 2) }
        let sum = weights.reduce(0, +)
        parts = zip(points, weights).map { point, weight in
            let share = min(max(mean + deviation * point, 0.01), 0.97) * left
            return (Profile.withRedials(share).share, weight / sum)
        }
    }

    func atMost(_ answered: Int, of count: Int) -> Double {
        parts.reduce(0) { $0 + $1.weight * Self.binomial(answered, count, $1.share) }
    }

    /// The lower tail: terms from the largest on down.
    private static func binomial(_ answered: Int, _ count: Int, _ share: Double) -> Double {
        if share <= 0 || answered >= count { return 1 }
        let (n, p) = (Double(count), share)
        var place = Double(answered)
        if place > n * p {
            // Above the middle the other tail is the shorter one.
            return 1 - upper(answered + 1, count, share)
        }
        let ways = lgamma(n + 1) - lgamma(place + 1) - lgamma(n - place + 1)
        var term = exp(ways + place * log(p) + (n - place) * log(1 - p))
        var sum = term
        while place > 0 && term > sum * 1e-15 {
            term *= place * (1 - p) / ((n - place + 1) * p)
            sum += term
            place -= 1
        }
        return min(1, sum)
    }

    private static func upper(_ answered: Int, _ count: Int, _ share: Double) -> Double {
        binomial(count - answered, count, 1 - share)
    }
}
