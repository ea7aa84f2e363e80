"""Called by Benchmarks/compare-snapshot, which says what the options are.

Every system gets the same customers with thirteen columns, in memory and complete, and is asked to save them and to load
them again. BusyHour and DuckDB write columns, Redis one hash a customer. All three sync their files to the disk."""

import argparse, json, os, platform, shutil, socket, statistics, subprocess, tempfile, time

import duckdb
import numpy as np
import pyarrow as pa

STATUS = ["Active", "Dialing", "Inactive", "Pending", "Pending Approval", "Penalty"]
CURRENCY = "USD EUR GBP INR BRL AUD CAD JPY ZAR AED SGD CHF SEK NOK PLN MXN TRY NGN KES PHP".split()
COUNTRY = [first + second for first in "ABCDEFGHIJKLMNOP" for second in "ABCDEFGHIJKLM"][:200]
WORDS = "acme globe tele voice nova zen delta orbit prime swift terra luna vox link net call star blue apex core".split()


def customers(rows, seed):
    dice = np.random.default_rng(seed)
    zipf = 1 / np.arange(1, len(COUNTRY) + 1) ** 0.9
    attempts = (dice.pareto(1.2, rows) * 20).clip(0, 2_000_000).astype(np.int64)
    answered = dice.binomial(attempts, dice.uniform(0.2, 0.8, rows))
    number = np.arange(1, rows + 1, dtype=np.int64)
    return {
        "id": number,
        "name": [f"{WORDS[i % 20]} {WORDS[i // 7 % 20]} {i}" for i in number.tolist()],
        "status": np.array(STATUS)[dice.choice(6, rows, p=[.7, .05, .15, .05, .03, .02])].tolist(),
        "country": np.array(COUNTRY)[dice.choice(len(COUNTRY), rows, p=zipf / zipf.sum())].tolist(),
        "currency": np.array(CURRENCY)[dice.choice(20, rows)].tolist(),
        "credit": dice.normal(500_000, 900_000, rows).astype(np.int64),
        "channels": dice.integers(1, 500, rows),
        "active": (dice.pareto(1.5, rows) * 2).clip(0, 5_000).astype(np.int64),
        "attempts": attempts,
        "answered": answered.astype(np.int64),
        "talk_ms": (answered * dice.uniform(5_000, 300_000, rows)).astype(np.int64),
        "pdd_ms": (attempts * dice.uniform(200, 9_000, rows)).astype(np.int64),
        "last_call": dice.integers(1_760_000_000, 1_763_800_000, rows),
    }


def timed(work):
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def busyhour(table, directory, program, runs):
    columns = os.path.join(directory, "columns")
    os.mkdir(columns)
    with open(f"{columns}/columns.txt", "w") as file: file.write("\n".join(table))
    for name, values in table.items():
        if isinstance(values, np.ndarray):
            values.astype("<i8").tofile(f"{columns}/{name}.i64")
        else:
            with open(f"{columns}/{name}.txt", "w") as file: file.write("\n".join(values))
    result = json.loads(subprocess.check_output([program, columns, str(runs)]))
    return result["save"], result["load"], result["bytes"]


def duck(table, directory, runs):
    rows = pa.table({name: pa.array(values) for name, values in table.items()})
    saves, loads = [], []
    for run in range(runs):
        path = f"{directory}/{run}.duckdb"
        connection = duckdb.connect(path)
        connection.register("source", rows)
        def save():
            connection.execute("CREATE TABLE c AS SELECT * FROM source")
            connection.execute("CHECKPOINT")
        saves.append(timed(save)[1])
        connection.close()
        def load():
            opened = duckdb.connect(path)
            opened.execute("CREATE TEMP TABLE m AS SELECT * FROM c")
            return opened
        opened, seconds = timed(load)
        loads.append(seconds)
        opened.close()
        size = os.path.getsize(path)
        os.unlink(path)
    return statistics.median(saves), statistics.median(loads), size


class Redis:
    """A server of its own on a free port; commands are written as they go over the wire."""

    def __init__(self, directory):
        self.directory = directory
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--save", "", "--dir", self.directory, "--dbfilename", "redis.rdb"],
            stdout=subprocess.DEVNULL)
        while True:
            try:
                if self.command(b"PING").startswith(b"+PONG"): return
            except OSError: pass
            time.sleep(0.005)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def command(self, *words):
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(self.wire(words))
            return connection.recv(4_096)

    @staticmethod
    def wire(words):
        return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)

    def fill(self, table):
        names = [name.encode() for name in table][1:]
        columns = [values.tolist() if isinstance(values, np.ndarray) else values for values in table.values()]
        pipe = subprocess.Popen(
            ["redis-cli", "-p", str(self.port), "--pipe"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for row in zip(*columns):
            fields = [word for pair in zip(names, (str(value).encode() for value in row[1:])) for word in pair]
            pipe.stdin.write(self.wire([b"HSET", b"c:%d" % row[0], *fields]))
        pipe.stdin.close()
        pipe.wait()


def redis(table, directory, runs):
    server = Redis(directory)
    saves, loads = [], []
    try:
        server.fill(table)
        for _ in range(runs):
            answer, seconds = timed(lambda: server.command(b"SAVE"))
            if not answer.startswith(b"+OK"): raise RuntimeError(answer)
            saves.append(seconds)
            server.stop()
            loads.append(timed(server.start)[1])
        if int(server.command(b"DBSIZE")[1:]) != len(table["name"]): raise RuntimeError("customers are missing")
    finally:
        server.stop()
    return statistics.median(saves), statistics.median(loads), os.path.getsize(f"{directory}/redis.rdb")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=20261122)
    arguments.add_argument("--runs", type=int, default=5)
    asked = arguments.parse_args()
    table = customers(asked.rows, asked.seed)
    version = subprocess.check_output(["redis-server", "--version"], text=True).split("v=")[1].split()[0]
    systems = {
        "BusyHour": lambda directory: busyhour(table, directory, asked.program, asked.runs),
        f"DuckDB {duckdb.__version__}": lambda directory: duck(table, directory, asked.runs),
        f"Redis {version}": lambda directory: redis(table, directory, asked.runs),
    }
    print(f"{asked.rows:,} customers, 13 columns, medians of {asked.runs}\n")
    print("| | save, s | load, s | file, MB |\n|---|---:|---:|---:|")
    for name, measure in systems.items():
        directory = tempfile.mkdtemp()
        try:
            save, load, size = measure(directory)
        finally:
            shutil.rmtree(directory)
        print(f"| {name} | {save:.3f} | {load:.3f} | {size / 1e6:.1f} |", flush=True)
    print(f"\nMachine: {os.cpu_count()} cores, {platform.machine()}. Made by `Benchmarks/compare-snapshot`.")


if __name__ == "__main__": main()
