import Testing

@testable import Board
@testable import busyhour

/// `busyhour help columns` says of the engine's columns what the engine does.
@Suite struct ColumnGuideTests {
    @Test func everyColumnIsListed() {
        #expect(ColumnGuide.fields.map(\.name).sorted() == Board.CustomerField.allCases.map(\.rawValue).sorted())
        #expect(ColumnGuide.metrics.map(\.name) == Metric.all.map(\.name))
    }

    @Test func figuresAreExplainedAsTheEngineDoes() {
        for (guide, metric) in zip(ColumnGuide.metrics, Metric.all) {
            #expect(guide.meaning == metric.words, "\(metric.name)")
            #expect((guide.unit == "money") == (BoardColumn.metric(metric, .all).kind == .money), "\(metric.name)")
        }
        for field in Board.CustomerField.allCases {
            let unit = ColumnGuide.fields.first { $0.name == field.rawValue }?.unit
            let units: [CellKind: String] = [
                .integer: "number", .text: "text", .texts: "list", .money: "money", .time: "time", .boolean: "yes/no",
            ]
            #expect(unit == units[BoardColumn.field(field).kind], "\(field)")
        }
    }
}
