import Board

/// The eight queries, each as a user would ask it.
enum BoardQueries {
    static var all: [(String, BoardQuery)] {
        [
            ("Q1 totals", query { $0.limit = 0 }),
            ("Q2 group country", query { $0.groupBy = ["country"] }),
            (
                "Q3 pivot country x status",
                query {
                    $0.groupBy = ["country"]
                    $0.pivot = "status"
                }
            ),
            (
                "Q4 filter, top 50",
                query {
                    $0.columns = ["id", "name", "status", "country", "credit", "active", "attempts", "answered"]
                    $0.filter = "status = 'Active' AND credit < 10"
                    $0.sort = ["-credit"]
                    $0.limit = 50
                }
            ),
            (
                "Q5 search name",
                query {
                    $0.columns = ["id", "name"]
                    $0.search = "apex core 9"
                    $0.limit = 50
                }
            ),
            (
                "Q6 ASR < 40 by currency",
                query {
                    $0.filter = "attempts >= 50 AND asr < 40"
                    $0.groupBy = ["currency"]
                }
            ),
            (
                "Q7 page 1000 by ASR",
                query {
                    $0.columns = ["id", "name", "asr"]
                    $0.filter = "attempts > 0"
                    $0.sort = ["-asr"]
                    $0.offset = 1_000
                    $0.limit = 50
                }
            ),
            ("Q8 three levels", query { $0.groupBy = ["country", "currency", "status"] }),
        ]
    }

    private static func query(_ edit: (inout BoardQuery) -> Void) -> BoardQuery {
        var query = BoardQuery()
        query.columns = ["credit", "active", "attempts", "answered", "talk", "pdd"]
        query.limit = 1_000
        query.window = .oneHour
        edit(&query)
        if !query.groupBy.isEmpty { query.columns.insert("count", at: 0) }
        return query
    }
}
