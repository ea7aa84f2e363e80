/// The fields that a map can name.
extension CDRField {
    /// The documented ones; the names that products have for them are known as well.
    static let documentedNames = [
        "id", "account", "ip", "port", "sip_user", "caller", "called", "setup_at", "ring_at", "answer_at", "end_at",
        "duration", "duration_ms", "duration_min", "talk", "talk_ms", "talk_min", "pdd", "pdd_ms", "code", "q850",
        "cause", "disposition", "cost", "direction", "call_id", "calling", "destination", "reason", "from_domain",
        "uri_domain", "contact_domain", "tgrp", "pai", "header_NAME",
    ]

    /// Fields used only to find the call on the switch, or its sender.
    private static let others: Set<String> = [
        "calling", "caller", "called", "reason", "destination", "source", "call_id",
    ]

    static func isKnown(_ name: String) -> Bool {
        if name == "header_name" { return false }
        return others.contains(name) || CDRColumnName.named(name, for: .csv) != nil
            || CDRClaimPlaces.isClaim(name)
    }
}
