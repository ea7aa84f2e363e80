"""The eight queries: as a request to the board, in SQL, and in Polars; and their answers in one form.

An answer is a list of rows of (texts and integers, numbers): groups in any order are sorted, pages keep theirs."""

import math

from server import message
from workload import values

SUMS = ["count", "credit", "active", "attempts", "answered", "talk", "pdd"]
SQL_SUMS = ("count(*), sum(credit), sum(active), sum(attempts), sum(answered), sum(talk_ms), "
            "sum(pdd_ms) * 1.0 / nullif(sum(pdd_n), 0)")
PAGE = ["id", "name", "status", "country", "credit", "active", "attempts", "answered"]
ALL = 1_000_000


def request(**fields): return message("BoardRequest")(window="1h", **fields)


BOARD = {
    "Q1": request(columns=SUMS[1:], limit=1),
    "Q2": request(group_by=["country"], columns=SUMS, limit=ALL),
    "Q3": request(group_by=["country"], pivot="status", columns=SUMS, limit=ALL),
    "Q4": request(where="status = 'Active' AND credit < 100000", sort=["-credit"], columns=PAGE, limit=50),
    "Q5": request(where="name LIKE '%apex core 9%'", columns=["id", "name"], limit=50),
    "Q6": request(where="attempts >= 10 AND asr < 40", group_by=["currency"], columns=SUMS, limit=ALL),
    "Q7": request(where="attempts > 0", sort=["-asr"], columns=["id", "name", "asr"], limit=50, offset=1_000),
    "Q8": request(group_by=["country", "currency", "status"], columns=SUMS, limit=ALL),
}


def other(asked, run):
    """The same query for another number of rows, of which none is among the latest answers that a board keeps: its kept sums
    are all that helps."""
    copy = type(asked)()
    copy.CopyFrom(asked)
    copy.limit = asked.limit - 1 - run % 20 if asked.limit == ALL else asked.limit + 1 + run % 20
    return copy


NAMES = {
    "Q1": "totals", "Q2": "by country", "Q3": "pivot country x status", "Q4": "filter, sort, first 50",
    "Q5": "search in names", "Q6": "ASR < 40 by currency", "Q7": "sort by ASR, page at 1000", "Q8": "three levels"}
SQL = {
    "Q1": f"SELECT {SQL_SUMS} FROM c",
    "Q2": f"SELECT country, {SQL_SUMS} FROM c GROUP BY country",
    "Q3": f"SELECT country, status, {SQL_SUMS} FROM c GROUP BY country, status",
    "Q4": f"SELECT {', '.join(PAGE)} FROM c WHERE status = 'Active' AND credit < 100000000000 ORDER BY credit DESC, id LIMIT 50",
    "Q5": "SELECT id, name FROM c WHERE name LIKE '%apex core 9%' ORDER BY id LIMIT 50",
    "Q6": f"SELECT currency, {SQL_SUMS} FROM c WHERE attempts >= 10 AND answered * 100 < asr_n * 40 GROUP BY currency",
    "Q7": "SELECT id, name, 100.0 * answered / nullif(asr_n, 0) AS asr FROM c WHERE attempts > 0 ORDER BY asr DESC NULLS LAST, id "
          "LIMIT 50 OFFSET 1000",
    "Q8": f"SELECT country, currency, status, {SQL_SUMS} FROM c GROUP BY country, currency, status",
}
ORDERED = {"Q4", "Q5", "Q7"}


def polars_queries(frame):
    import polars as pl
    sums = [pl.len().alias("n"), *(pl.col(name).sum() for name in ("credit", "active", "attempts", "answered", "talk_ms")),
            (pl.col("pdd_ms").sum() / pl.col("pdd_n").sum()).alias("pdd")]
    lazy = frame.lazy()
    asr = (100.0 * pl.col("answered") / pl.when(pl.col("asr_n") > 0).then(pl.col("asr_n"))).alias("asr")
    return {
        "Q1": lazy.select(sums),
        "Q2": lazy.group_by("country").agg(sums),
        "Q3": lazy.group_by("country", "status").agg(sums),
        "Q4": lazy.filter((pl.col("status") == "Active") & (pl.col("credit") < 100_000_000_000)).select(PAGE)
                  .sort(["credit", "id"], descending=[True, False]).head(50),
        "Q5": lazy.filter(pl.col("name").str.contains("apex core 9", literal=True)).select("id", "name").sort("id").head(50),
        "Q6": lazy.filter((pl.col("attempts") >= 10) & (pl.col("answered") * 100 < pl.col("asr_n") * 40))
                  .group_by("currency").agg(sums),
        "Q7": lazy.filter(pl.col("attempts") > 0).select("id", "name", asr)
                  .sort(["asr", "id"], descending=[True, False], nulls_last=True).slice(1_000, 50),
        "Q8": lazy.group_by("country", "currency", "status").agg(sums),
    }


def normal(query, rows):
    """Rows of a peer in the common form: whole numbers stay exact, others are compared within rounding."""
    result = [tuple(None if cell is None or isinstance(cell, float) and math.isnan(cell) else
                    cell if isinstance(cell, (str, float)) else int(cell) for cell in row) for row in rows]
    return result if query in ORDERED else sorted(result, key=repr)


def same(left, right):
    if len(left) != len(right): return False
    return all(len(a) == len(b) and all(same_cell(x, y) for x, y in zip(a, b)) for a, b in zip(left, right))


def same_cell(left, right):
    if isinstance(left, float) or isinstance(right, float):
        return left is not None and right is not None and math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return left == right


def board_rows(query, answer):
    """The board's answer in the common form: rows of the last level; money of all currencies added up, as the peers have it."""
    if query in ORDERED:
        return normal(query, zip(*[values(column).tolist() for column in answer.columns]))
    if query == "Q1":
        cells = [values(column).tolist()[0] for column in answer.total]
        cells[0] = sum(answer.total_money.micros)
        return [(answer.matched, *figures(cells))]
    levels = answer.group_columns
    keys = [values(column).tolist() for column in answer.columns[:levels]]
    rows = [row for row, depth in enumerate(answer.depths) if depth == levels]
    money = {}
    for row, column, micros in zip(answer.group_money.rows, answer.group_money.columns, answer.group_money.micros):
        money[row, column] = money.get((row, column), 0) + micros
    pivots = sorted({column.pivot for column in answer.columns if column.pivoted}) or [None]
    result = []
    for pivot in pivots:
        index = [i for i, column in enumerate(answer.columns) if i >= levels and column.pivoted == (pivot is not None)
                 and (pivot is None or column.pivot == pivot)]
        columns = [values(answer.columns[i]).tolist() for i in index]
        for row in rows:
            cells = [column[row] for column in columns]
            if not cells[0]: continue  # no such customers
            if (row, index[1]) in money: cells[1] = money[row, index[1]]
            key = [column[row] for column in keys] + ([] if pivot is None else [pivot])
            result.append((*key, int(cells[0]), *figures(cells[1:])))
    return normal(query, result)


def figures(cells):
    """credit, active, attempts, answered, talk in whole milliseconds, pdd."""
    return (*(int(cell) for cell in cells[:4]), round(cells[4] * 1000), cells[5])
