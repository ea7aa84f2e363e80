#!/usr/bin/env python3
"""Make calls.hep / calls.json: whole dialogs as RFC 3261 and its extensions have them, one case after another.

    gen_calls.py [out prefix]

Each case has a customer address of its own (10.78.N.1), so its effect can be read off per customer, and says what a
server must show of it: attempts, answered, finals (counts by code), completed, talk_ms and pdd_ms (sums), active (0 where it is not said). With in_order
this holds only while the INVITE is heard first.
A case is a list of lines

    ms  who  message  [name=value ...] [| header] [| header]

`who` is `>` customer to switch, `<` switch to customer, `>>` switch to carrier, `<<` carrier to switch; `message` a
method, or a status and the method it answers (INVITE where none is named). Names: cseq, ft and tt (From and To tag;
`-` none), cid, br (branch), at (the stamp, where it is not the time of the line), src, dst. What a message is sent
with is what a customer's or a carrier's user agent would send; carriers are 10.79.N.1 upwards.
"""
import json, os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gen_odd  # noqa: E402

SWITCH = "10.0.0.2"
REASONS = {100: "Trying", 180: "Ringing", 183: "Session Progress", 199: "Early Dialog Terminated", 200: "OK", 302: "Moved",
           401: "Unauthorized", 407: "Proxy Authentication Required", 486: "Busy Here", 487: "Request Terminated"}


class Calls(gen_odd.Maker):
    def message(self, words, headers, customer, cid):
        """the octets of one line, and its source and destination"""
        who, what = words[0], words[1]
        rest = words[2:]
        plain = [w for w in rest if "=" not in w]
        named = dict(w.split("=", 1) for w in rest if "=" in w)
        is_response = what.isdigit()
        method = (plain[0] if plain else "INVITE") if is_response else what
        carrier = "10.79" + customer[5:]
        source, destination = {">": (customer, SWITCH), "<": (SWITCH, customer), ">>": (SWITCH, carrier),
                               "<<": (carrier, SWITCH)}[who]
        source, destination = named.get("src", source), named.get("dst", destination)
        cseq = named.get("cseq", "1" if method in ("INVITE", "ACK", "CANCEL") else "2")
        first_leg = who in (">", "<")
        has_to_tag = method not in ("INVITE", "CANCEL", "REGISTER", "OPTIONS", "MESSAGE") or (is_response and what != "100")
        ft, tt = named.get("ft", "ft"), named.get("tt", "tt" if has_to_tag else "-")
        tag = lambda t: "" if t == "-" else ";tag=" + t  # noqa: E731
        branch = named.get("br", "%s%s%s" % ("c" if first_leg else "s", cseq, "" if method in ("INVITE", "CANCEL") else method))
        start = ("SIP/2.0 %s %s" % (what, REASONS.get(int(what), "Reason"))) if is_response else \
            "%s sip:4930123456@%s SIP/2.0" % (what, destination)
        via = source if not is_response else destination
        lines = [start, "Via: SIP/2.0/UDP %s:5060;branch=z9hG4bK%s%s" % (via, branch, cid), "Max-Forwards: 70",
                 "From: <sip:1000@%s>%s" % (customer, tag(ft)), "To: <sip:4930123456@%s>%s" % (SWITCH, tag(tt)),
                 "Call-ID: %s" % named.get("cid", cid), "CSeq: %s %s" % (cseq, method)] + headers + ["Content-Length: 0"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode(), source, destination, named

    def calls(self, name, why, script, **expected):
        self.n += 1
        customer, cid = "10.78.%d.1" % self.n, "calls-%d" % self.n
        start = self.t + 1000000
        first = len(self.out)
        last = start
        for line in script.strip().splitlines():
            text, *headers = [part.strip() for part in line.split("|")]
            words = text.split()
            at = start + int(words[0]) * 1000
            payload, source, destination, named = self.message(words[1:], headers, customer, cid)
            stamp = start + int(named.get("at", words[0])) * 1000
            self.out.append((at, self.packet(self.std(source, destination, ts=stamp), payload)))
            last = max(last, at, stamp)
        self.t = last
        self.cases.append({"n": self.n, "name": name, "customer": customer, "first_record": first,
                           "records": len(self.out) - first, "why": why, **expected})

    def save(self, path):
        with open(path + ".hep", "wb") as f:
            for t, b in self.out:
                f.write(gen_odd.struct.pack("<QI", t, len(b)) + b)
        with open(path + ".json", "w") as f:
            json.dump({"title": "whole dialogs, hand-made", "auth_key": gen_odd.KEY.decode(), "switch": SWITCH,
                       "cases": self.cases}, f, indent=1)
            f.write("\n")


def plain(m):
    c = m.calls
    c("plain", "for comparison", """
        0 > INVITE
        5 < 100
        6 >> INVITE
        200 << 180
        201 < 180
        700 << 200
        701 < 200
        720 > ACK
        721 >> ACK
        2701 > BYE
        2702 >> BYE
        2720 << 200 BYE
        2721 < 200 BYE""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=2000, pdd_ms=201)
    c("early media", "183, then 180, then 199 of a fork: the first counts", """
        0 > INVITE
        100 < 183 tt=a
        300 < 180 tt=b
        400 < 199 tt=a
        900 < 200 tt=b
        910 > ACK tt=b
        1900 < BYE ft=b tt=ft cseq=77
        1910 > 200 BYE ft=b tt=ft cseq=77""",
      attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1000, pdd_ms=100)
    c("only 199", "199 ends an early dialog and rings nothing; the delay is that of the answer", """
        0 > INVITE
        100 < 199 tt=a
        400 < 200 tt=b
        410 > ACK tt=b
        500 > BYE tt=b""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=100, pdd_ms=400)
    c("100rel", "PRACK takes the second CSeq; its 200 answers no call", """
        0 > INVITE | Supported: 100rel
        100 < 183 | Require: 100rel | RSeq: 1
        110 > PRACK cseq=2 | RAck: 1 1 INVITE
        120 < 200 PRACK cseq=2
        130 > UPDATE cseq=3
        140 < 200 UPDATE cseq=3
        500 < 486""", attempts=1, answered=0, finals={"486": 1}, completed=0, pdd_ms=100)
    c("refused at once", "no 18x: no sample of the delay", """
        0 > INVITE
        5 < 100
        30 < 404
        40 > ACK br=c1""", attempts=1, answered=0, finals={"404": 1}, completed=0, pdd_ms=0)


def challenges(m):
    c = m.calls
    digest = "Proxy-Authorization: Digest username=\"carol\", realm=\"x\""
    c("407 followed", "one attempt; the delay counts from the first INVITE", """
        0 > INVITE
        10 < 407
        15 > ACK br=c1
        20 > INVITE cseq=2 | %s
        220 < 180 cseq=2
        500 < 200 cseq=2
        510 > ACK cseq=2 br=a
        1500 > BYE cseq=3""" % digest, attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1000, pdd_ms=220)
    c("407 not followed", "its final", """
        0 > INVITE
        10 < 407
        15 > ACK br=c1""", attempts=1, answered=0, finals={"407": 1}, completed=0)
    c("wrong password", "401 twice, then 403: the last one counts", """
        0 > INVITE
        10 < 401
        15 > ACK br=c1
        20 > INVITE cseq=2 | Authorization: Digest username="carol"
        30 < 401 cseq=2
        35 > ACK cseq=2 br=c2
        40 > INVITE cseq=3 | Authorization: Digest username="carol"
        50 < 403 cseq=3
        55 > ACK cseq=3 br=c3""", attempts=1, answered=0, finals={"403": 1}, completed=0)
    c("stale final", "the 407 comes after the INVITE that follows it (two agents)", """
        0 > INVITE
        20 > INVITE cseq=2 | %s
        25 < 407 at=10
        220 < 180 cseq=2
        400 < 486 cseq=2""" % digest, attempts=1, answered=0, finals={"486": 1}, completed=0, pdd_ms=220)
    c("another tag after the challenge", "another From tag is another attempt", """
        0 > INVITE ft=one
        10 < 407 ft=one
        20 > INVITE cseq=2 ft=two | %s
        400 < 200 cseq=2 ft=two
        1400 > BYE cseq=3 ft=two""" % digest,
      attempts=2, answered=1, finals={"407": 1, "200": 1}, completed=1, talk_ms=1000, pdd_ms=380)
    c("302 followed", "next CSeq, same Call-ID and tag", """
        0 > INVITE
        40 < 302 | Contact: <sip:other@10.0.0.2>
        45 > ACK br=c1
        50 > INVITE cseq=2
        350 < 180 cseq=2
        450 < 200 cseq=2
        950 > BYE cseq=3""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=500, pdd_ms=350)
    c("302 not followed", "its final", """
        0 > INVITE
        40 < 302""", attempts=1, answered=0, finals={"302": 1}, completed=0)
    c("422 followed", "session timer too small: the caller asks again (RFC 4028)", """
        0 > INVITE | Session-Expires: 90
        40 < 422 | Min-SE: 1800
        45 > ACK br=c1
        50 > INVITE cseq=2 | Session-Expires: 1800
        300 < 200 cseq=2
        800 > BYE cseq=3""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=500, pdd_ms=300)
    c("BYE challenged", "the first BYE ends the call", """
        0 > INVITE
        300 < 200
        800 > BYE
        810 < 407 BYE
        820 > BYE cseq=3
        830 < 200 BYE cseq=3""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=500, pdd_ms=300)


def forks(m):
    c = m.calls
    c("fork", "18x of three branches, 200 of two, each with its own tag", """
        0 > INVITE
        100 < 180 tt=a
        150 < 183 tt=b
        200 < 180 tt=c
        500 < 200 tt=a
        501 < 200 tt=c
        510 > ACK tt=a
        511 > ACK tt=c
        1500 > BYE tt=a""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1000, pdd_ms=100)
    c("failure of a branch after the answer", "487 and 486 undo nothing", """
        0 > INVITE
        300 < 200 tt=a
        310 < 487 tt=b
        320 < 486 tt=c
        1300 > BYE tt=a""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1000, pdd_ms=300)
    c("carriers fail one after the other", "the customer's leg counts", """
        0 > INVITE
        5 < 100
        6 >> INVITE
        100 << 503
        110 >> INVITE br=s1b
        300 << 486
        301 < 500
        310 > ACK br=c1""", attempts=1, answered=0, finals={"500": 1}, completed=0)


def cancels(m):
    c = m.calls
    c("CANCEL while ringing", "the 200 answers the CANCEL, the 487 the INVITE", """
        0 > INVITE
        100 < 180
        900 > CANCEL | Reason: SIP;cause=200;text="Call completed elsewhere"
        901 < 200 CANCEL
        905 < 487
        910 > ACK br=c1""", attempts=1, answered=0, finals={"487": 1}, completed=0, pdd_ms=100)
    c("CANCEL before any provisional", "", """
        0 > INVITE
        50 > CANCEL
        51 < 200 CANCEL
        55 < 487""", attempts=1, answered=0, finals={"487": 1}, completed=0)
    c("CANCEL crosses the answer", "the call is answered and ended by the caller's BYE", """
        0 > INVITE
        100 < 180
        900 > CANCEL
        900 < 200
        902 < 481 CANCEL
        905 > ACK
        910 > BYE""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=10, pdd_ms=100)
    c("CANCEL answered 200, INVITE too", "", """
        0 > INVITE
        100 < 180
        900 > CANCEL
        901 < 200 CANCEL
        903 < 200
        905 > ACK
        1003 > BYE
        1004 < 200 BYE""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=100, pdd_ms=100)
    c("487 twice", "repeated until the ACK", """
        0 > INVITE
        100 < 180
        900 > CANCEL
        905 < 487
        1405 < 487
        2405 < 487""", attempts=1, answered=0, finals={"487": 1}, completed=0, pdd_ms=100)


def in_dialog(m):
    c = m.calls
    talk = """
        0 > INVITE
        100 < 180
        500 < 200
        510 > ACK br=a
        %s
        5500 > BYE cseq=9
        5510 < 200 BYE cseq=9"""
    one = dict(attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=5000, pdd_ms=100)
    c("hold", "re-INVITE of the caller", talk % "1000 > INVITE cseq=2 tt=tt\n1010 < 100 cseq=2\n1020 < 200 cseq=2\n1030 > ACK cseq=2", **one)
    c("re-INVITE of the callee", "tags the other way round",
      talk % "1000 < INVITE ft=tt tt=ft cseq=50\n1020 > 200 ft=tt tt=ft cseq=50\n1030 < ACK ft=tt tt=ft cseq=50", **one)
    c("hold refused", "488 and 491 to a re-INVITE end nothing",
      talk % "1000 > INVITE cseq=2 tt=tt\n1020 < 488 cseq=2\n1030 > ACK cseq=2\n2000 > INVITE cseq=3 tt=tt\n2020 < 491 cseq=3", **one)
    c("re-INVITE of the callee refused", "", talk % "1000 < INVITE ft=tt tt=ft cseq=50\n1020 > 491 ft=tt tt=ft cseq=50", **one)
    c("glare", "both sides at once, both refused",
      talk % "1000 < INVITE ft=tt tt=ft cseq=50\n1001 > INVITE cseq=2 tt=tt\n1020 > 491 ft=tt tt=ft cseq=50\n1021 < 491 cseq=2", **one)
    c("re-INVITE challenged", "407 to a re-INVITE",
      talk % "1000 > INVITE cseq=2 tt=tt\n1020 < 407 cseq=2\n1030 > INVITE cseq=3 tt=tt\n1040 < 200 cseq=3", **one)
    c("session timer", "UPDATE, INFO, OPTIONS, MESSAGE, SUBSCRIBE, NOTIFY within the call",
      talk % "\n".join("%d > %s cseq=%d tt=tt\n%d < 200 %s cseq=%d" % (1000 + 10 * i, x, 2 + i, 1005 + 10 * i, x, 2 + i) for i, x in
                       enumerate(["UPDATE", "INFO", "OPTIONS", "MESSAGE", "SUBSCRIBE", "NOTIFY"])), **one)
    c("refused UPDATE", "481 to an UPDATE is no end", talk % "1000 > UPDATE cseq=2 tt=tt\n1020 < 481 UPDATE cseq=2", **one)
    c("transfer", "REFER; the transferred party calls anew: another attempt",
      talk % ("1000 < REFER ft=tt tt=ft cseq=50\n1010 > 202 REFER ft=tt tt=ft cseq=50\n"
              "1100 > INVITE ft=new cid=transferred-call\n1400 < 200 ft=new cid=transferred-call\n"
              "2400 > BYE ft=new cid=transferred-call"),
      attempts=2, answered=2, finals={"200": 2}, completed=2, talk_ms=6000, pdd_ms=400)
    c("repeated 200", "until the ACK comes, late", """
        0 > INVITE
        300 < 200
        800 < 200
        1800 < 200
        1900 > ACK br=a
        2300 > BYE""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=2000, pdd_ms=300)
    c("no ACK", "some traces have none", """
        0 > INVITE
        300 < 200
        2300 > BYE""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=2000, pdd_ms=300)


def ends(m):
    c = m.calls
    begin = """
        0 > INVITE
        100 < 180
        500 < 200
        510 > ACK br=a
        """
    one = dict(attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1000, pdd_ms=100)
    c("BYE repeated", "the first counts", begin + "1500 > BYE\n2000 > BYE\n3000 > BYE\n3010 < 200 BYE", **one)
    c("BYE answered 481", "", begin + "1500 > BYE\n1510 < 481 BYE", **one)
    c("BYE of both sides", "crossing", begin + "1500 > BYE\n1500 < BYE ft=tt tt=ft cseq=90\n1510 < 200 BYE\n1510 > 200 BYE ft=tt tt=ft cseq=90", **one)
    c("lost BYE", "only its 200 was heard", begin + "1500 < 200 BYE", **one)
    c("lost BYE of the callee", "only its 200 was heard", begin + "1500 > 200 BYE ft=tt tt=ft cseq=90", **one)
    c("lost BYE, 481", "only the 481 to it was heard: there is no such call any more", begin + "1500 < 481 BYE", **one)
    c("BYE before the 200", "out of order by a second, with true stamps", """
        0 > INVITE
        100 < 180
        1500 > BYE
        1600 < 200 at=500
        1700 < 200 BYE at=1510""", **one)
    c("BYE stamped before the 200", "two clocks: no talk, and never less", """
        0 > INVITE
        100 < 180
        500 < 200
        600 > BYE at=450""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=0, pdd_ms=100)
    c("ringing stamped before the INVITE", "two clocks: no delay, and never less", """
        100 > INVITE
        101 < 180 at=90
        500 < 200
        1500 > BYE""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1000, pdd_ms=0)
    c("still up", "active at the end", begin, attempts=1, answered=1, finals={"200": 1}, completed=0, pdd_ms=100, active=1)


def losses(m):
    c = m.calls
    c("lost 200, ACK heard", "an ACK with another branch and a To tag tells that the call was answered", """
        0 > INVITE
        100 < 180
        510 > ACK br=a
        1510 > BYE""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1000, pdd_ms=100, in_order=True)
    c("BYE of an early dialog", "a caller may give up by BYE; the INVITE then fails with 487", """
        0 > INVITE
        100 < 180
        500 > BYE
        510 < 200 BYE
        515 < 487""", attempts=1, answered=0, finals={"487": 1}, completed=0, pdd_ms=100)
    c("only replies", "nothing tells whose the call is", """
        100 < 180
        500 < 200
        1500 < 200 BYE""", attempts=0, answered=0, completed=0)
    c("begun before", "re-INVITE and BYE of a call from before the recording", """
        100 > INVITE cseq=7 tt=tt
        120 < 200 cseq=7
        130 > ACK cseq=7
        900 < BYE ft=tt tt=ft cseq=90
        910 > 200 BYE ft=tt tt=ft cseq=90""", attempts=0, answered=0, completed=0)
    c("reordered", "every message up to a second late", """
        1000 < 200 BYE at=2010
        1010 < 180 at=100
        1020 > BYE at=2000
        1030 > INVITE at=0
        1040 < 200 at=500
        1050 < 100 at=5""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1500, pdd_ms=100)


def identity(m):
    c = m.calls
    call = "%d > INVITE ft=%s\n%d < 200 ft=%s\n%d > BYE ft=%s\n"
    c("Call-ID used again", "with a new tag, after the end and during a call: three calls",
      call % (0, "a", 100, "a", 1100, "a") + call % (5000, "b", 5100, "b", 6100, "b") + call % (5500, "c", 5600, "c", 6600, "c"),
      attempts=3, answered=3, finals={"200": 3}, completed=3, talk_ms=3000, pdd_ms=300)
    c("spiral", "the switch sends the call through itself and through a second node", """
        0 > INVITE
        1 >> INVITE src=10.0.0.2 dst=10.0.0.2 br=x
        2 >> INVITE dst=10.0.0.3 br=y
        3 >> INVITE src=10.0.0.3 br=z
        100 << 180 dst=10.0.0.3
        101 << 180 src=10.0.0.3
        102 < 180
        500 < 200
        1500 > BYE""", attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1000, pdd_ms=102)
    c("loop", "the customer's own switch sends the call back until Max-Forwards ends it", """
        0 > INVITE
        1 < INVITE br=l1
        2 > INVITE br=l2
        3 < INVITE br=l3
        4 > 483 br=l3
        5 < 483 br=l2
        6 > 483 br=l1
        7 < 483""", attempts=1, answered=0, finals={"483": 1}, completed=0)
    c("noise", "no calls", "\n".join(
        "%d > %s cid=noise-%d\n%d < 401 %s cid=noise-%d" % (10 * i, x, i, 10 * i + 5, x, i) for i, x in
        enumerate(["REGISTER", "OPTIONS", "SUBSCRIBE", "MESSAGE", "PUBLISH", "NOTIFY", "INFO"])), attempts=0, answered=0, completed=0)
    c("Reason headers", "the failure's own code counts, whatever they say", """
        0 > INVITE
        100 < 180
        500 < 480 | Reason: SIP;cause=486;text="Busy, here" | Reason: Q.850 ;cause=17 ;text="busy" """,
      attempts=1, answered=0, finals={"480": 1}, completed=0, pdd_ms=100)
    c("two agents", "each message reported by two nodes, the second some ms later", "\n".join(
        "%d %s" % (t + d, x) for t, x in [(0, "> INVITE"), (100, "< 180"), (500, "< 200"), (510, "> ACK br=a"), (1500, "> BYE")]
        for d in (0, 7)), attempts=1, answered=1, finals={"200": 1}, completed=1, talk_ms=1000, pdd_ms=100)


def waiting(m):
    """to be the last one: by the next case it would have been given up for its silence"""
    c = m.calls
    c("100 only", "still waiting", """
        0 > INVITE
        5 < 100""", attempts=1, answered=0, finals={}, completed=0, active=1)


if __name__ == "__main__":
    out = sys.argv[1] if len(sys.argv) > 1 else "calls"
    m = Calls()
    for group in (plain, challenges, forks, cancels, in_dialog, ends, losses, identity, waiting):
        group(m)
    m.save(out)
    print(len(m.cases), "cases,", len(m.out), "records")
