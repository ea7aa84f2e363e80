/// The parties of a batch, in the order in which they were added.
///
/// Producers that know their customers send only ids, by the thousand. A list of such parties is a column of numbers;
/// it holds parties only if some party has more than an id.
public struct PartyList: Sendable, Equatable, ExpressibleByArrayLiteral, RandomAccessCollection {
    /// Each party's `customerID`: 0 if it must be found by the auth entries.
    public private(set) var customerIDs: [UInt32] = []
    /// Empty while no party has more than an id; else one element per party.
    @usableFromInline private(set) var parties: [Party] = []

    public init() {}

    public init(arrayLiteral elements: Party...) { self.init(elements) }

    public init(_ parties: some Sequence<Party>) {
        for party in parties { append(party) }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { customerIDs.count }

    /// Whether no party has more than an id.
    public var hasOnlyIDs: Bool { parties.isEmpty }

    public subscript(index: Int) -> Party {
        get { parties.isEmpty ? Party(customerID: customerIDs[index]) : parties[index] }
        set {
            customerIDs[index] = newValue.customerID
            if parties.isEmpty {
                if newValue.isOnlyID { return }
                parties = customerIDs.map { Party(customerID: $0) }
            }
            parties[index] = newValue
        }
    }

    /// A party's direction, without copying the party.
    @inlinable
    public func direction(_ index: Int) -> CallDirection {
        parties.isEmpty ? .outbound : parties[index].direction
    }

    public mutating func append(_ party: Party) {
        if parties.isEmpty && !party.isOnlyID { parties = customerIDs.map { Party(customerID: $0) } }
        // In an empty list, the first party may be the first with more than an id.
        if !parties.isEmpty || !party.isOnlyID { parties.append(party) }
        customerIDs.append(party.customerID)
    }

    /// Appends parties that have nothing but an id.
    public mutating func append(customerIDs ids: some Collection<UInt32>) {
        customerIDs.append(contentsOf: ids)
        if !parties.isEmpty { parties.append(contentsOf: ids.lazy.map { Party(customerID: $0) }) }
    }

    public static func == (one: PartyList, other: PartyList) -> Bool { one.elementsEqual(other) }

    public mutating func removeAll(keepingCapacity: Bool = false) {
        customerIDs.removeAll(keepingCapacity: keepingCapacity)
        parties.removeAll(keepingCapacity: keepingCapacity)
    }
}

extension Party {
    /// Whether only its `customerID` is known.
    fileprivate var isOnlyID: Bool {
        source == nil && destination == nil && sipUser == nil && account == nil && claims == nil
            && direction == .outbound
    }
}
