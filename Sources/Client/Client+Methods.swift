// The methods of proto/protocol.md with their messages. All throw the errors of `call`.

import NIOCore
public import Wire

extension Client {
    public func status(
        _ request: Busyhour_V1_StatusRequest = .init(), timeout: Duration? = nil
    ) async throws -> Busyhour_V1_StatusResponse {
        try await call(.status, request, timeout: timeout)
    }

    /// Answered when the files are durable.
    public func snapshot(
        _ request: Busyhour_V1_SnapshotRequest = .init(), timeout: Duration? = nil
    ) async throws -> Busyhour_V1_SnapshotResponse {
        try await call(.snapshot, request, timeout: timeout)
    }

    public func readBackup(
        _ request: Busyhour_V1_ReadBackupRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ReadBackupResponse {
        try await call(.readBackup, request, timeout: timeout)
    }

    /// Creates all of them, or none and reports why not.
    public func createCustomers(
        _ request: Busyhour_V1_CreateCustomersRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_CreateCustomersResponse {
        try await call(.createCustomers, request, timeout: timeout)
    }

    public func getCustomer(
        _ request: Busyhour_V1_GetCustomerRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_GetCustomerResponse {
        try await call(.getCustomer, request, timeout: timeout)
    }

    public func listCustomers(
        _ request: Busyhour_V1_ListCustomersRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ListCustomersResponse {
        try await call(.listCustomers, request, timeout: timeout)
    }

    /// The bytes of the answer, a `ListCustomersResponse`, for callers that read a million of them.
    public func listCustomersBytes(
        _ request: Busyhour_V1_ListCustomersRequest, timeout: Duration? = nil
    ) async throws -> [UInt8] {
        let payload = try await payload(.listCustomers, timeout: timeout) { id throws(FrameError) in
            try FrameEncoder.frame(request, method: Method.listCustomers.rawValue, kind: .request, id: id)
        }
        return Array(payload.readableBytesView)
    }

    /// Edits one customer or many: all of them, or none and reports why not.
    public func editCustomers(
        _ request: Busyhour_V1_EditCustomersRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ChangeResponse {
        try await call(.editCustomers, request, timeout: timeout)
    }

    public func deleteCustomers(
        _ request: Busyhour_V1_DeleteCustomersRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ChangeResponse {
        try await call(.deleteCustomers, request, timeout: timeout)
    }

    /// Undoes a change.
    public func undo(
        _ request: Busyhour_V1_UndoRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ChangeResponse {
        try await call(.undo, request, timeout: timeout)
    }

    /// A part of a file of customers; the last one carries out the import.
    public func importCustomers(
        _ request: Busyhour_V1_ImportCustomersRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ImportCustomersResponse {
        try await call(.importCustomers, request, timeout: timeout)
    }

    /// Like `importCustomers`, with rows written beforehand in place of the request's.
    public func importCustomers(
        _ rows: ImportRows, _ request: Busyhour_V1_ImportCustomersRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ImportCustomersResponse {
        try await call(.importCustomers, timeout: timeout) { id throws(FrameError) in
            try rows.frame(request, id: id)
        }
    }

    public func saveLayout(
        _ request: Busyhour_V1_SaveLayoutRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_LayoutResponse {
        try await call(.saveLayout, request, timeout: timeout)
    }

    public func getLayout(
        _ request: Busyhour_V1_GetLayoutRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_LayoutResponse {
        try await call(.getLayout, request, timeout: timeout)
    }

    public func listLayouts(
        _ request: Busyhour_V1_ListLayoutsRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ListLayoutsResponse {
        try await call(.listLayouts, request, timeout: timeout)
    }

    public func deleteLayout(
        _ request: Busyhour_V1_DeleteLayoutRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_LayoutResponse {
        try await call(.deleteLayout, request, timeout: timeout)
    }

    public func saveTemplate(
        _ request: Busyhour_V1_SaveTemplateRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_TemplateResponse {
        try await call(.saveTemplate, request, timeout: timeout)
    }

    public func getTemplate(
        _ request: Busyhour_V1_GetTemplateRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_TemplateResponse {
        try await call(.getTemplate, request, timeout: timeout)
    }

    public func listTemplates(
        _ request: Busyhour_V1_ListTemplatesRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ListTemplatesResponse {
        try await call(.listTemplates, request, timeout: timeout)
    }

    public func deleteTemplate(
        _ request: Busyhour_V1_DeleteTemplateRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_TemplateResponse {
        try await call(.deleteTemplate, request, timeout: timeout)
    }

    public func warnings(
        _ request: Busyhour_V1_WarningsRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_WarningsResponse {
        try await call(.warnings, request, timeout: timeout)
    }

    public func markWarning(
        _ request: Busyhour_V1_MarkWarningRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_WarningsResponse {
        try await call(.markWarning, request, timeout: timeout)
    }

    public func settings(
        _ request: Busyhour_V1_SettingsRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_SettingsResponse {
        try await call(.settings, request, timeout: timeout)
    }

    public func setSettings(
        _ request: Busyhour_V1_SetSettingsRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_SettingsResponse {
        try await call(.setSettings, request, timeout: timeout)
    }

    /// Which customer a call would belong to, and why.
    public func who(
        _ request: Busyhour_V1_WhoRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_WhoResponse {
        try await call(.who, request, timeout: timeout)
    }

    /// Scheduled changes: edits that begin later, and set-backs.
    public func scheduled(
        _ request: Busyhour_V1_ScheduledRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ScheduledResponse {
        try await call(.scheduled, request, timeout: timeout)
    }

    public func history(
        _ request: Busyhour_V1_HistoryRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_HistoryResponse {
        try await call(.history, request, timeout: timeout)
    }

    /// Sends live events, about 4,000 at a time.
    public func ingestEvents(
        _ events: IngestEventsColumns, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_IngestResponse {
        try await call(.ingestEvents, timeout: timeout, frame: events.frame)
    }

    /// Sends finished calls, about 4,000 at a time.
    public func ingestCalls(
        _ calls: IngestCallsColumns, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_IngestResponse {
        try await call(.ingestCalls, timeout: timeout, frame: calls.frame)
    }

    /// Sends captured HEP packets.
    public func ingestHEP(
        _ request: Busyhour_V1_IngestHEPRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_IngestResponse {
        try await call(.ingestHEP, request, timeout: timeout)
    }

    /// Begins an epoch of a producer: what it sends by number counts once.
    public func hello(
        _ request: Busyhour_V1_HelloRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_HelloResponse {
        try await call(.hello, request, timeout: timeout)
    }

    /// A producer's watermarks.
    public func marks(
        _ request: Busyhour_V1_MarksRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_MarksResponse {
        try await call(.marks, request, timeout: timeout)
    }

    public func board(
        _ request: Busyhour_V1_BoardRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_BoardResponse {
        try await call(.board, request, timeout: timeout)
    }

    /// The live calls.
    public func calls(
        _ request: Busyhour_V1_CallsRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_CallsResponse {
        try await call(.calls, request, timeout: timeout)
    }

    /// Finished calls, newest first.
    public func finishedCalls(
        _ request: Busyhour_V1_FinishedCallsRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_FinishedCallsResponse {
        try await call(.finishedCalls, request, timeout: timeout)
    }

    public func explain(
        _ request: Busyhour_V1_ExplainRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_ExplainResponse {
        try await call(.explain, request, timeout: timeout)
    }

    /// The counters of one customer, for programs that poll often.
    public func metrics(
        _ request: Busyhour_V1_MetricsRequest, timeout: Duration? = nil
    ) async throws -> Busyhour_V1_MetricsResponse {
        try await call(.metrics, request, timeout: timeout)
    }
}
