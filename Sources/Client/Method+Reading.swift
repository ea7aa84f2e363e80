import Wire

extension Method {
    /// Whether its requests change nothing, so that it does not matter whether one was carried out.
    var isReading: Bool {
        switch self {
        case .status, .getCustomer, .listCustomers, .board, .calls, .explain, .metrics, .history, .scheduled,
            .getLayout,
            .listLayouts, .warnings, .settings, .snapshot, .readBackup, .getTemplate, .listTemplates:
            true
        default: false
        }
    }
}
