"""Who asked for what and what came of it: the other side's account of a server's promises.

Every request has a key. A line of the file is written before it is sent, and one when its outcome is known; so the account
is that of a process which the server's end does not touch.

A customer is edited by its owner alone, who sends one request after the other. So what a customer has is known: it is as
of the last edit that was acknowledged, or as of the one after it of which nobody knows. Some edits begin a moment later:
they only add, so they may be done in any order, and all are done, once, before anybody looks.
"""
import json
import os
import threading
import time
import uuid

import lab


class Creation:
    """Customers, all or none."""
    method = lab.CREATE

    def __init__(self, customers, owner=None, moves=False):
        """- moves: something else changes their credits."""
        self.key = uuid.uuid4().bytes
        self.customers, self.owner, self.moves = customers, owner, moves
        self.state = "sent"
        self.ids = None
        # As of the last edit that was acknowledged, one for each customer.
        self.has = []
        # The edit of some of them that may be in force or not.
        self.pending = None

    @property
    def what(self):
        return self.customers[0].name

    def message(self):
        return lab.message("CreateCustomersRequest", idempotency_key=self.key, customers=self.customers)

    def acknowledge(self, answer):
        self.ids = list(answer.ids)
        for customer in self.customers:
            has = lab.message("Customer")
            has.CopyFrom(customer)
            has.version = 1
            self.has.append(has)


class Edit:
    """Of some customers of one creation, all or none: credit is added, channels and tags are set."""
    method = lab.EDIT

    def __init__(self, creation, places, cents, channels, tag, delay=0):
        """- delay: seconds from now at which it begins; 0: at once."""
        self.key = uuid.uuid4().bytes
        self.begins = int((time.time() + delay) * 1_000_000) if delay else 0
        self.creation, self.places, self.cents, self.channels, self.tag = creation, places, cents, channels, tag
        self.state = "sent"

    @property
    def what(self):
        return f"the edit of {self.creation.customers[self.places[0]].name}"

    def message(self):
        ids = [self.creation.ids[place] for place in self.places]
        return lab.message(
            "EditCustomersRequest", idempotency_key=self.key, who="crash", selection=lab.message("Selection", ids=ids),
            begin_at=self.begins,
            set=[f"credit+={self.cents / 100:.2f}", f"channels=channels+{self.channels}", f"tags+={self.tag}"])

    def applied(self, customer):
        """The customer after it."""
        after = lab.message("Customer")
        after.CopyFrom(customer)
        after.credit_micros += self.cents * 10_000
        after.channels += self.channels
        if self.tag not in after.tags:
            after.tags.append(self.tag)
        after.version += 1
        return after

    def acknowledge(self, answer):
        for place in self.places:
            self.creation.has[place] = self.applied(self.creation.has[place])


class Ledger:
    def __init__(self, path, delays=False):
        """- delays: some edits begin later."""
        self.delays = delays
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.lock = threading.Lock()
        self.requests = []
        self.number = 0
        self.acknowledged = 0
        self.lost = self.partial = self.invented = 0
        self.complaints = []

    def close(self):
        os.close(self.file)

    @property
    def creations(self):
        return [request for request in self.requests if isinstance(request, Creation)]

    def begin(self, random, owner=None):
        """A request to create some customers, or to edit some of the owner's; not sent yet."""
        with self.lock:
            request = self._edit(random, owner) or self._creation(random, owner)
            self._note(request)
            return request

    def _creation(self, random, owner):
        count = random.choice([1, 1, 1, 2, 5, 20])
        customers = []
        for _ in range(count):
            self.number += 1
            customers.append(lab.message(
                "Customer", name=f"Customer {self.number}", currency=random.choice(["EUR", "USD", "INR"]),
                credit_micros=random.randrange(-10**9, 10**9), channels=random.randrange(1000),
                tags=random.sample(["gold", "trial", "wholesale"], random.randrange(3)),
                notes="x" * random.choice([0, 0, 10, 200])))
        return Creation(customers, owner)

    def _edit(self, random, owner):
        if owner is None or random.random() < 0.6:
            return None
        # Of late ones: those that the newest snapshot has, and those that only the journal has.
        own = [request for request in self.requests[-2000:]
               if isinstance(request, Creation) and request.owner == owner and request.ids]
        if not own:
            return None
        creation = random.choice(own)
        count = len(creation.customers)
        places = sorted(random.sample(range(count), random.randint(1, count)))
        edit = Edit(creation, places, random.choice([-1, 1]) * random.randrange(1, 10**6), random.randrange(1, 9),
                    random.choice(["gold", "late", "vip"]),
                    random.uniform(0.1, 0.8) if self.delays and random.random() < 0.2 else 0)
        creation.pending = edit
        return edit

    def promise(self, client, customers):
        """A request to create just these, whose credits move."""
        request = Creation(customers, moves=True)
        with self.lock:
            self._note(request)
        self.send(client, request)

    def _note(self, request):
        self.requests.append(request)
        self._write(request)

    def send(self, client, request):
        """Sends it and notes the outcome. Raises what the call raises."""
        try:
            answer = client.call(request.method, request.message())
        except lab.Gone:
            self._become(request, "unknown")
            raise
        except lab.Refused:
            self._become(request, "refused")
            raise
        if answer.errors:
            # Every name is new and every edit possible, so the server has done the same request before.
            self._become(request, "acknowledged")
            self._complain("invented", f"{request.what} would be done twice: {answer.errors[0].message}")
            return
        with self.lock:
            request.acknowledge(answer)
            self.acknowledged += 1
        self._become(request, "acknowledged")

    def _become(self, request, state):
        with self.lock:
            request.state = state
            if isinstance(request, Edit) and state != "unknown":
                request.creation.pending = None
            self._write(request)

    def _write(self, request):
        line = {"key": request.key.hex(), "state": request.state, "what": request.what}
        os.write(self.file, json.dumps(line).encode() + b"\n")

    # -- what a server must have

    def verify(self, client, replay=True):
        """Compares everything that a server has with the account; then asks again for what nobody knows."""
        self._wait(client)
        self._compare(client.customers())
        if not replay:
            return
        unknown = [request for request in self.requests if request.state in ("sent", "unknown")]
        for request in unknown:
            try:
                self.send(client, request)
            except lab.Refused as error:
                # Its time has passed, and the server has never had it.
                if not getattr(request, "begins", 0) or error.code != "INVALID_ARGUMENT":
                    raise
        if unknown:
            self._wait(client)
            self._compare(client.customers())

    def _wait(self, client):
        """Until what begins later has been done: it is due within a second."""
        if not self.delays:
            return
        end = time.monotonic() + 60
        while True:
            status = client.call(lab.STATUS, lab.message("StatusRequest"))
            if not status.scheduled:
                break
            if time.monotonic() > end:
                self._complain("lost", f"{status.scheduled} edits are due and not done")
                return
            time.sleep(0.05)
        if status.failed_changes:
            self._complain("lost", f"{status.failed_changes} edits that begin later could not be done")

    def _compare(self, found):
        names = {}
        for customer in found:
            if customer.name in names:
                self._complain("invented", f"{customer.name} twice")
            names[customer.name] = customer
        expected = 0
        for request in self.creations:
            present = [names[wanted.name] for wanted in request.customers if wanted.name in names]
            expected += len(present)
            if request.state == "refused" and present:
                self._complain("invented", f"{present[0].name} was refused and is there")
            elif present and len(present) < len(request.customers):
                self._complain("partial", f"{len(present)} of {len(request.customers)} from {present[0].name} on")
            elif request.state == "acknowledged":
                if not present:
                    self._complain("lost", f"{request.what} was acknowledged")
                else:
                    self._compare_fields(request, present)
        if len(found) != expected:
            self._complain("invented", f"{len(found) - expected} customers that nobody asked for")
        if [customer.id for customer in found] != list(range(1, len(found) + 1)):
            self._complain("invented", "ids are not one after the other")

    def _compare_fields(self, creation, present):
        edited = set()
        pending = creation.pending
        for place, (wanted, has, number) in enumerate(zip(creation.has, present, creation.ids or [])):
            may_be_edited = pending is not None and place in pending.places
            if may_be_edited and self._same(creation, pending.applied(wanted), has):
                edited.add(place)
            elif has.id != number or not self._same(creation, wanted, has):
                self._complain("lost", f"{wanted.name} is not as it was acknowledged")
        if pending is not None and edited and edited != set(pending.places):
            self._complain("partial", f"{pending.what} is done for {len(edited)} of {len(pending.places)}")

    @staticmethod
    def _same(creation, wanted, has):
        return ((creation.moves or has.credit_micros == wanted.credit_micros) and has.currency == wanted.currency
                and has.channels == wanted.channels and sorted(has.tags) == sorted(wanted.tags)
                and has.notes == wanted.notes and has.version == wanted.version)

    def _complain(self, kind, text):
        setattr(self, kind, getattr(self, kind) + 1)
        self.complaints.append(f"{kind}: {text}")
