// The golden frames of proto/golden: each is written by protoc from the message in text form beside it. What we read
// must be that message, and what we write must be those bytes.

import Foundation
import NIOCore
import SwiftProtobuf
import Testing
import Wire

struct GoldenFrameTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../proto/golden").standardized

    /// The bytes of a file: pairs of hexadecimal digits, comments after '#'.
    private static func bytes(_ file: String) throws -> ByteBuffer {
        let text = try String(contentsOf: folder.appending(path: file + ".hex"), encoding: .utf8)
        let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.flatMap { $0.split(separator: " ") }
        return ByteBuffer(bytes: try digits.map { try #require(UInt8($0, radix: 16), "\(file): \($0)") })
    }

    private static func check<M: Message & Equatable>(
        _ file: String, _ method: Wire.Method, _ kind: FrameKind, _: M.Type
    ) throws {
        let bytes = try bytes(file)
        var decoder = FrameDecoder()
        decoder.append(bytes)
        let frame = try #require(try decoder.next())
        #expect(decoder.bytesLeft == 0)
        #expect(frame.header.method == method.rawValue)
        #expect(frame.header.kind == kind)
        #expect(frame.header.id == 1_000 + UInt32(method.rawValue))

        let text = try String(contentsOf: folder.appending(path: file + ".txtpb"), encoding: .utf8)
        let message = try M(textFormatString: text)
        #expect(try M(serializedBytes: frame.payload.readableBytesSpan) == message)
        let written = try FrameEncoder.frame(message, method: method.rawValue, kind: kind, id: frame.header.id)
        #expect(written == bytes)
    }

    @Test func requests() throws {
        try Self.check("01-status.request", .status, .request, Busyhour_V1_StatusRequest.self)
        try Self.check(
            "02-create-customers.request", .createCustomers, .request, Busyhour_V1_CreateCustomersRequest.self)
        try Self.check("03-get-customer.request", .getCustomer, .request, Busyhour_V1_GetCustomerRequest.self)
        try Self.check("04-list-customers.request", .listCustomers, .request, Busyhour_V1_ListCustomersRequest.self)
        try Self.check("05-ingest-events.request", .ingestEvents, .request, Busyhour_V1_IngestEventsRequest.self)
        try Self.check("06-ingest-calls.request", .ingestCalls, .request, Busyhour_V1_IngestCallsRequest.self)
        try Self.check("07-ingest-hep.request", .ingestHEP, .request, Busyhour_V1_IngestHEPRequest.self)
        try Self.check("08-board.request", .board, .request, Busyhour_V1_BoardRequest.self)
        try Self.check("09-calls.request", .calls, .request, Busyhour_V1_CallsRequest.self)
        try Self.check("10-explain.request", .explain, .request, Busyhour_V1_ExplainRequest.self)
        try Self.check("11-metrics.request", .metrics, .request, Busyhour_V1_MetricsRequest.self)
        try Self.check(
            "12-finished-calls.request", .finishedCalls, .request, Busyhour_V1_FinishedCallsRequest.self)
        try Self.check("20-hello.request", .hello, .request, Busyhour_V1_HelloRequest.self)
        try Self.check("21-marks.request", .marks, .request, Busyhour_V1_MarksRequest.self)
        try Self.check("32-edit-customers.request", .editCustomers, .request, Busyhour_V1_EditCustomersRequest.self)
        try Self.check(
            "33-delete-customers.request", .deleteCustomers, .request, Busyhour_V1_DeleteCustomersRequest.self)
        try Self.check("34-undo.request", .undo, .request, Busyhour_V1_UndoRequest.self)
        try Self.check("35-history.request", .history, .request, Busyhour_V1_HistoryRequest.self)
        try Self.check(
            "36-import-customers.request", .importCustomers, .request, Busyhour_V1_ImportCustomersRequest.self)
        try Self.check("37-save-layout.request", .saveLayout, .request, Busyhour_V1_SaveLayoutRequest.self)
        try Self.check("38-get-layout.request", .getLayout, .request, Busyhour_V1_GetLayoutRequest.self)
        try Self.check("39-list-layouts.request", .listLayouts, .request, Busyhour_V1_ListLayoutsRequest.self)
        try Self.check("40-delete-layout.request", .deleteLayout, .request, Busyhour_V1_DeleteLayoutRequest.self)
        try Self.check("41-warnings.request", .warnings, .request, Busyhour_V1_WarningsRequest.self)
        try Self.check("42-mark-warning.request", .markWarning, .request, Busyhour_V1_MarkWarningRequest.self)
        try Self.check("43-settings.request", .settings, .request, Busyhour_V1_SettingsRequest.self)
        try Self.check("44-set-settings.request", .setSettings, .request, Busyhour_V1_SetSettingsRequest.self)
        try Self.check("45-scheduled.request", .scheduled, .request, Busyhour_V1_ScheduledRequest.self)
        try Self.check("46-who.request", .who, .request, Busyhour_V1_WhoRequest.self)
        try Self.check("50-save-template.request", .saveTemplate, .request, Busyhour_V1_SaveTemplateRequest.self)
        try Self.check("51-get-template.request", .getTemplate, .request, Busyhour_V1_GetTemplateRequest.self)
        try Self.check("52-list-templates.request", .listTemplates, .request, Busyhour_V1_ListTemplatesRequest.self)
        try Self.check("53-delete-template.request", .deleteTemplate, .request, Busyhour_V1_DeleteTemplateRequest.self)
    }

    @Test func answers() throws {
        try Self.check("01-status.response", .status, .response, Busyhour_V1_StatusResponse.self)
        try Self.check(
            "02-create-customers.response", .createCustomers, .response, Busyhour_V1_CreateCustomersResponse.self)
        try Self.check("03-get-customer.response", .getCustomer, .response, Busyhour_V1_GetCustomerResponse.self)
        try Self.check("03-get-customer.error", .getCustomer, .error, Busyhour_V1_Error.self)
        try Self.check("04-list-customers.response", .listCustomers, .response, Busyhour_V1_ListCustomersResponse.self)
        try Self.check("05-ingest-events.response", .ingestEvents, .response, Busyhour_V1_IngestResponse.self)
        try Self.check("06-ingest-calls.response", .ingestCalls, .response, Busyhour_V1_IngestResponse.self)
        try Self.check("07-ingest-hep.response", .ingestHEP, .response, Busyhour_V1_IngestResponse.self)
        try Self.check("08-board.response", .board, .response, Busyhour_V1_BoardResponse.self)
        try Self.check("09-calls.response", .calls, .response, Busyhour_V1_CallsResponse.self)
        try Self.check("10-explain.response", .explain, .response, Busyhour_V1_ExplainResponse.self)
        try Self.check("11-metrics.response", .metrics, .response, Busyhour_V1_MetricsResponse.self)
        try Self.check(
            "12-finished-calls.response", .finishedCalls, .response, Busyhour_V1_FinishedCallsResponse.self)
        try Self.check("20-hello.response", .hello, .response, Busyhour_V1_HelloResponse.self)
        try Self.check("21-marks.response", .marks, .response, Busyhour_V1_MarksResponse.self)
        try Self.check("32-edit-customers.response", .editCustomers, .response, Busyhour_V1_ChangeResponse.self)
        try Self.check("33-delete-customers.response", .deleteCustomers, .response, Busyhour_V1_ChangeResponse.self)
        try Self.check("34-undo.response", .undo, .response, Busyhour_V1_ChangeResponse.self)
        try Self.check("35-history.response", .history, .response, Busyhour_V1_HistoryResponse.self)
        try Self.check(
            "36-import-customers.response", .importCustomers, .response, Busyhour_V1_ImportCustomersResponse.self)
        try Self.check("37-save-layout.response", .saveLayout, .response, Busyhour_V1_LayoutResponse.self)
        try Self.check("38-get-layout.response", .getLayout, .response, Busyhour_V1_LayoutResponse.self)
        try Self.check("39-list-layouts.response", .listLayouts, .response, Busyhour_V1_ListLayoutsResponse.self)
        try Self.check("40-delete-layout.response", .deleteLayout, .response, Busyhour_V1_LayoutResponse.self)
        try Self.check("41-warnings.response", .warnings, .response, Busyhour_V1_WarningsResponse.self)
        try Self.check("42-mark-warning.response", .markWarning, .response, Busyhour_V1_WarningsResponse.self)
        try Self.check("43-settings.response", .settings, .response, Busyhour_V1_SettingsResponse.self)
        try Self.check("44-set-settings.response", .setSettings, .response, Busyhour_V1_SettingsResponse.self)
        try Self.check("45-scheduled.response", .scheduled, .response, Busyhour_V1_ScheduledResponse.self)
        try Self.check("46-who.response", .who, .response, Busyhour_V1_WhoResponse.self)
        try Self.check("50-save-template.response", .saveTemplate, .response, Busyhour_V1_TemplateResponse.self)
        try Self.check("51-get-template.response", .getTemplate, .response, Busyhour_V1_TemplateResponse.self)
        try Self.check("52-list-templates.response", .listTemplates, .response, Busyhour_V1_ListTemplatesResponse.self)
        try Self.check("53-delete-template.response", .deleteTemplate, .response, Busyhour_V1_TemplateResponse.self)
    }

    @Test func everyFrameOfTheFolderIsChecked() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        // A request and a response of each method, and one error: those above.
        #expect(files.count { $0.hasSuffix(".hex") } == 2 * Wire.Method.allCases.count + 1)
    }

    @Test func columnsWriteTheSameBytes() throws {
        let calls = try Self.bytes("06-ingest-calls.request")
        #expect(
            try IngestCallsColumns(calls.getSlice(at: 12, length: calls.readableBytes - 12)!).frame(id: 1_006) == calls)
        let events = try Self.bytes("05-ingest-events.request")
        #expect(
            try IngestEventsColumns(events.getSlice(at: 12, length: events.readableBytes - 12)!).frame(id: 1_005)
                == events)
    }
}
