"""Called by Benchmarks/queries, which says what the options are."""

import argparse, os, pathlib, platform, statistics, textwrap, time

import queries, workload
from server import Server

arguments = argparse.ArgumentParser()
arguments.add_argument("--server", required=True)
arguments.add_argument("--against")
arguments.add_argument("--rows", type=int, default=100_000)
arguments.add_argument("--seed", type=int, default=20261122)
arguments.add_argument("--runs", type=int, default=41)
arguments.add_argument("--only", default="Q")
arguments.add_argument("--write", action="store_true")
asked = arguments.parse_args()


def measure(servers, request):
    """Medians by server: of a board on which nothing has changed, asked for another number of rows each time and for the very
    same, and of one on which calls have touched every chunk since."""
    for server in servers:
        for _ in range(2): server.milliseconds("Board", request)
    times = [[[] for _ in servers] for _ in range(3)]
    # By turns, so that what disturbs the machine disturbs both servers.
    for kind in range(3):
        for run in range(asked.runs):
            for server, own in zip(servers, times[kind]):
                if kind == 2: workload.touch(server, asked.rows)
                own.append(server.milliseconds("Board", queries.other(request, run) if kind == 0 else request))
    return [[statistics.median(own) for own in part] for part in times]


servers = [Server(program) for program in (asked.server, asked.against) if program]
try:
    for server in servers: calls = workload.feed(server, asked.rows, asked.seed)
    # What so many calls at once leave to do (warnings, a first save) is done by then.
    time.sleep(2)
    heads = ["nothing has changed", "the same again", "after calls"]
    if len(servers) == 2: heads = [part for head in heads for part in (head, "before", "ratio")]
    lines = ["| ms | " + " | ".join(heads) + " |", "|---|" + "--:|" * len(heads)]
    for query, request in queries.BOARD.items():
        if not query.startswith(asked.only): continue
        cells = []
        for medians in measure(servers, request):
            cells += [f"{own:.2f}" for own in medians]
            if len(servers) == 2: cells.append(f"{medians[1] / medians[0]:.2f}")
        lines.append(f"| {query} {queries.NAMES[query]} | " + " | ".join(cells) + " |")
finally:
    for server in servers: server.stop()
model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
made = f"Benchmarks/queries{f' --rows {asked.rows}' if asked.rows != 100_000 else ''}"
lines += ["", textwrap.fill(
    f"{asked.rows:,} customers, {calls:,} calls, over RPC (the answer encoded and received), medians of {asked.runs} runs. "
    f"Machine: {os.cpu_count()} x {model}. Made by `{made}`.", 140)]
text = "\n".join(lines)
print(text)
if asked.write:
    page = pathlib.Path(__file__).resolve().parents[2] / "docs/benchmarks.md"
    before, rest = page.read_text().split("<!-- queries -->\n")
    page.write_text(f"{before}<!-- queries -->\n{text}\n<!-- /queries -->{rest.split('<!-- /queries -->')[1]}")
