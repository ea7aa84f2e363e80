"""Called by Benchmarks/queries, which says what the options are."""

import argparse, statistics

import queries, workload
from server import Server

arguments = argparse.ArgumentParser()
arguments.add_argument("--server", required=True)
arguments.add_argument("--against")
arguments.add_argument("--rows", type=int, default=100_000)
arguments.add_argument("--seed", type=int, default=20261122)
arguments.add_argument("--runs", type=int, default=41)
arguments.add_argument("--only", default="Q")
asked = arguments.parse_args()


def median(times): return statistics.median(times)


servers = [Server(program) for program in (asked.server, asked.against) if program]
try:
    for server in servers: calls = workload.feed(server, asked.rows, asked.seed)
    heads = ["again", "cold"] if len(servers) == 1 else ["again", "before", "ratio", "cold", "before", "ratio"]
    print(f"{'':28}" + "".join(f"{head:>9}" for head in heads))
    for query, request in queries.BOARD.items():
        if not query.startswith(asked.only): continue
        again, cold = [[] for _ in servers], [[] for _ in servers]
        for server in servers: server.milliseconds("Board", request)
        for run in range(asked.runs):
            # By turns, so that what disturbs the machine disturbs both.
            for server, times in zip(servers, again): times.append(server.milliseconds("Board", request))
        for run in range(asked.runs):
            for server, times in zip(servers, cold):
                workload.touch(server, asked.rows)
                times.append(server.milliseconds("Board", request))
        cells = []
        for times in (again, cold):
            cells += [f"{median(own):9.3f}" for own in times]
            if len(servers) == 2: cells.append(f"{median(times[1]) / median(times[0]):9.2f}")
        print(f"{query + ' ' + queries.NAMES[query]:28}" + "".join(cells), flush=True)
    print(f"Milliseconds over RPC, the answer encoded and received; {asked.rows:,} customers, {calls:,} calls, medians of {asked.runs} runs. "
          "Cold: calls have touched every chunk since.")
finally:
    for server in servers: server.stop()
