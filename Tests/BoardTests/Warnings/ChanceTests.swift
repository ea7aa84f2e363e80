import Testing

@testable import Board

/// Figures by SciPy 1.17: `binom.cdf`, `binom.sf`, `gamma.cdf`.
@Suite struct ChanceTests {
    @Test(
        arguments: [
            (20, 60, 0.4, 0.17857023801537025), (14, 60, 0.4, 0.005011196698348902),
            (24, 90, 0.4, 0.005757025709627326),
            (0, 12, 0.5, 0.000244140625), (300, 1_000, 0.33, 0.022972516779060585), (60, 60, 0.4, 1), (-1, 60, 0.4, 0),
        ] as [(Int64, Int64, Double, Double)])
    func atMostIsTheLowerTail(hits: Int64, count: Int64, share: Double, expected: Double) {
        #expect(abs(Chance.atMost(hits, of: count, share: share) - expected) <= 1e-9 * expected)
    }

    @Test(
        arguments: [
            (4, 30, 0.05, 0.060771561308743435), (8, 30, 0.05, 8.464749355674054e-05),
            (70, 400, 0.15, 0.09358030861250971), (1, 5, 0.2, 0.67232), (5, 5, 0.2, 0.00032), (0, 5, 0.2, 1),
            (6, 5, 0.2, 0),
        ] as [(Int64, Int64, Double, Double)])
    func atLeastIsTheUpperTail(hits: Int64, count: Int64, share: Double, expected: Double) {
        #expect(abs(Chance.atLeast(hits, of: count, share: share) - expected) <= 1e-9 * expected)
    }

    @Test(
        arguments: [
            (20, 30, 30, 0.021818217525557418), (25, 50, 30, 0.11442194479400264), (29, 500, 30, 0.22999815775745816),
            (40, 60, 30, 0.9914024627419687),
        ] as [(Double, Int64, Double, Double)])
    func meansOfDurationsAreNearlyRight(mean: Double, count: Int64, expected: Double, chance: Double) {
        #expect(abs(Chance.meanAtMost(mean, of: count, expected: expected) - chance) < 0.001)
    }
}
