"""Called by Benchmarks/compare, which says what the options are."""

import argparse, json, math, os, pathlib, platform, statistics, sys, textwrap, time

import peers, queries, workload
from server import Server, message

arguments = argparse.ArgumentParser()
arguments.add_argument("--server", required=True)
arguments.add_argument("--rows", type=int)
arguments.add_argument("--seed", type=int, default=20261122)
arguments.add_argument("--runs", type=int)
arguments.add_argument("--quick", action="store_true")
arguments.add_argument("--json")
arguments.add_argument("--write", action="store_true")
asked = arguments.parse_args()
rows = asked.rows or (50_000 if asked.quick else 1_000_000)
runs = asked.runs or (5 if asked.quick else 9)


def say(text): print(text, file=sys.stderr, flush=True)


def median_milliseconds(run):
    run()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times)


def measure(server):
    """The board's medians: of a board on which nothing has changed, asked for another number of rows each time and for the very
    same, and of one on which calls have touched every chunk since; its answers, those that were kept the same as those
    without; and the rows that it was asked about."""
    calls = workload.feed(server, rows, asked.seed)
    say(f"{rows:,} customers, {calls:,} calls fed over RPC")
    # What so many calls at once leave to do (warnings, a first save) is done by then.
    time.sleep(2)
    ours, again, cold = {}, {}, {}
    for query, request in queries.BOARD.items():
        for _ in range(2): server.milliseconds("Board", request)
        ours[query] = statistics.median(server.milliseconds("Board", queries.other(request, run)) for run in range(runs))
        server.milliseconds("Board", request)
        again[query] = statistics.median(server.milliseconds("Board", request) for _ in range(runs))
    for query, request in queries.BOARD.items():
        cold[query] = statistics.median(touched_milliseconds(server, request) for _ in range(runs))
    workload.touch(server, rows)
    table = workload.export(server, rows)
    answers, wrong = {}, []
    for query, request in queries.BOARD.items():
        answers[query] = queries.board_rows(query, server.call("Board", request))
        if queries.board_rows(query, server.call("Board", request)) != answers[query]: wrong.append((query, "busyhour again"))
    return table, answers, ours, again, cold, wrong


def touched_milliseconds(server, request):
    workload.touch(server, rows)
    return server.milliseconds("Board", request)


def compare(table, answers):
    """The peers' medians by query, and the answers that differ."""
    times, wrong = {query: {} for query in queries.BOARD}, []
    for name, make in peers.PEERS.items():
        made = make(table)
        for query in queries.BOARD:
            theirs = queries.normal(query, peers.rows(name, made, query))
            if query not in queries.ORDERED: theirs = queries.normal(query, theirs)
            if not queries.same(answers[query], theirs):
                wrong.append((query, name))
                difference = next(((a, b) for a, b in zip(answers[query], theirs) if not queries.same([a], [b])), None)
                say(f"{query} differs from {name}: {len(answers[query])} and {len(theirs)} rows; first: {difference}")
            times[query][name] = median_milliseconds(peers.runner(name, made, query))
        say(f"{name}: done")
        del made
    return times, wrong


server = Server(asked.server)
try:
    table, answers, ours, again, cold, wrong_again = measure(server)
finally:
    server.stop()
theirs, wrong = compare(table, answers)
wrong += wrong_again

result, lines = {}, []
names = list(peers.PEERS)
lines.append("| ms | busyhour | the same again | after calls | " + " | ".join(names) + " | best peer / busyhour | / after calls |")
lines.append("|---|" + "--:|" * (len(names) + 5))
for query in queries.BOARD:
    best = min(theirs[query], key=theirs[query].get)
    ratio = theirs[query][best] / ours[query]
    cold_ratio = theirs[query][best] / cold[query]
    result[query] = {"busyhour_ms": ours[query], "best_peer": best, "best_peer_ms": theirs[query][best], "ratio": ratio,
                     "again_ms": again[query], "cold_ms": cold[query], "cold_ratio": cold_ratio}
    cells = " | ".join(f"{theirs[query][name]:.2f}" for name in names)
    lines.append(f"| {query} {queries.NAMES[query]} | {ours[query]:.2f} | {again[query]:.2f} | {cold[query]:.2f} | {cells} | {ratio:.1f} | {cold_ratio:.1f} |")


def geometric_mean(name): return math.exp(statistics.mean(math.log(entry[name]) for entry in result.values()))


geomean, cold_geomean = geometric_mean("ratio"), geometric_mean("cold_ratio")
lines.append("")
versions = "DuckDB 2.0.0, Polars 2.1.0, chDB 4.4.0 (ClickHouse), SQLite"
machine = next((l.split(':')[1].strip() for l in open('/proc/cpuinfo') if l.startswith('model name')), platform.machine())
lines.append(textwrap.fill(
    f"{rows:,} customers, one thread, medians of {runs} runs. BusyHour over RPC (the answer encoded and received); {versions} in process. "
    f"Answers {'equal' if not wrong else 'DIFFER'}; geometric means of the ratios {geomean:.1f} and {cold_geomean:.1f}. `busyhour`: nothing "
    f"has changed since the previous query, which asked for another number of rows, so the sums were cached and the answer was not. `the same "
    f"again`: the answer was cached. `after calls`: one call has ended and one has begun in every chunk of 8,192 customers. "
    f"Machine: {os.cpu_count()} x {machine}. "
    f"Made by `Benchmarks/compare{' --quick' if asked.quick else ''}{f' --rows {rows}' if asked.rows else ''}`.", 140))
text = "\n".join(lines)
print(text)
if asked.json:
    pathlib.Path(asked.json).write_text(json.dumps(
        {"rows": rows, "threads": 1, "answers_equal": not wrong, "geomean_ratio": geomean,
         "cold_geomean_ratio": cold_geomean, "queries": result}, indent=1) + "\n")
if asked.write:
    page = pathlib.Path(__file__).resolve().parents[2] / "docs/benchmarks.md"
    before, rest = page.read_text().split("<!-- compare -->\n")
    page.write_text(f"{before}<!-- compare -->\n{text}\n<!-- /compare -->{rest.split('<!-- /compare -->')[1]}")
sys.exit(1 if wrong else 0)
