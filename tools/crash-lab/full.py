"""F4 and F5: a disk of a fixed size (tmpfs in a mount namespace of its own) that is filled while a server writes."""
import os
import pathlib
import random as randomness
import subprocess
import time

import lab
from ledger import Ledger

MEBIBYTES = 10


class SmallDisk:
    """A tmpfs that lives as long as a process of ours."""

    def __init__(self, mebibytes):
        mount = lab.fresh("disk")
        user = [] if os.geteuid() == 0 else ["-r"]
        script = f'mount -t tmpfs -o size={mebibytes}m none "{mount}" && mkdir -m 700 "{mount}/data" && echo ready && exec cat'
        self.process = subprocess.Popen(["unshare", "-m", *user, "sh", "-c", script], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if self.process.stdout.readline() != b"ready\n":
            raise OSError(f"no disk of a fixed size: {self.process.stderr.read().decode().strip()}")
        self.enter = ["nsenter", "-t", str(self.process.pid), "-m", *(["-U", "--preserve-credentials"] if user else [])]
        self.directory = mount / "data"
        # The same seen from outside.
        self.outside = pathlib.Path(f"/proc/{self.process.pid}/root{mount}")

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def run(programs, say=print):
    """- Returns: acknowledged requests, complaints."""
    try:
        disk = SmallDisk(MEBIBYTES)
    except OSError as error:
        return 0, [str(error)]
    try:
        return _fill(programs, disk)
    finally:
        disk.end()


def _fill(programs, disk):
    complaints = []
    random = randomness.Random(3)
    ledger = Ledger(lab.workspace() / "full.ledger")
    server = lab.Server(programs, disk.directory, wrap=disk.enter, segment="1M", exec_wrap=True)
    client = server.client()
    for _ in range(20):
        ledger.send(client, ledger.begin(random))
    filler = disk.outside / "filler"
    with open(filler, "wb") as stream:
        try:
            while True:
                stream.write(bytes(65536))
                stream.flush()
        except OSError:
            pass
    # Spares are there: so much is taken, and then the refusal comes before the request is taken, not after.
    code = _ask_until(ledger, client, random, lambda: False, 200_000)
    if code != "DISK_FULL":
        complaints.append(f"a full disk was answered by {code}")
    before = ledger.acknowledged
    try:
        client.call(lab.SNAPSHOT, lab.message("SnapshotRequest"))
        complaints.append("a snapshot was written to a full disk")
    except lab.Refused:
        pass
    if len(client.customers()) == 0 or client.call(lab.STATUS, lab.message("StatusRequest")).customers == 0:
        complaints.append("a full disk ended the reads")
    filler.unlink()
    deadline = time.monotonic() + 30
    while ledger.acknowledged == before and time.monotonic() < deadline:
        _ask_until(ledger, client, random, lambda: True, 1)
    if ledger.acknowledged == before:
        complaints.append("did not go on when there was space again")
    if not server.is_running:
        complaints.append(f"ended: {server.said()}")
    server.end()
    server = lab.Server(programs, disk.directory, wrap=disk.enter, exec_wrap=True)
    ledger.verify(server.client())
    server.end()
    return ledger.acknowledged, complaints + ledger.complaints


def _ask_until(ledger, client, random, is_enough, limit):
    """Sends requests until one is refused. - Returns: the error's code."""
    for _ in range(limit):
        request = ledger.begin(random)
        try:
            ledger.send(client, request)
        except lab.Refused as error:
            if error.code != "BUSY":
                return error.code
        if is_enough():
            return None
    return None
