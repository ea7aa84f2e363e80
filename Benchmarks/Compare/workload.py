"""The customers and their calls: made by a seed, sent to the server over RPC, read back as the rows that every peer gets."""

import numpy as np

from server import message

STATUS = ["Active", "Inactive", "Pending", "Pending Approval", "Penalty"]
CURRENCY = "USD EUR GBP INR BRL AUD CAD JPY ZAR AED SGD CHF SEK NOK PLN MXN TRY NGN KES PHP".split()
COUNTRY = """AD AE AF AG AI AL AM AO AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM
CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FO FR GA GB GD GE GF GH GI GL GM GN GP GQ GR GT GU GW GY HK HN
HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK
ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PR PS PT PW PY QA RE RO RU RW
SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TC TD TG TH TJ TM TN TO TR TT TW TZ UA UG UY UZ VE VN YE ZA ZM ZW""".split()[:200]
WORDS = "acme globe tele voice nova zen delta orbit prime swift terra luna vox link net call star blue apex core".split()
NOW = 1_763_800_000_000_000
NEVER = 0xFFFFFFFF


def feed(server, rows, seed):
    """Creates the customers and sends their calls; returns how many calls."""
    dice = np.random.default_rng(seed)
    zipf = 1 / np.arange(1, len(COUNTRY) + 1) ** 0.9
    country = dice.choice(len(COUNTRY), rows, p=zipf / zipf.sum())
    status = dice.choice(5, rows, p=[.75, .15, .05, .03, .02])
    currency = dice.choice(len(CURRENCY), rows)
    credit = dice.normal(500_000, 900_000, rows).astype(np.int64)
    channels = dice.integers(1, 500, rows)
    for first in range(0, rows, 10_000):
        request = message("CreateCustomersRequest")()
        for row in range(first, min(first + 10_000, rows)):
            number = row + 1
            request.customers.add(
                name=f"{WORDS[number % 20]} {WORDS[(number // 7) % 20]} {number}", currency=CURRENCY[currency[row]],
                status=STATUS[status[row]], country=COUNTRY[country[row]], credit_micros=int(credit[row]) * 1_000_000,
                channels=int(channels[row]))
        answer = server.call("CreateCustomers", request)
        if answer.error_count: raise RuntimeError(answer.errors[0].message)
    calls = send_calls(server, dice, rows)
    send_live(server, dice, rows)
    return calls


def send_calls(server, dice, rows):
    """About eight finished calls a customer, by a power law, within the last half hour."""
    attempts = (dice.pareto(1.2, rows) * 4).clip(0, 20_000).astype(np.int64)
    customer = np.repeat(np.arange(1, rows + 1, dtype=np.uint32), attempts)
    ratio = np.repeat(dice.uniform(0.2, 0.8, rows), attempts)
    count = len(customer)
    answered = dice.random(count) < ratio
    pdd = dice.integers(200, 9_000, count).astype(np.uint32)
    talk = np.where(answered, dice.integers(5_000, 300_000, count), 0).astype(np.uint32)
    end = pdd + np.where(answered, 1_000, 0).astype(np.uint32) + talk
    setup = NOW - dice.integers(320, 1_800, count).astype(np.int64) * 1_000_000
    for first in range(0, count, 4_096):
        part = slice(first, min(first + 4_096, count))
        ids, index = np.unique(customer[part], return_inverse=True)
        request = message("IngestCallsRequest")()
        for number in ids: request.parties.add(customer_id=int(number))
        request.party.extend(index.tolist())
        request.setup_micros.extend(setup[part].tolist())
        request.ring_milliseconds.extend(pdd[part].tolist())
        request.answer_milliseconds.extend(np.where(answered[part], pdd[part] + 1_000, NEVER).tolist())
        request.end_milliseconds.extend(end[part].tolist())
        request.code.extend(np.where(answered[part], 200, 486).tolist())
        server.call("IngestCalls", request)
    return count


def send_live(server, dice, rows):
    """One customer in ten has live calls: what `active` and the status Dialing show."""
    live = np.repeat(np.arange(1, rows + 1), (dice.pareto(1.5, rows) * 2).clip(0, 50).astype(np.int64) * (dice.random(rows) < .1))
    for first in range(0, len(live), 4_096):
        part = live[first:first + 4_096]
        ids, index = np.unique(part, return_inverse=True)
        request = message("IngestEventsRequest")(kind=b"\x01" * len(part))
        for number in ids: request.parties.add(customer_id=int(number))
        request.party.extend(index.tolist())
        request.key_high.extend([99] * len(part))
        request.key_low.extend(range(first + 1, first + 1 + len(part)))
        request.time_micros.extend([NOW] * len(part))
        server.call("IngestEvents", request)


def touch(server, rows):
    """One finished call and one that begins for a customer of every chunk of 8,192: what sums kept of windows and of live calls were
    made of has changed everywhere. The calls of one time differ from those of another."""
    server.touches = getattr(server, "touches", 0) + 1
    ids = [first + 1 + server.touches * 617 % min(8_192, rows - first) for first in range(0, rows, 8_192)]
    count, each = len(ids), range(len(ids))
    request = message("IngestCallsRequest")(
        party=each, setup_micros=[NOW - 330_000_000] * count, ring_milliseconds=[700] * count,
        answer_milliseconds=[1_700] * count, end_milliseconds=[61_700] * count, code=[200] * count)
    for number in ids: request.parties.add(customer_id=number)
    server.call("IngestCalls", request)
    request = message("IngestEventsRequest")(
        kind=b"\x01" * count, key_high=[1_000_000 + server.touches] * count, key_low=[number + 1 for number in each],
        time_micros=[NOW] * count, party=each)
    for number in ids: request.parties.add(customer_id=number)
    server.call("IngestEvents", request)


EXPORT = ["id", "name", "status", "country", "currency", "credit", "active", "attempts", "answered", "asr_n", "talk", "pdd", "pdd_n"]


def export(server, rows):
    """The board's own rows, as columns of integers and texts; the sums behind talk and pdd in milliseconds."""
    columns = {name: [] for name in EXPORT}
    for first in range(0, rows, 100_000):
        answer = server.call("Board", message("BoardRequest")(
            columns=EXPORT, window="1h", offset=first, limit=100_000))
        for column in answer.columns: columns[column.name].append(values(column))
    table = {name: np.concatenate(parts) for name, parts in columns.items()}
    table["talk_ms"] = np.rint(table.pop("talk") * 1e3).astype(np.int64)
    table["pdd_ms"] = np.rint(np.nan_to_num(table.pop("pdd")) * table["pdd_n"]).astype(np.int64)
    return table


def values(column):
    """A result column as an array: texts as objects, null as None; numbers with null as not-a-number."""
    rows = max(len(column.integers), len(column.numbers), len(column.codes))
    nulls = np.unpackbits(np.frombuffer(column.nulls, np.uint8), bitorder="little")[:rows].astype(bool)
    if len(column.codes):
        texts = np.array(list(column.dictionary), dtype=object)[np.array(column.codes, dtype=np.int64)]
        if len(nulls): texts[nulls] = None
        return texts
    numbers = np.array(column.numbers) if len(column.numbers) else np.array(column.integers, dtype=np.int64)
    if len(nulls) and nulls.any():
        numbers = numbers.astype(np.float64)
        numbers[nulls] = np.nan
    return numbers
