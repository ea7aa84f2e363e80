// The entries that a call nearly meets: what each of them lacks tells an operator why the call is no customer's. All
// entries of several conditions have to be looked at, which may be a million; so it is done a part at a time.

import CallEvents

/// A search under way. Entries that come or go meanwhile may be in it or not.
public struct NearestEntries: Sendable {
    let party: Party
    /// The next place to look at.
    fileprivate var place = 0
    /// The nearest ones so far, at most `BoardLimits.nearestEntries`, those with the fewest unmet conditions first.
    public fileprivate(set) var found: [Attribution.Entry]

    /// - Parameter found: entries of which it is known without a search.
    init(_ party: Party, _ found: [Attribution.Entry]) { (self.party, self.found) = (party, found) }
}

extension EngineState {
    /// Looks at some entries more.
    /// - Returns: whether that were all.
    func lookOn(_ search: inout NearestEntries, places: Int) -> Bool {
        let end = search.place + min(max(1, places), max(0, auth.conditions.placeCount - search.place))
        while search.place < end {
            if let entry = auth.conditions.entry(at: search.place) { look(entry, &search) }
            search.place += 1
        }
        return search.place >= auth.conditions.placeCount
    }

    private func look(_ candidate: ConditionIndex.Entry, _ search: inout NearestEntries) {
        let conditions = candidate.conditions
        guard conditions.receiver == nil else { return }
        let unmetCount = conditions.all.count { !$0.match(search.party) }
        guard unmetCount > 0, unmetCount < conditions.all.count else { return }
        let isFull = search.found.count >= BoardLimits.nearestEntries
        if isFull, let last = search.found.last, last.unmet.count <= unmetCount { return }
        var near = self.entry(.conditions(conditions), candidate.row)
        near.unmet = conditions.all.filter { !$0.match(search.party) }
        let place = search.found.firstIndex { $0.unmet.count > unmetCount } ?? search.found.count
        search.found.insert(near, at: place)
        if search.found.count > BoardLimits.nearestEntries { search.found.removeLast() }
    }
}
