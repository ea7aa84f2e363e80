import Wire

extension Method {
    /// A request of it changes nothing, so nobody needs to know whether it was carried out.
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
