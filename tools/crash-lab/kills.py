"""D1: kill -9 at random moments under load. Nothing that was acknowledged is lost, nothing is there by half."""
import random as randomness
import threading
import time

import lab
from ledger import Ledger

CLIENTS = 8
# A directory is used for this many cycles, so that files are old and many, and then a new one is begun.
CYCLES_A_DIRECTORY = 25


def load(server, ledger, random, until):
    """A client that sends one request after the other."""
    try:
        client = server.client(timeout=30)
        while not until.is_set():
            ledger.send(client, ledger.begin(random))
    except (lab.Gone, lab.Refused):
        pass


def save(server, random, until):
    """Asks for snapshots: the moments in which files are written, named and removed."""
    try:
        client = server.client(timeout=30)
        while not until.wait(random.uniform(0, 0.1)):
            client.call(lab.SNAPSHOT, lab.message("SnapshotRequest", backup=random.random() < 0.2))
    except (lab.Gone, lab.Refused):
        pass


def run(programs, cycles, seed, say=print):
    """- Returns: the figures."""
    random = randomness.Random(seed)
    figures = {"cycles": 0, "acknowledged": 0, "lost": 0, "partial": 0, "invented": 0, "refused_restarts": 0}
    ledger = server = None
    complaints = []
    for cycle in range(cycles):
        if cycle % CYCLES_A_DIRECTORY == 0:
            _add(figures, ledger, complaints)
            if server:
                server.end()
            directory = lab.fresh("kills")
            ledger = Ledger(lab.workspace() / "kills.ledger")
            # Short segments: the journal goes from one to the next and uses them again.
            server = lab.Server(programs, directory, segment=random.choice(["64K", "256K", "2M"]))
        stop = threading.Event()
        threads = [lab.Thread(load, server, ledger, randomness.Random(random.random()), stop)
                   for _ in range(CLIENTS)]
        threads.append(lab.Thread(save, server, randomness.Random(random.random()), stop))
        time.sleep(random.uniform(0, 0.5))
        server.end()
        stop.set()
        for thread in threads:
            thread.join()
        try:
            server = lab.Server(programs, directory)
        except lab.NotStarted as error:
            figures["refused_restarts"] += 1
            complaints.append(f"cycle {cycle}: {error}")
            break
        ledger.verify(server.client())
        figures["cycles"] += 1
        if cycle % 20 == 19:
            say(f"{cycle + 1} kills, {figures['acknowledged'] + ledger.acknowledged} requests acknowledged")
    if server:
        server.end()
    _add(figures, ledger, complaints)
    return figures, complaints


def _add(figures, ledger, complaints):
    if ledger is None:
        return
    for name in ("acknowledged", "lost", "partial", "invented"):
        figures[name] += getattr(ledger, name)
    complaints += ledger.complaints
    ledger.close()
