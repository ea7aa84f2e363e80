"""D1: kill -9 at random moments under load: of servers, and of those who feed them. Nothing that was acknowledged is lost,
nothing is there by half, and every call of the files is counted and paid once."""
import random as randomness
import threading
import time

import lab
from feeds import Feed
from ledger import Ledger

CLIENTS = 8
# A directory is used for this many cycles, so that files are old and many, and then a new one is begun.
CYCLES_A_DIRECTORY = 25


def load(server, ledger, random, until, owner=None, pause=0):
    """A client that sends one request after the other, and edits the customers of this owner alone."""
    try:
        client = server.client(timeout=30)
        while not until.wait(pause):
            request = ledger.begin(random, owner)
            try:
                ledger.send(client, request)
            except lab.Refused:
                # What was to begin soon came too late.
                if not getattr(request, "begins", 0):
                    raise
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
    """- Returns: the figures, complaints."""
    random = randomness.Random(seed)
    figures = {"cycles": 0, "acknowledged": 0, "lost": 0, "partial": 0, "invented": 0, "refused_restarts": 0,
               "calls": 0, "calls_lost": 0, "calls_doubled": 0, "balances_wrong": 0}
    complaints = []
    while figures["cycles"] < cycles and not figures["refused_restarts"]:
        kills = min(CYCLES_A_DIRECTORY, cycles - figures["cycles"])
        _use_directory(programs, kills, random, figures, complaints)
        say(f"{figures['cycles']} kills, {figures['acknowledged']} requests acknowledged, {figures['calls']} calls fed")
    return figures, complaints


def _use_directory(programs, kills, random, figures, complaints):
    """Kills one server again and again, and compares after each time."""
    directory = lab.fresh("kills")
    ledger = Ledger(lab.workspace() / "kills.ledger", delays=True)
    # Short segments: the journal goes from one to the next and uses them again.
    server = lab.Server(programs, directory, segment=random.choice(["64K", "256K", "2M"]))
    feed = Feed(programs, random, figures["cycles"])
    ledger.promise(server.client(), feed.customers())
    for _ in range(kills):
        feed.follow(server.port)
        feed.grow()
        _load_and_kill(server, ledger, random)
        if random.random() < 0.5:
            feed.kill()
        try:
            server = lab.Server(programs, directory, port=server.port)
        except lab.NotStarted as error:
            figures["refused_restarts"] += 1
            complaints.append(str(error))
            break
        ledger.verify(server.client())
        figures["cycles"] += 1
    else:
        lost, doubled, balances = feed.finish(server)
        figures["calls_lost"] += lost
        figures["calls_doubled"] += doubled
        figures["calls"] += sum(truth[0] for truth in feed.truth.values())
        figures["balances_wrong"] += len(balances)
        complaints += balances
        if lost or doubled:
            complaints.append(f"{lost} calls lost, {doubled} doubled: {feed.counted(server.port)} for {feed.truth}; "
                              f"the feeder said last: {feed.said()}")
    feed.kill()
    server.end()
    _add(figures, ledger, complaints)


def _load_and_kill(server, ledger, random):
    stop = threading.Event()
    threads = [lab.Thread(load, server, ledger, randomness.Random(random.random()), stop, owner)
               for owner in range(CLIENTS)]
    threads.append(lab.Thread(save, server, randomness.Random(random.random()), stop))
    time.sleep(random.uniform(0, 0.5))
    server.end()
    stop.set()
    for thread in threads:
        thread.join()


def _add(figures, ledger, complaints):
    for name in ("acknowledged", "lost", "partial", "invented"):
        figures[name] += getattr(ledger, name)
    complaints += ledger.complaints
    ledger.close()
