// One number for the state of all customers: a replay of the journal and a snapshot must agree on it.

import CallEvents
import Columnar

extension BoardSnapshot {
    /// Over every stored field of every customer and the results of repeated requests, by value: their representation
    /// (codes of dictionaries, order of lists in memory) does not matter. It is the same in every process. Traffic data
    /// (the last call, live calls) is not included. Costs 0.4 us per customer.
    public func stateHash() -> UInt64 {
        var hash = StateHash()
        hash.add(UInt64(customerCount))
        let dictionaries = [currencies, countries, companies, accountManagers].map(HashedDictionary.init)
        for chunk in 0..<names.chunkCount {
            hash.add(names, chunk)
            for dictionary in dictionaries { hash.add(dictionary, chunk) }
            for column in [statuses, portalAccess] { hash.add(column, chunk) }
            for column in [creditMicros, debitLimitMicros, createdAtMicros, updatedAtMicros] {
                hash.add(column, chunk)
            }
            for column in [channels, flowSpeeds, shortCallSeconds, versions] { hash.add(column, chunk) }
        }
        details.forEachCustomer { hash.add($1, row: $0) }
        for key in results.oldestFirst {
            key.withUnsafeBufferPointer { hash.add($0) }
            switch results[key]?.outcome {
            case .created(let result)?: for id in result.ids { hash.add(UInt64(id)) }
            case .changed(let result)?:
                for number in [Int(result.number), result.matched, result.changed] { hash.add(UInt64(number)) }
            case nil: break
            }
            for part in results[key]?.content.parts.hashes ?? [] { hash.add(part) }
        }
        for document in documents.sorted {
            for number in [UInt64(document.kind.rawValue), UInt64(document.version), document.isShared ? 1 : 0] {
                hash.add(number)
            }
            for text in [document.name, document.owner] { hash.add(text) }
            document.contents.withUnsafeBufferPointer { hash.add($0) }
        }
        // Later additions to the format contribute nothing if absent, so older directories keep their hash. Nor do
        // creations, which journals record and older snapshots do not.
        for chunk in 0..<deletedAtMicros.chunkCount where !deletedAtMicros.isZero(chunk: chunk) {
            hash.add(UInt64(chunk))
            hash.add(deletedAtMicros, chunk)
        }
        for change in changes.changes where change.kind != .created {
            for number in [change.number, change.undoes, change.undoneBy, change.createdFirstID, change.createdCount] {
                hash.add(UInt64(number))
            }
            for micros in [change.atMicros, change.undoAtMicros] { hash.add(UInt64(bitPattern: micros)) }
            hash.add(change.who)
            var bytes = FieldWriter()
            bytes.append(valuesOf: change, withOld: true)
            if change.note != ChangeNote() { bytes.append(change.note) }
            bytes.bytes.withUnsafeBufferPointer { hash.add($0) }
            if change.later != Later() { hash.add(change.later) }
        }
        for (id, mark) in debits.marks.sorted(by: { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }) {
            for number in [id.high, id.low, mark.through, UInt64(bitPattern: mark.movedAtMicros)] { hash.add(number) }
        }
        return hash.value
    }
}

private struct StateHash {
    private(set) var value: UInt64 = 0x7374_6174_65

    mutating func add(_ number: UInt64) { value = ByteHash.step(value, number) }

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        value = ByteHash.hash(UnsafeRawBufferPointer(bytes), seed: value)
    }

    mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add($0) }
    }

    mutating func add(_ later: Later) {
        for number in [later.of, later.carriedOutBy, later.calledOffBy, later.hasFailed ? 1 : 0] {
            add(UInt64(number))
        }
        for micros in [later.lateMicros, later.plan?.beginMicros ?? 0] { add(UInt64(bitPattern: micros)) }
        add(later.remark)
        later.plan?.bytes.withUnsafeBufferPointer { add($0) }
    }

    mutating func add<Value>(_ column: Column<Value>, _ chunk: Int) {
        column.withChunk(chunk) { value = ByteHash.hash(UnsafeRawBufferPointer($0), seed: value) }
    }

    mutating func add(_ texts: TextColumn, _ chunk: Int) {
        texts.withChunk(chunk) { bytes, ends in
            add(bytes)
            // Rows beyond the last end are empty, whether or not they have an end: only ends that advance count.
            var last: UInt32 = 0
            for (row, end) in ends.enumerated() where end != last {
                add(UInt64(row) << 32 | UInt64(end))
                last = end
            }
        }
    }

    mutating func add(_ dictionary: HashedDictionary, _ chunk: Int) {
        for row in ChunkSize.rows(inChunk: chunk, count: dictionary.codes.count) {
            add(dictionary.hashes[Int(dictionary.codes[row])])
        }
    }

    mutating func add(_ details: CustomerDetails, row: UInt32) {
        add(UInt64(row))
        // Lengths come before lists, so that no entry can be taken for one of another list.
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

/// A dictionary's texts as hashes, so that each is hashed once: the same text may have another code in another process.
private struct HashedDictionary {
    let codes: CodeColumn
    let hashes: [UInt64]

    init(_ dictionary: SavedDictionary) {
        codes = dictionary.codes
        hashes = dictionary.values.map { text in
            var hash = StateHash()
            hash.add(text)
            return hash.value
        }
    }
}
