// Templates as text: the columns as in `--map`, and those of CDR files as the options that they stand for.

import CallEvents
import Feeds
import Terminal
import Wire

struct TemplatesReport: Report {
    var templates: [Busyhour_V1_ImportTemplate]
    var verb = ""

    func lines(_ page: Page) -> [String] {
        guard verb.isEmpty else { return templates.map { VisibleText.clean("\(verb) template '\($0.name)'") } }
        var table = TextTable([
            .init("name"), .init("kind"), .init("version", .right), .init("owner"), .init("saved"),
            .init("start_row", .right), .init("decimal_comma"), .init("map"),
        ])
        table.rows = templates.map { template in
            [
                .init(template.name), .init(template.kind), .init(String(template.version)),
                .init(template.owner.isEmpty ? "-" : template.owner), .init(page.time(template.savedAt)),
                .init(template.startRow == 0 ? "-" : String(template.startRow)),
                .init(template.decimalComma ? "yes" : "no"), .init(template.mapText),
            ]
        }
        let others: [(String, (Busyhour_V1_ImportTemplate) -> String)] = [
            ("default_country", { $0.defaultCountry }), ("encoding", { $0.encoding }),
        ]
        for (name, value) in others where templates.contains(where: { !value($0).isEmpty }) {
            table.columns.append(.init(name))
            for row in templates.indices { table.rows[row].append(.init(value(templates[row]).orDash)) }
        }
        return table.lines(page, hint: "see --format json or csv")
    }

    var json: JSONValue { .array(jsonRows) }

    var jsonRows: [JSONValue] {
        templates.map { template in
            .object([
                .init("name", .text(template.name)), .init("kind", .text(template.kind)),
                .init("version", .unsigned(UInt64(template.version))),
                .init("owner", .optional(template.owner)), .init("saved_at", .time(template.savedAt)),
                .init("start_row", template.startRow == 0 ? .null : .unsigned(UInt64(template.startRow))),
                .init("decimal_comma", .bool(template.decimalComma)),
                .init("default_country", .optional(template.defaultCountry)),
                .init("encoding", .optional(template.encoding)),
                .init(
                    "columns",
                    .array(
                        template.columns.map { column in
                            .object([
                                .init("column", .unsigned(UInt64(column.column))), .init("field", .text(column.field)),
                            ])
                        })),
                .init(
                    "cdr", template.hasCdr ? .object(template.cdrParts.map { .init($0.option, .text($0.text)) }) : .null
                ),
            ])
        }
    }
}

extension Busyhour_V1_ImportTemplate {
    /// From fields by the index of their column.
    init(_ name: String, _ fields: [Int: CustomerField], startRow: Int?, _ reading: CellReading) {
        self.init()
        self.name = name
        columns = fields.sorted { $0.key < $1.key }.map { index, field in
            var column = Busyhour_V1_TemplateColumn()
            (column.column, column.field) = (UInt32(clamping: index + 1), field.rawValue)
            return column
        }
        self.startRow = UInt32(clamping: startRow ?? 0)
        decimalComma = reading.decimalComma
        defaultCountry = reading.defaultCountry?.code ?? ""
        encoding = reading.encoding?.rawValue ?? ""
    }

    /// As in `--map`.
    var map: [Int: String] {
        Dictionary(columns.map { (Int($0.column), $0.field) }, uniquingKeysWith: { first, _ in first })
    }

    /// The kind of files it is for.
    var kind: String { hasCdr ? "cdr" : "import" }

    var cdrParts: [(option: String, text: String)] { CDRTemplate(cdr).parts }

    var mapText: String {
        if hasCdr { return cdrParts.map { "--\($0.option) \($0.text)" }.joined(separator: " ") }
        return columnText
    }

    private var columnText: String { columns.map { "\($0.column)=\($0.field)" }.joined(separator: ",") }
}
