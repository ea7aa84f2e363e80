"""A CDR file that grows while server and feeder are killed: every call of it is counted and paid once."""
import atexit
import json
import os
import signal
import subprocess
import time

import lab

ACCOUNTS = 3


class Feed:
    """A file, a feeder that follows it, and the truth about it."""

    def __init__(self, programs, random, number):
        self.programs = programs
        self.random = random
        self.folder = lab.fresh("feed")
        self.file = self.folder / f"calls-{number}.csv"
        self.file.write_text("account,setup_at,end_at,talk,code,cost\n")
        self.truth = {f"Feed {account}": [0, 0] for account in range(1, ACCOUNTS + 1)}
        # What the calls cost, 10^-6.
        self.costs = {name: 0 for name in self.truth}
        self.process = None
        atexit.register(self.kill)

    def customers(self):
        """Whose calls they are."""
        return [lab.message("Customer", name=f"Feed {number}", currency="EUR",
                            auth=[lab.message("AuthEntry", kind=2, value=f"feed-{number}")])
                for number in range(1, ACCOUNTS + 1)]

    def grow(self):
        """More calls, as a switch writes them: the last line may be there by half for a moment."""
        rows = []
        for _ in range(self.random.randrange(200, 3000)):
            account = self.random.randrange(1, ACCOUNTS + 1)
            answered = self.random.random() < 0.5
            setup = int(time.time()) - self.random.randrange(60, 3000)
            cents = self.random.randrange(1, 300) if answered else 0
            rows.append(f"feed-{account},{setup},{setup + 30},{20 if answered else 0},{200 if answered else 486},"
                        f"{cents / 100:.2f}\n")
            self.costs[f"Feed {account}"] += cents * 10_000
            self.truth[f"Feed {account}"][0] += 1
            self.truth[f"Feed {account}"][1] += answered
        text = "".join(rows)
        half = self.random.randrange(len(text))
        with open(self.file, "a") as stream:
            stream.write(text[:half])
            stream.flush()
            stream.write(text[half:])

    def follow(self, port):
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [self.programs / "busyhour", "--server", f"127.0.0.1:{port}", "feed", "cdr", "--format", "csv", "--follow",
                 self.file],
                env={**os.environ, "XDG_STATE_HOME": str(self.folder / "state")}, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=open(self.folder / "feeder.log", "ab"))

    def kill(self):
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def said(self):
        """The feeder's last line."""
        lines = (self.folder / "feeder.log").read_text(errors="replace").splitlines()
        return lines[-1] if lines else "nothing"

    def counted(self, port):
        shown = subprocess.run(
            [self.programs / "busyhour", "--server", f"127.0.0.1:{port}", "--format", "json", "board", "--window", "all",
             "--where", "name LIKE 'Feed %'", "--columns", "name,bids,answered", "--limit", "100"],
            stdout=subprocess.PIPE, check=True)
        return {row["name"]: [row["bids"], row["answered"]] for row in json.loads(shown.stdout)["rows"]}

    def finish(self, server):
        """Waits until the server has counted as many calls as there are, and no longer than half a minute.
        - Returns: calls lost, calls doubled, complaints about credits."""
        port = server.port
        self.follow(port)
        deadline = time.monotonic() + 30
        while (counted := self.counted(port)) != self.truth and time.monotonic() < deadline:
            if sum(figures[0] for figures in counted.values()) > sum(figures[0] for figures in self.truth.values()):
                break
            time.sleep(0.1)
        lost = doubled = 0
        for name, truth in self.truth.items():
            for wanted, has in zip(truth, counted.get(name, [0, 0])):
                lost += max(0, wanted - has)
                doubled += max(0, has - wanted)
        self.kill()
        return lost, doubled, self._wrong_balances(server)

    def _wrong_balances(self, server):
        found = server.client().call(lab.LIST, lab.message("ListCustomersRequest", where="name LIKE 'Feed %'")).customers
        return [f"{customer.name} has {customer.credit_micros} after costs of {self.costs[customer.name]}"
                for customer in found if customer.credit_micros != -self.costs[customer.name]]
