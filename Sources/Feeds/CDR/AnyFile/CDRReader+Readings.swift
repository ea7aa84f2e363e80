/// How the reader interprets a file's columns, for people.
extension CDRReader {
    public struct ColumnReading: Equatable, Sendable {
        /// From 1.
        public var column: Int
        /// The file's name of it.
        public var title: String
        /// Its field, with its unit if that is not seconds; nil: it is skipped.
        public var field: String?
    }

    /// Empty before the columns are known.
    public var columnReadings: [ColumnReading] {
        guard let layout else { return [] }
        // A Call-ID is the id where nothing else is.
        let hasID = format == .csv && layout.names.contains { $0.lowercased() == "id" }
        return layout.titles.indices.map { index in
            let name = index < layout.names.count ? layout.names[index] : ""
            let field = hasID && name.lowercased() == "call_id" ? "call_id" : Self.field(name, format)
            return ColumnReading(column: index + 1, title: layout.titles[index], field: field)
        }
    }

    private static func field(_ name: String, _ format: CDRFormat) -> String? {
        if name.isEmpty { return nil }
        if let known = CDRColumnName.named(name, for: format), known.column != .encodingEvidence {
            let unit =
                switch known.unit {
                case .minutes: " (min)"
                case .milliseconds: " (ms)"
                case .microseconds: " (us)"
                case .nanoseconds: " (ns)"
                case .seconds, .anyTime, .text: ""
                }
            return known.column.field + unit
        }
        return format == .csv && CDRField.isKnown(name.lowercased()) ? name.lowercased() : nil
    }
}

extension CDRColumn {
    /// Its name in the format `csv`, or a description.
    fileprivate var field: String {
        switch self {
        case .id: "id"
        case .account: "account"
        case .sourceIP: "ip"
        case .sipUser: "sip_user"
        case .callerNumber: "caller"
        case .setup: "setup_at"
        case .ring, .ringMedia: "ring_at"
        case .answer: "answer_at"
        case .end: "end_at"
        case .created: "created"
        case .fromTag: "from_tag"
        case .toTag: "to_tag"
        case .linkedID: "linked_id"
        case .originatingLeg: "originating_leg"
        case .otherLeg: "other_leg"
        case .runID: "run_id"
        case .typeOfRecord: "type_of_record"
        case .channelName: "channel_name"
        case .loopbackLeg: "loopback_leg"
        case .isLoopback: "is_loopback"
        case .encodingEvidence: ""
        case .direction, .duration, .talk, .pdd, .code, .q850, .cause, .disposition, .cost, .currency, .method,
            .channel:
            "\(self)"
        }
    }
}
