"""The peers, each in process and with one thread, on the very rows of the board. A peer is a function from the table to a
function from a query's number to what runs it and, once, to its rows."""

import os, sqlite3, tempfile

from queries import SQL, polars_queries

TEXTS = {"name", "status", "country", "currency"}


def arrow(table):
    import pyarrow as pa
    return pa.table({name: pa.array(column.tolist() if name in TEXTS else column) for name, column in table.items()})


def duckdb(table):
    import duckdb
    connection = duckdb.connect(config={"threads": 1})
    connection.register("rows", arrow(table))
    connection.execute("CREATE TABLE c AS SELECT * FROM rows")
    # Few distinct texts are enumerations, as a careful user would have them.
    for name in ("status", "country", "currency"):
        connection.execute(f"CREATE TYPE {name}_e AS ENUM (SELECT DISTINCT {name} FROM c ORDER BY 1)")
        connection.execute(f"ALTER TABLE c ALTER {name} TYPE {name}_e")
    return lambda query: lambda: connection.execute(SQL[query]).fetchall()


def polars(table):
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl
    frame = pl.from_arrow(arrow(table)).with_columns(pl.col("status", "country", "currency").cast(pl.Categorical))
    queries = polars_queries(frame)
    return lambda query: lambda: queries[query].collect()


def chdb(table):
    from chdb import session
    import pyarrow.parquet as parquet
    clickhouse = session.Session()
    types = {"name": "String", "status": "LowCardinality(String)", "country": "LowCardinality(String)",
             "currency": "LowCardinality(String)"}
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        parquet.write_table(arrow(table), file.name)
        clickhouse.query("CREATE DATABASE b")
        columns = ", ".join(f"{name} {types.get(name, 'Int64')}" for name in table)
        clickhouse.query(f"CREATE TABLE b.c ({columns}) ENGINE = Memory")
        clickhouse.query(f"INSERT INTO b.c SELECT {', '.join(table)} FROM file('{file.name}', Parquet)")

    def run(query, form="Native"):
        return clickhouse.query(SQL[query].replace("FROM c", "FROM b.c") + " SETTINGS max_threads = 1", form)
    return lambda query: lambda: run(query), run


def sqlite(table):
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE c ({', '.join(table)})")
    connection.executemany(f"INSERT INTO c VALUES ({', '.join('?' * len(table))})",
                           zip(*(column.tolist() for column in table.values())))
    return lambda query: lambda: connection.execute(SQL[query]).fetchall()


def rows(name, made, query):
    """The peer's answer as rows."""
    if name == "chdb":
        import json
        text = made[1](query, "JSONCompact").bytes().decode()
        # 64-bit integers come as texts: the columns' types tell which.
        answer = json.loads(text)
        numeric = ["Int" in column["type"] for column in answer["meta"]]
        return [[int(cell) if is_int and cell is not None else cell for cell, is_int in zip(row, numeric)]
                for row in answer["data"]]
    result = made(query)()
    return result.rows() if name == "polars" else result


def runner(name, made, query): return (made[0] if name == "chdb" else made)(query)


PEERS = {"duckdb": duckdb, "polars": polars, "chdb": chdb, "sqlite": sqlite}
