// One number for all that customers are: what a replay of the journal and a snapshot have to agree on.

import Columnar

extension BoardPicture {
    /// Over every stored field of every customer and the results of repeated requests, by their values: how they are kept
    /// (codes of dictionaries, order of lists in memory) does not matter. It is the same in every process. What traffic gives
    /// (the last call, live calls) is not in it. Cost: 0.3 us a customer.
    public func stateHash() -> UInt64 {
        var hash = StateHash()
        hash.add(UInt64(customerCount))
        let dictionaries = [currencies, countries, companies, accountManagers].map(HashedDictionary.init)
        for row in 0..<customerCount {
            names.withBytes(row) { hash.add($0) }
            for dictionary in dictionaries { hash.add(dictionary[row]) }
            hash.add(UInt64(statuses[row]) << 8 | UInt64(portalAccess[row]))
            hash.add(UInt64(bitPattern: creditMicros[row]))
            hash.add(UInt64(bitPattern: debitLimitMicros[row]))
            hash.add(UInt64(channels[row]) << 32 | UInt64(flowSpeeds[row]))
            hash.add(UInt64(shortCallSeconds[row]) << 32 | UInt64(versions[row]))
            hash.add(UInt64(bitPattern: createdAtMicros[row]))
            hash.add(UInt64(bitPattern: updatedAtMicros[row]))
        }
        details.forEach { hash.add($1, row: $0) }
        for key in results.oldestFirst {
            key.withUnsafeBufferPointer { hash.add($0) }
            for id in results[key]?.ids ?? [] { hash.add(UInt64(id)) }
        }
        return hash.value
    }
}

private struct StateHash {
    private(set) var value: UInt64 = 0x7374_6174_65

    mutating func add(_ number: UInt64) { value = OctetHash.step(value, number) }

    mutating func add(_ octets: UnsafeBufferPointer<UInt8>) {
        value = OctetHash.hash(UnsafeRawBufferPointer(octets), seed: value)
    }

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add($0) }
    }

    mutating func add(_ details: CustomerDetails, row: UInt32) {
        add(UInt64(row))
        // Lengths stand before lists, so that no entry can be taken for one of another list.
        add(UInt64(details.tags.count) << 32 | UInt64(details.contacts.count))
        add(UInt64(details.auth.count) << 32 | UInt64(details.routes.count))
        for tag in details.tags { add(tag) }
        for contact in details.contacts {
            for text in [contact.name, contact.email, contact.mobile, contact.kind] { add(text) }
        }
        for entry in details.auth {
            add(UInt64(entry.savedKind))
            add(entry.savedText)
        }
        for route in details.routes {
            add(UInt64(route.enabled ? 1 : 0))
            add(route.name)
        }
        add(details.notes)
    }
}

/// A dictionary's texts as hashes, so that each is hashed once.
private struct HashedDictionary {
    private let codes: CodeColumn
    private let hashes: [UInt64]

    init(_ dictionary: SavedDictionary) {
        codes = dictionary.codes
        hashes = dictionary.values.map { text in
            var hash = StateHash()
            hash.add(text)
            return hash.value
        }
    }

    subscript(row: Int) -> UInt64 { hashes[Int(codes[row])] }
}
