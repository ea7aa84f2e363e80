"""D2 and D4: a canonical workload on a disk whose Nth call ends the process, fails, or does half of what it should.

Only calls of the system change what is on the disk, so a kill at any instruction is a kill before some call, or within a write.
Calls are counted over all threads, so every point of a run is reached.
"""
import errno
import random as randomness
import signal
import subprocess

import lab
from ledger import Ledger


class Workload:
    """Requests, snapshots and a stop, the same each time. Whatever the server's end is, the ledger knows what it promised."""

    REQUESTS = 60

    def __init__(self, programs, name):
        self.programs = programs
        self.directory = lab.fresh(name)
        self.ledger = Ledger(lab.workspace() / f"{name}.ledger")
        self.faults = lab.Faults.page(lab.workspace())
        # Requests answered although a fault had hit the journal before they were sent.
        self.late = 0
        self.code = None
        self.refusals = []

    def run(self, at_start=True, **fault):
        """- at_start: the fault may hit the start as well; else it is armed when the server is ready."""
        environment = self.faults.environment(self.directory)
        self.faults.arm(**fault) if at_start else self.faults.disarm()
        try:
            server = lab.Server(self.programs, self.directory, environment=environment, segment="32K")
        except lab.NotStarted as error:
            self.code = error.code
            return self
        if not at_start:
            self.faults.arm(**fault)
        try:
            self._drive(server)
            self.code = server.end(signal.SIGTERM)
        except lab.Gone:
            # It has ended, or does so by itself; one that only closes connections would hang the run.
            try:
                self.code = server.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.code = "nothing"
            server.end()
        return self

    def _drive(self, server):
        random = randomness.Random(1)
        client = server.client()
        for number in range(self.REQUESTS):
            had = self.hit_journal
            request = self.ledger.begin(random, owner=1)
            try:
                self.ledger.send(client, request)
            except lab.Refused as error:
                self.refusals.append(error.code)
            else:
                self.late += had
            if number in (15, 30, 45):
                try:
                    client.call(lab.SNAPSHOT, lab.message("SnapshotRequest", backup=number == 30))
                except lab.Refused as error:
                    self.refusals.append(error.code)

    @property
    def hit_journal(self):
        """A write or a sync of the journal was hit: nobody knows any more what the disk has of it."""
        path = self.faults.path.decode()
        return self.faults.fired > 0 and "/journal/" in path and "/spare-" not in path

    def check(self):
        """Starts without faults and compares. - Returns: what is wrong."""
        try:
            server = lab.Server(self.programs, self.directory)
        except lab.NotStarted as error:
            self.ledger.close()
            return [f"no restart: {error}"]
        try:
            self.ledger.verify(server.client())
        finally:
            server.end()
            self.ledger.close()
        complaints = list(self.ledger.complaints)
        # What verified when it was named must verify after a crash: no name comes before its bytes.
        complaints += [f"set aside: {file.name}" for file in self.directory.glob("*.bad*")]
        return complaints


def run_kills(programs, step=1, first=1, say=print):
    """A kill at every call, and in the middle of every write. - Returns: points, complaints."""
    points, complaints = 0, []
    for action, name in ((lab.KILL, "kill"), (lab.KILL_HALF, "half")):
        calls = lab.CALLS if action == lab.KILL else ["write"]
        when = first
        while True:
            workload = Workload(programs, "calls").run(action=action, calls=calls, when=when)
            fired = workload.faults.fired
            kind = f"{name} at call {when} ({workload.faults.path.decode().rsplit('/', 1)[-1]})"
            complaints += [f"{kind}: {complaint}" for complaint in workload.check()]
            if not fired:
                break
            points += 1
            if workload.code != -signal.SIGKILL:
                complaints.append(f"{kind}: ended with {workload.code}")
            when += step
        say(f"{points} points, {len(complaints)} complaints")
    return points, complaints


ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "EDQUOT": errno.EDQUOT, "EROFS": errno.EROFS, "EINTR": errno.EINTR}


def run_errors(programs, quick=False, say=print):
    """{EIO, ENOSPC, EDQUOT, EROFS, EINTR, short} x every kind of call x some places. - Returns: cases, complaints."""
    cases, complaints = 0, []
    for call in lab.CALLS:
        # How many there are in an undisturbed run.
        plain = Workload(programs, "errors").run(action=lab.NOTHING, calls=[call])
        total = plain.faults.calls[lab.CALLS.index(call)]
        complaints += plain.check()
        if total == 0:
            continue
        places = [max(1, total // 2)] if quick else sorted({1, 2, max(1, total // 3), max(1, total // 2), total})
        for name, code in [*ERRORS.items(), ("short", 0)]:
            if name == "short" and call != "write" or quick and name in ("EDQUOT", "EROFS"):
                continue
            for when in places:
                workload = Workload(programs, "errors").run(
                    action=lab.SHORT if name == "short" else lab.ERROR, calls=[call], when=when, error=code)
                cases += 1
                kind = f"{name} at {call} {when} ({workload.faults.path.decode().rsplit('/', 1)[-1]})"
                complaints += [f"{kind}: {text}" for text in judge(workload, call, name) + workload.check()]
        say(f"{cases} cases, {len(complaints)} complaints")
    return cases, complaints


def judge(workload, call, name):
    """What must be true of the run itself."""
    wrong = []
    harmless = name == "short" or name == "EINTR" and call in ("write", "fdatasync")
    if harmless and (workload.code != 0 or workload.refusals or workload.ledger.acknowledged != Workload.REQUESTS):
        wrong.append(f"ended with {workload.code}, {workload.refusals}, {workload.ledger.acknowledged} acknowledged")
    if not harmless and workload.late:
        wrong.append(f"{workload.late} acknowledged after the journal failed")
    if workload.code not in (0, 1, 74):
        wrong.append(f"ended with {workload.code}")
    if not harmless and workload.hit_journal and workload.code == 0 and call in ("write", "fdatasync"):
        wrong.append("went on after the journal failed")
    return wrong
