// Made by tools/generate-docs from docs/*.md: change those, and run it again.

extension DocsPages {
    /// docs/README.md.
    static let index = ####"""
# The pages

`busyhour docs` shows this list in the terminal, and `busyhour docs TOPIC` a page. Most examples are run by the tests, and show what the
commands print.

| topic | what it is about |
|---|---|
| [server](server.md) | building, starting and watching `busyhourd`; its options |
| [switches](switches.md) | letting Kamailio, OpenSIPS, FreeSWITCH and Asterisk mirror their traffic |
| [hep-agents](hep-agents.md) | who sends HEP: errors by name, clocks, copies |
| [durability](durability.md) | what survives a crash; backups, check and repair |
| [limits](limits.md) | sizes, what can be lost, what is missing |
| [command-line](command-line.md) | the commands, their common options, exit codes, a tour |
| [board](board.md) | columns, filters, groups, pivots, layouts |
| [calls](calls.md) | live and finished calls, and what a figure is made of |
| [metrics](metrics.md) | every metric with its formula, windows, outcome classes |
| [one-call](one-call.md) | which SIP messages are one call |
| [customers](customers.md) | creating, changing, undoing, scheduling |
| [back-office](back-office.md) | a whole session as a transcript |
| [import](import.md) | customers from CSV files, and to them |
| [whose-call](whose-call.md) | auth entries: which customer a call belongs to |
| [sip-users](sip-users.md) | when a user name in From counts |
| [calls-to-customers](calls-to-customers.md) | numbers and trunks: calls that customers receive |
| [two-sources](two-sources.md) | one call by HEP and by CDR |
| [warnings](warnings.md) | what is watched, thresholds, acknowledging |
| [warning-quality](warning-quality.md) | false alarms, and drops that are found |
| [cdr-formats](cdr-formats.md) | CDRs of known products, and how each call is counted once |
| [your-cdrs](your-cdrs.md) | any other CDR file: fields, maps, templates |
| [cdr-examples](cdr-examples.md) | worked examples of CDR files |
| [cdr-rows](cdr-rows.md) | which rows are calls, spellings of times, packed files, directories |
| [money](money.md) | currencies, credit notes and cost limits of CDRs |
| [rerating](rerating.md) | rows that give a call another cost, and feeds of costs alone |
| [programs](programs.md) | the protocol for your own programs |
| [mutants](mutants.md) | how well the tests notice faults |
| [benchmarks](benchmarks.md) | how fast it is, and the scripts that measure it |

"""####

    /// In the order of the index.
    static let all: [DocsPage] = [
        DocsPage(topic: "server", text: ####"""
# Running the server

## Build

On Debian, the build needs a Swift 6 toolchain ([swift.org/install](https://www.swift.org/install/)) and a few system packages.
`tools/install run` installs the packages that are missing.

```
tools/install run
swift build -c release
```

The two programs are `.build/release/busyhourd` (the server) and `.build/release/busyhour` (the command line). Copy them wherever you
like; they need nothing else from the source tree.

## Start

```
busyhourd --data-dir /var/lib/busyhour --hep 10.0.0.5:9060
```

`busyhourd` runs in the foreground and logs to stderr. SIGTERM or SIGINT saves everything and stops it; SIGHUP saves everything,
reads the certificates again and keeps it running.

| option | meaning |
|---|---|
| `--data-dir DIR` | required; created if it does not exist; two servers never share one |
| `--listen HOST:PORT` | for the command line and for programs; default `127.0.0.1:7878`; port 0 takes a free one |
| `--hep HOST:PORT` | for HEP3 over UDP and TCP; default `127.0.0.1:9060`; `off` for none |
| `--hep-tls HOST:PORT` | for HEP3 over TLS, with `--hep-tls-cert FILE` and `--hep-tls-key FILE` (PEM); with `--hep-tls-ca FILE` only from agents whose certificate it signed; see [HEP agents](hep-agents.md) |
| `--hep-key K` | refuse HEP packets without this key |
| `--agent-clock P` | what to do with the times of HEP agents whose clocks are wrong: `correct` (the default), `trust` or `refuse`; see [HEP agents](hep-agents.md) |
| `--switch ADDR` | the address of a switch of yours; may be repeated. The server also learns switches by itself: where customers send their calls is a switch |
| `--keep-calls N` | how many finished calls `calls --ended` can find, the newest ones; default 1,000,000 |
| `--mask-numbers none\|last:N\|all` | show calling and called numbers whole, without their last N digits, or not at all |
| `--debit on\|off` | `on`, the default, takes the costs of CDRs from the customers' credit |
| `--cost-limit N` | refuse calls that cost more; also `"VND 5000000"` for one currency; may be repeated. See [Money](money.md) |
| `--clock wall\|events` | `events` takes the time from the events themselves: for replays and tests |
| `--journal-segment SIZE` | size of a journal segment of a new data directory, default `64M`; the directory holds three to four of them. A request whose record is longer than a quarter of a segment is refused |
| `--check DIR`, `--repair DIR`, `--restore FILE` | do this instead of serving; see [Durability](durability.md) |
| `--config FILE` | read the same settings from a file |

A configuration file has one `key = value` per line, with the options' names as keys. The command line overrides it:

```
data-dir = /var/lib/busyhour
hep = 10.0.0.5:9060
switch = 10.0.0.2
switch = 10.0.0.3
```

## Ports

The ports for RPC and plain HEP do not ask who connects, and are not encrypted. Leave them on loopback or on the management network; HEP can
be sent over TLS. One address may hold
2,000 connections to the RPC port; the next one is refused, and both the client and the log say why.

## Health

```sh
busyhour status
```

`busyhour status` shows what the server is doing: health, counts, memory, every feed and HEP agent with its errors by name, producers,
sources that match no customer, and up to when statistics are saved. `busyhour status --format json` gives the same to a monitoring system.

The log names each new kind of error once, with its place and a remedy, and repeats itself only when something changes.

## When the machine's clock is wrong

If the machine's clock runs ahead and is then put right, the board stands still and says so: `status` is not `ok`, every board carries a
note, and the log has an error. Calls are still counted. After a minute of steady time, or at a restart, the board returns to the machine's
time.

- Up to 75 minutes ahead, the windows up to `1h` lose nothing.
- Further ahead, those windows are whole from the time that `coverage_from` says. So is `24h`, which loses its first hours for good.
- Calls whose times have not come yet stay in `all`.
- A temporary change (`--for`, `--until`) that the wrong time ended early is put in force again until its own end; the history records this
  as an undo by `clock`. If the same fields have been changed since, the change stays ended and the log says so.

"""####),
        DocsPage(topic: "switches", text: ####"""
# Switches

A switch mirrors its SIP messages to BusyHour as HEP version 3, over UDP or TCP. In the examples the server was started with
`--hep 10.0.0.5:9060`.

The Kamailio and sngrep settings are those that made the recordings in `Tests/Fixtures/hep`. The others come from the documentation of those
products and were not run here.

## Kamailio

```
loadmodule "siptrace.so"
modparam("siptrace", "trace_to_database", 0)
modparam("siptrace", "trace_on", 1)
modparam("siptrace", "trace_mode", 1)
modparam("siptrace", "hep_mode_on", 1)
modparam("siptrace", "hep_version", 3)
modparam("siptrace", "hep_capture_id", 2001)
modparam("siptrace", "duplicate_uri", "sip:10.0.0.5:9060")        # over TCP: "sip:10.0.0.5:9060;transport=tcp"
```

## OpenSIPS

```
loadmodule "proto_hep.so"
loadmodule "tracer.so"
modparam("proto_hep", "hep_id", "[h]10.0.0.5:9060;transport=udp;version=3")
modparam("tracer", "trace_id", "[t]uri=hep:h")
# and in the route: trace("t", "d", "sip");
```

## FreeSWITCH

In `sofia.conf.xml`, and in each profile `<param name="sip-capture" value="yes"/>`:

```
<param name="capture-server" value="udp:10.0.0.5:9060;hep=3;capture_id=100"/>
```

## Asterisk

In `hep.conf`:

```
[general]
enabled=yes
capture_address=10.0.0.5:9060
capture_id=1234
uuid_type=call-id
```

## No support in the switch

Run a capture agent on its host:

```
heplify -i eth0 -m SIP -hs 10.0.0.5:9060
sngrep -N -q -d eth0 -H udp:10.0.0.5:9060
```

## Check it

`busyhour status` shows the feed `hep-udp`, `hep-tcp` or `hep-tls` with what it received, and a row for every agent (capture id and address) with its
packets and errors. Each error has a name, the time, sender and SIP peers of the latest occurrence, and what to do about it. The log names each
error of each agent once.

Clocks of agents that are wrong are named there and corrected, and copies of a message from two agents are one call, whatever their clocks say.
See [HEP agents](hep-agents.md).

## Protection

HEP over UDP and TCP is protected by nothing but the key (`--hep-key`). Bind it to the management network, or send it over TLS (`--hep-tls`); see
[HEP agents](hep-agents.md).

"""####),
        DocsPage(topic: "hep-agents", text: ####"""
# HEP agents

An agent is what sends HEP: a switch, or a program beside it that copies its packets. BusyHour tells agents apart by their capture id (chunk
12) and the address that their packets come from. `busyhour status` has a row for each of up to 256; what further ones send is counted as
`others`, and an agent that has been silent for an hour makes room for a new one.

## Errors

Under the agents stands every error by name, with its latest place: when it was seen, from which agent and address, between which SIP peers,
and what to do about it. `--format json` has them in `agents[].errors`, and the log hears of each error of each agent once, in at most 20
lines a minute. A wrong packet changes no figure.

| error | what it is | what to do |
|---|---|---|
| `hep_magic`, `hep_version` | no HEP, or HEP of version 1 or 2 | set the agent to version 3 |
| `hep_length`, `hep_chunk`, `hep_address`, `hep_payload_missing` | a broken packet | update the agent; if a network device cuts datagrams, send by TCP |
| `hep_auth` | the key is missing or another | give the agent the key of `--hep-key` |
| `hep_compressed` | a compressed payload | switch compression off |
| `sip_start_line`, `sip_status`, `sip_call_id`, `sip_from`, `sip_to`, `sip_cseq` | a SIP message that lacks what every message has | mostly scanners; else an agent cuts long messages |
| `sip_piece`, `sip_rest_missing` | a message of a TCP connection of which a part was not copied | let the agent copy whole messages |
| `agent_clock` | a packet of an agent whose clock is off, refused by `--agent-clock refuse` | set its clock |
| `tls_on_plain_port` | a TLS greeting on the port for HEP without TLS | send to the port of `--hep-tls`, or without TLS to this one |
| `plain_on_tls_port` | HEP without TLS on the port of `--hep-tls` | switch TLS on at the agent, or send to the port of `--hep` |
| `tls_certificate_refused` | the agent does not trust this server's certificate | let it trust the authority that signed `--hep-tls-cert`; renew a certificate that has expired |
| `tls_agent_certificate` | the agent shows no certificate, or one that `--hep-tls-ca` does not trust, or that has expired | give it one that an authority of that file has signed |
| `tls_version` | the agent knows neither TLS 1.2 nor 1.3 | update it |
| `tls_timeout` | a handshake that was not over within 10 s | mostly scanners; else a firewall between the two |
| `tls_handshake` | a handshake that failed for another reason, or something else than TLS | mostly scanners; else see the agent's log |
| `tls_record` | bytes on a TLS connection that are no TLS | a device on the way changes traffic |
| `hep_connection_cut` | a TCP connection ended within a packet | nothing, if the agent sends that packet again on the next connection |
| `too_many_connections` | the agent's connection was one too many | let agents close connections that they do not use |

A capture with odd messages, and what is said of the agents in it:

<!-- server: --clock events -->
<!-- fixture: odd.hep = hep/odd-a.hep -->
```console
$ busyhour feed hep odd.hep
what                   count
read                     418
calls                      0
duplicates                 6
not_calls                378
errors                    34
  hep_address              2
  hep_chunk                3
  hep_compressed           2
  hep_length               5
  hep_magic               10
  hep_payload_missing      2
  hep_version              1
  sip_call_id              2
  sip_cseq                 3
  sip_start_line           2
  sip_status               2
late                       0
future                     0
unattributed             120
credit_notes               0
$ busyhour status | sed -n '/^HEP agents/,/^$/p'
HEP agents
agent  address          clock  offset  corrected by  moved by  packets  errors  last packet
   77  file or program  ok          -             -         -      400      18  2025-06-15 15:09:54Z
    -  file or program  ok          -             -         -       17      16  2025-06-15 15:08:14Z
    7  file or program  ok          -             -         -        1       0  2025-06-15 15:07:23Z
hep_address 2: a HEP packet without the addresses that its message went between; last 2025-06-15 15:07:08Z from agent 77 at a file or program; update the agent; if others send well, a network device may cut its datagrams: send by TCP
hep_payload_missing 1: a HEP packet with nothing in it; last 2025-06-15 15:07:26Z from agent 77 at a file or program; update the agent; if others send well, a network device may cut its datagrams: send by TCP
hep_compressed 2: a HEP packet with a compressed payload; last 2025-06-15 15:07:33Z from agent 77 at a file or program; switch compression off at the agent
sip_start_line 2: a SIP message without a first line that can be read; last 2025-06-15 15:08:42Z from agent 77 at a file or program (10.77.49.1 to 10.0.0.1); if it is no scanner's message, look at it at its source; an agent may cut long messages
hep_length 4: a HEP packet whose length is below 6 bytes or beyond its end; last 2025-06-15 15:07:49Z from agent 77 at a file or program; update the agent; if others send well, a network device may cut its datagrams: send by TCP
sip_call_id 2: a SIP message without Call-ID; last 2025-06-15 15:09:13Z from agent 77 at a file or program (10.77.61.1 to 10.0.0.1); if it is no scanner's message, look at it at its source; an agent may cut long messages
sip_cseq 3: a SIP message without CSeq; last 2025-06-15 15:08:37Z from agent 77 at a file or program (10.77.47.1 to 10.0.0.1); if it is no scanner's message, look at it at its source; an agent may cut long messages
sip_status 2: a SIP response without a status code; last 2025-06-15 15:09:33Z from agent 77 at a file or program (10.0.0.1 to 10.77.69.1); if it is no scanner's message, look at it at its source; an agent may cut long messages
hep_chunk 3: a HEP packet with a chunk that is too short, too long or of a wrong size; last 2025-06-15 15:07:59Z from a file or program; update the agent; if others send well, a network device may cut its datagrams: send by TCP
hep_payload_missing 1: a HEP packet with nothing in it; last 2025-06-15 15:08:04Z from a file or program; update the agent; if others send well, a network device may cut its datagrams: send by TCP
hep_length 1: a HEP packet whose length is below 6 bytes or beyond its end; last 2025-06-15 15:08:06Z from a file or program; update the agent; if others send well, a network device may cut its datagrams: send by TCP
hep_magic 10: not a HEP packet; last 2025-06-15 15:08:14Z from a file or program; send HEP version 3 to this port, and nothing else
hep_version 1: a HEP packet of version 1 or 2; last 2025-06-15 15:08:12Z from a file or program; set the switch or agent to HEP version 3 (hep_version 3)

```

## By TLS

HEP by UDP and TCP travels in the clear, numbers and all. `--hep-tls` opens a port for agents that send it by TLS 1.2 or 1.3, beside that of
`--hep` or (`--hep off`) instead of it:

```
busyhourd --data-dir /var/lib/busyhour --hep-tls 10.0.0.5:9061 --hep-tls-cert hep.pem --hep-tls-key hep.key
```

`hep.pem` has the server's certificate first and then those that signed it, up to but without the root; `hep.key` is its key without a
passphrase. Both are PEM, as `certbot` and most authorities give them. With `--hep-tls-ca agents.pem` only agents whose certificate one of
the authorities in that file has signed may send; their names do not matter. All four can stand in the file of `--config`, without the
dashes. A server whose files are missing, damaged or do not belong together does not start, and says which file it is.

After a renewal send the server SIGHUP: it reads the files again, and connections from then on see the new certificate; those that are open
go on. Where the new files cannot be used, the old certificate stays and the log says why. `busyhour status` tells of a certificate two
weeks before it expires.

heplify sends by TLS with `-nt tls`. An agent that sends by TCP and not by TLS, such as Kamailio's, needs a program such as stunnel beside
it:

```
; stunnel on the switch's host, which sends by TCP to 127.0.0.1:9060
[hep]
client = yes
accept = 127.0.0.1:9060
connect = 10.0.0.5:9061
CAfile = /etc/ssl/certs/our-authority.pem
verifyChain = yes
checkHost = hep.example.net
```

Agents by TLS have rows, clocks and errors as others have (their connections share the limit of 1,024 with those by TCP), and the feed
`hep-tls` in `busyhour status` counts what they sent. `busyhour feed hep` sends captures to the port of `--listen`, which is not by TLS.

## Agents and their clocks

Packets are stamped by the agent. The board takes nothing that is more than 5 s in the future, and an hour-old call is in none of the
windows that one looks at: an agent without NTP, or one that stamps in local time, would have no calls. So BusyHour compares each stamp with
its arrival. The smallest difference of the last 30 to 60 s is how far the clock is off, whatever bursts and jitter add to the others.

| | state | what is done by default |
|---|---|---|
| up to 5 s ahead, up to a minute behind | `ok` | the stamps are taken |
| further ahead | `ahead` | the measured offset is taken off every stamp, from the first packet on |
| further behind | `behind` | it is added; on a connection the first packets wait for a second, see below |
| set four times within ten minutes, or jumping | `unsteady` | the times of arrival are taken until it is steady for ten minutes |

`busyhour status` shows state, offset and correction of every agent (`clock_offset_seconds`, `corrected_by_seconds`), its health says `agent
clock: ...` while one is off that was heard within ten minutes, and the log hears of each change of state once. The correction changes only
when it was wrong by more than a second, so durations and delays are those of the agent's own clock. One wrong stamp among right ones has
the time of its arrival. Nothing of this is saved: after a restart it is measured again, from the first packet on.

A call whose set-up was moved by 0.1 s or more says so: `clock_corrected_ms` in the JSON and CSV of `calls`, `calls --ended` and `explain`,
a line under their tables, and `clock_corrected_ms` of its details for programs.

`--agent-clock` (`agent-clock` in the file of `--config`) says what becomes of clocks that are off: `correct`, `trust` (stamps are taken as
they are, and the state is still told) or `refuse` (packets are refused, as the error `agent_clock`).

Packets that an agent kept while its connection was broken are no sign of a wrong clock: they come faster than they were stamped. When the
first packets of an agent are more than a minute old and come on a connection, they wait for a second at most, until that is seen; then they
have the times that they were stamped with. Later ones keep their stamps in any case.

Looked at are packets of `--hep` by the wall clock. A capture that is played (`busyhour feed hep FILE`, `--clock events`) is of the past by
design.

### Two agents, one call

Where two agents copy the same messages, a call counts once, and all its times must be of one clock for its delay and its duration to be
right. From the copies of INVITEs and their responses (the same branch, CSeq and status between the same hosts, within 400 ms) BusyHour
learns by how much the clocks differ, and moves the times of the agent that was heard later to those of the other (`moved_by_seconds` in
`status`), of messages that only it saw, too. That holds for captures as well. Two copies that agree tell of a difference, three of another
one than the one that is known; less than 100 ms is left as it is. Packets that a program brings without their times of arrival
(`arrival_micros`) tell nothing of this.

"""####),
        DocsPage(topic: "durability", text: ####"""
# What survives a crash

| what | survives `kill -9` and power loss |
|---|---|
| customers, settings, layouts, templates | Yes. A change is in the journal before it is answered, and before any answer shows it |
| costs taken from credit | Yes, and each cost once |
| statistics (windows, live calls) | As of the last save: every ten seconds, and when the server stops. `busyhour status` shows when |
| calls sent by number (`busyhour feed`, programs with `ProducerBatch`) | Yes: the sender repeats what came after the last save. Nothing is lost or counted twice |
| calls that switches send by HEP | What arrived after the last save is lost, and so is what they send while no server runs |

After a loss, `coverage_from` in `status` and on every board tells from when a window is whole. The table of a window that is not
whole says `whole from ...`; in JSON, the field is null for a window that is whole.

## Start

While a server reads its data, the port answers `LOADING` and says how far it is.

## Full disk

If the disk is full, changes are refused (`DISK_FULL`). `status` says what is not saved and where, a feed that waits for it says so, and
everything else goes on. The server retries every 10 s. If the disk fails altogether, the server stops with exit code 74: the state of the
disk is then unknown.

## Snapshots and backups

Snapshots are SQLite files: `sqlite3 DIR/snap-*.db 'SELECT * FROM tables'` lists what one holds.

<!-- run: busyhour customer add "Acme Telecom" --currency USD --credit 250.00 -->
```sh
busyhour snapshot                          # save everything now
busyhour snapshot --to backup.db           # a backup of a running server: one file, one instant
busyhourd --check backup.db                # is it whole, and what does it hold?
busyhourd --restore backup.db --data-dir NEW
busyhourd --check NEW
```

`--restore` makes a new data directory from a backup; start `busyhourd --data-dir NEW` on it.

## Check and repair

| command | what it does |
|---|---|
| `busyhourd --check DIR` | reads a stopped server's directory and changes nothing. Exit code 1: it found faults, each with its file and place |
| `busyhourd --repair DIR` | makes a damaged directory startable. It says what is lost, and moves what it cuts to `DIR/cut-1` |

The formats are described in `Sources/Store/README.md`, with a table of every fault, what happens, and its test. A newer server reads the
directories of older ones.

## How this is tested

`tools/crash --cycles 200` kills real servers at random under load and counts what is missing. `tools/crash --all` does the rest: a kill at
every call that changes the disk, every error of every call, full and slow disks, destroyed snapshots, backups under load.

"""####),
        DocsPage(topic: "limits", text: ####"""
# Limits, and what is missing

## Sizes

| what | at most |
|---|---|
| customers | 16,777,215 |
| finished calls kept | 16,000,000 |
| an answer | 1,000,000 rows, 2,097,152 cells, 16 MiB |
| a frame | 16 MiB |
| connections from one address | 2,000 |
| customers in one request | 100,000 |

Every other bound is in the `Limits.swift` of its module, with its reason.

## Data that can be lost

- HEP has no sequence numbers: a crash loses what switches sent since the last save, ten seconds at most.
- The time since when a warning has been raised is saved with the statistics: a crash may lose its last ten seconds.
- Costs sent without numbers (by anything but `busyhour feed`) and sent again after a crash may be taken twice. So may the cost of one call that
  two feeds bring, if a crash comes between the two.

## Privacy and trust

- No encryption and no log-in on the RPC port. HEP is encrypted only over TLS (`--hep-tls`).
- Who changed what is recorded as the client says it.
- 30 days after a customer is deleted, its data is gone from the server and from every snapshot made since. Older segments of the journal have
  it until they are overwritten, and so have older backups. The company's name stays in the dictionary of company names.

## What is missing

- Credit is lowered by the costs that CDRs report, not by live calls. `channels` and `flow_speed` are warned of, not enforced.
- A row that reports a known call again with another cost (rerated) books the difference as long as the call is kept (`--keep-calls`); afterwards
  it is a repetition.
- The outcome classes and NER's choice of them are fixed.
- In expressions, `IN` takes constants only, and `round` takes no decimals.
- No SQL, no e-mail, no SMS, no campaigns.

"""####),
        DocsPage(topic: "command-line", text: ####"""
# The command line

`busyhour` talks to a running server. Each command is one request; the answer is a table for people or data for programs.

| command | what it does |
|---|---|
| `board`, `top` | show customers and their figures; see [Board](board.md) |
| `calls`, `explain` | show live and finished calls, and what a figure is made of; see [Calls](calls.md) |
| `customer ...` | add, show, list, edit, delete, undo, history, scheduled, who; see [Customers](customers.md) |
| `edit` | change many customers at once; see [Customers](customers.md) |
| `import`, `export`, `template` | customers as CSV; see [Import and export](import.md) |
| `layout` | boards with a name; see [Board](board.md#layouts) |
| `warning`, `settings` | see [Warnings](warnings.md) |
| `feed hep`, `feed cdr` | send captures and CDR files; see [CDR formats](cdr-formats.md) |
| `status`, `snapshot` | see [Server](server.md#health) and [Durability](durability.md) |
| `docs` | show these pages in the terminal |

`busyhour help COMMAND` lists all options of a command, `busyhour help columns` all columns of the board.

## Options of every command

| option | meaning |
|---|---|
| `--server HOST:PORT` | the server; default `$BUSYHOUR_SERVER`, else `127.0.0.1:7878` |
| `--format table\|json\|ndjson\|csv` | the output; default `table`. In `feed cdr`, where `--format` names the layout of the records, use `--output` |
| `--timeout 10s` | how long the server may stay silent while an answer is due; default 10 s, 2 min for `edit`, `customer delete`, `customer undo` and `import`, 10 min for `snapshot` |

`board`, `calls`, `warning list` and `customer list` take `--separator` (`,` `;` `|` `tab`), `--bom` and `--decimal-comma` with
`--format csv`, for spreadsheets that expect them.

In JSON, times are RFC 3339 in UTC, money is a decimal string, and a ratio without a sample is null:

<!-- run: busyhour customer add "Acme Telecom" --currency USD --credit 250.00 -->
```console
$ busyhour board --columns name,credit,asr --format ndjson
{"name":"Acme Telecom","credit":"250.00","asr":null}
```

## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | refused, or not found |
| 2 | wrong usage |
| 3 | the server cannot be reached, or sent nothing for `--timeout` |

An error is one line on stderr that says what is wrong and what to do:

```console
$ busyhour customer show "Acme Telekom"
busyhour: no customer with name 'Acme Telekom'; did you mean 'Acme Telecom' (1)?
$ busyhour board --where "asr < "
busyhour: expected a column's name, a number or a text in quotes at position 7, found the end (at character 7)
$ busyhour bord
busyhour: 'busyhour' has no command 'bord'; did you mean 'board'?
```

## A tour

<!-- fixture: demo.csv = tools/demo-data/customers.csv -->
<!-- fixture: capture.hep = hep/sngrep.hep -->
<!-- fixture: Master.csv = cdr/asterisk-Master.csv -->
<!-- run: busyhour import demo.csv -->
<!-- run: printf 'name,currency\nNewcomer,EUR\n' >customers.csv -->
<!-- run: printf 'Our list\nFirm,Town,Since,Money\nFrom Abroad,Lagos,2020,NGN\n' >list.csv -->
```sh
busyhour customer show "Acme Telecom"          # by name or id; `customer list` for all
busyhour customer edit "Acme Telecom" --set credit+=50 --set tags+=gold --channels 60
busyhour edit --where "country = 'DE' AND channels > 0" --set "channels=ceil(channels*1.1)" --dry-run
busyhour customer history "Acme Telecom"
busyhour customer undo "Acme Telecom"          # takes back the newest change
busyhour import customers.csv --dry-run        # then without --dry-run: all rows, or none
busyhour import list.csv --start-row 3 --map 1=name,4=currency --save-template legacy
busyhour import list.csv --template legacy     # the next file of the same kind
busyhour feed hep capture.hep
busyhour feed cdr --format asterisk Master.csv
busyhour board --where "asr < 40 AND asr_n >= 50" --sort -attempts
busyhour board --window 5m --columns name,attempts,asr,asr_1h,pdd_p95 --format csv
busyhour explain asr --customer "Baltic Voice" --window 1h
busyhour calls --customer 2                    # live calls
busyhour calls --ended --where "code = 503"    # finished calls, newest first
busyhour status
```

"""####),
        DocsPage(topic: "board", text: ####"""
# The board

`busyhour board` shows customers and their figures. `--columns` chooses what, `--where` and `--search` choose whom, `--sort`, `--limit` and
`--offset` choose the page, `--window` chooses the time. `busyhour top` is the live board of the busiest customers.

<!-- fixture: customers.csv = tools/demo-data/customers.csv -->
<!-- run: busyhour import customers.csv -->
```sh
busyhour board --columns name,attempts,asr,asr_1h,pdd_p95 --window 5m --sort -attempts
busyhour board --status Dialing --search 203.0.113.7 --limit 20
```

## Columns

A column is a field of the customer or a metric. `busyhour help columns` lists all of them with unit and meaning. Without `--columns`, a table
shows a dozen columns, the busiest customers first; `--columns all` shows every column. JSON and CSV have all columns, in the order of ids.

- **Fields**: `id`, `name`, `status`, `currency`, `country`, `company`, `account_manager`, `tags`, `credit`, `debit_limit`, `available`
  (credit plus debit limit), `channels`, `flow_speed`, `short_call_seconds`, `portal_access`, `warnings`, `created_at`, `updated_at`,
  `version`, `last_call`.
- **[Metrics](metrics.md)** refer to the window of the board. A suffix names another one: `asr_5m`, `bids_24h`. `causes` stands for all nine
  outcome classes, `causes.busy` for one.

A column may also be an expression with a name:

```sh
busyhour board --columns "name, active * 100 / channels AS load" --where "channels > 0" --sort -load
```

## Filters

`--where` takes an expression as in SQL:

| | |
|---|---|
| arithmetic | `+` `-` `*` `/`; dividing by zero gives null |
| comparison | `=` `<>` `<` `<=` `>` `>=`, `IN (...)`, `BETWEEN`, `IS NULL` |
| text | `LIKE` with `%` and `_`, without regard to case or accents; `tags HAS 'x'` |
| logic | `AND`, `OR`, `NOT`, parentheses; a comparison with null is neither true nor false |
| functions | `abs round floor ceil coalesce nullif lower upper length now` |
| constants | numbers; text and times in single quotes; intervals such as `30m` (`s`, `m`, `h`, `d`) |

`now()` is the board's clock. `IN` takes constants only, and `round` rounds to whole numbers. `--search` looks for text in the name, company,
id, tags, contacts, addresses and SIP users. An error names the position and the nearest column.

```sh
busyhour board --where "status = 'Active' AND (credit < 100 OR available < 0) AND NOT asr >= 40"
busyhour board --where "country IN ('DE', 'FR') OR name LIKE '%tele%' AND tags HAS 'gold'" --columns name,country,tags
busyhour board --where "asr_5m < asr_1h - 20 AND asr_n_5m >= 50" --columns name,asr_5m,asr_1h --sort asr_5m
busyhour board --where "last_call < now() - 30m" --columns name,last_call
```

## Order and totals

`--sort -asr,name` sorts by ASR, descending, then by name. Null is last. The total row covers all customers that match, not only the page, and
totals of money are one amount per currency. A table shows money with the digits of its currency; `--money-digits N` shows others.

## Groups and pivots

`--group-by a,b` shows a tree of groups with a subtotal at each level:

- metrics are computed from sums, never as means of means;
- `count` is the number of customers;
- `sum`, `avg`, `min` and `max` take a field or an expression: `avg(channels)`;
- `credit`, `debit_limit`, `available`, `channels` and `flow_speed` by themselves mean their sum.

`--limit` then counts the groups of the first level. `--pivot c` repeats every value column for each value of `c`.

```sh
busyhour board --group-by country,status --sort -attempts --columns count,credit,attempts,asr,acd
busyhour board --group-by currency --pivot status --columns count,active
busyhour board --group-by currency,country --columns "count, asr, sum(credit) / count AS mean_credit" --sort -count --limit 5
busyhour board --group-by currency --columns "count, sum(active) AS live, max(active * 100 / nullif(channels, 0)) AS fullest"
busyhour board --pivot status --columns count,asr,acd,credit
```

```console
$ busyhour board --group-by currency --where "currency IN ('EUR', 'USD')" --columns count,credit,channels --sort -count
window 15m  2026-11-26 09:00:00Z to 09:00:00Z
9 customers matched in 2 groups
currency   count    credit  channels
EUR            5  3,435.25       295
USD            4  1,332.10       140
---------  -----  --------  --------
total          9                 435
total EUR         3,435.25
total USD         1,332.10
```

In CSV, grouped rows have a column `level`, a pivoted column is named `name[value]`, and money of several currencies is written
`EUR 1.00;USD 2.00`.

## Live

`--watch` refreshes the board every second until `q` or Ctrl-C. With `--format ndjson` it prints one result per line.

## How whole a window is

After a crash a window may lack the traffic of the time when no server listened. The board then says `whole from ...` under its title;
in JSON, `coverage_from` is that time, and null for a window that is whole.

## Layouts

A layout is a board with a name. `layout save NAME` stores the options of `board`; every save is a version. `--share` lets others use it;
only its owner changes and deletes it. `--layout NAME` goes with `board`, `edit` and `export`, and options given beside it override it.

```sh
busyhour layout save poor --where "asr < 40 AND asr_n >= 50" --columns name,attempts,asr,acd --sort asr --share
busyhour board --layout poor
busyhour layout list
busyhour layout delete poor --yes
```

A layout also keeps the look of its tables: `--width name=20`, `--pin name,credit` (columns that stay where the terminal is too narrow for
all) and `--column-format 'credit=#,##0'` (`0`, `0.00`, `#,##0.0`, `date`, `time`, `datetime`). CSV and JSON have the values unformatted,
and `export` writes what `import` reads.

"""####),
        DocsPage(topic: "calls", text: ####"""
# Calls

`busyhour calls` shows live calls. `busyhour calls --ended` shows finished ones, newest first. `busyhour explain METRIC --customer C` shows
what a figure is made of: numerator, denominator, outcome classes, final codes, and the newest calls.

<!-- server: --clock events -->
<!-- fixture: capture.hep = reports/22-tech-prefix-behind-one-address/capture.hep -->
<!-- run: busyhour customer add "Beta Dialler" --currency EUR --auth 'ip:198.51.100.10&prefix:7102' -->
<!-- run: busyhour feed hep capture.hep -->
```console
$ busyhour calls --ended --where "code <> 200" --limit 3
3 finished calls, newest first, of 4 kept  as of 2026-11-20 10:01:46Z
ended                 customer  name          code  outcome  talk s  calling   called        call_id             source         destination  reason
2026-11-20 10:01:11Z         1  Beta Dialler   503  network       -  15550100  442079460107  tp07@198.51.100.10  198.51.100.10  192.0.2.1    Service Unavailable
2026-11-20 10:01:01Z         1  Beta Dialler   503  network       -  15550100  442079460106  tp06@198.51.100.10  198.51.100.10  192.0.2.1    Service Unavailable
2026-11-20 10:00:51Z         1  Beta Dialler   503  network       -  15550100  442079460105  tp05@198.51.100.10  198.51.100.10  192.0.2.1    Service Unavailable
$ busyhour explain asr --customer "Beta Dialler" --window all
asr of Beta Dialler (customer 1): 25.0 %
  formula       100 x answered / outcomes (classes that count in the denominator)
  numerator     1  answered
  denominator   4  outcomes
  window        all  1970-01-01 00:00:00 to 2026-11-20 10:01:46Z
  counted at    outcome time (answer or final failure)
  as of         2026-11-20 10:01:46Z

outcomes by class
class       calls  in asr's denominator  in ner's numerator
answered        1  yes                   yes
busy            0  yes                   yes
no_answer       0  yes                   yes
rejected        0  yes                   yes
abandoned       0  yes                   no
bad_number      0  yes                   no
network         3  yes                   no
refused         0  yes                   no
blocked         0  no                    no

outcomes by final SIP code
code  calls
 200      1
 503      3

latest finished calls
set up                outcome   code  q850  pdd ms  talk s  ended                 calling   called        call_id             source         reason
2026-11-20 10:00:40Z  answered   200     -   2,000    60.0  2026-11-20 10:01:46Z  15550100  442079460104  tp04@198.51.100.10  198.51.100.10  -
2026-11-20 10:01:10Z  network    503     -       -       -  2026-11-20 10:01:11Z  15550100  442079460107  tp07@198.51.100.10  198.51.100.10  Service Unavailable
2026-11-20 10:01:00Z  network    503     -       -       -  2026-11-20 10:01:01Z  15550100  442079460106  tp06@198.51.100.10  198.51.100.10  Service Unavailable
2026-11-20 10:00:50Z  network    503     -       -       -  2026-11-20 10:00:51Z  15550100  442079460105  tp05@198.51.100.10  198.51.100.10  Service Unavailable
```

## Find a call on the switch

Where the source provides them, each call carries its Call-ID, calling and called number, source and destination address, and the final code
with its reason: what you need to find it on the switch.

- HEP provides all of it. The numbers are the user parts of From and of the Request-URI.
- CDRs provide what their columns hold (`call_id`, `calling`, `called`, `source`, `destination` and `reason` in the format `csv`).
- Programs send it in the field `details` of their batches.

`--where` takes conditions on `id`, `customer`, `name`, `call_id`, `calling`, `called`, `source`, `destination`, `direction`, `code`,
`reason`, `q850`, `outcome`, `setup_at`, `ring_at`, `answered_at`, `ended_at`, `talk` (seconds), `pdd_ms` and `cost`:

```sh
busyhour calls --ended --where "code = 503 AND called LIKE '7102%'"
busyhour calls --ended --customer "Beta Dialler" --where "talk > 30 OR pdd_ms > 5000" --limit 20
busyhour calls --ended --where "setup_at > now() - 10m" --format csv
```

With `--mask-numbers`, the server stores numbers whole and shows them masked, in filters too.

A tech prefix that told the customer apart is left out of the called number in `calls`, `calls --ended` and `explain`.

## How many calls are kept

The newest million finished calls are kept, across restarts too; `busyhourd --keep-calls N` changes that.

| part of a call | bytes |
|---|---|
| the call | 48; 31 in a batch of finished calls without keys |
| its cost, if it has one | 8 |
| the key of its record, by which a repetition is known and the call is found | 16 + 8 |
| details | 5, plus 4 or 16 per address, plus the text |
| example: a Call-ID of 40 bytes and two numbers of 12 | 125 in all |

Details may take 256 bytes per call on average; beyond that, fewer calls are kept. A Call-ID beyond 255 bytes, a number beyond 64 and a
reason beyond 96 are cut and end in `…`. `busyhour status --format json` tells how many calls are kept and how much memory they take.

"""####),
        DocsPage(topic: "metrics", text: ####"""
# The figures and what they mean

## Which time counts

| figure | counts at |
|---|---|
| bids, attempts, CPS | the set-up |
| ASR, NER, the answers of ABR, PDD, causes | the outcome: answer or final failure |
| ACD, talk, cost | the end of the call |
| `active` | now; it is a gauge |

A call that still rings is in no ratio. The time is the event's own. A late event corrects every window that still covers its time; one
older than 24 hours enters only `all` and is counted as `late`; one more than 5 s ahead of the clock is refused and counted as `future`.

## Windows

`1m`, `5m`, `15m` (the default), `1h` and `24h` have 60 slots each (of 1 s, 5 s, 15 s, 60 s and 24 min): the current slot and the 59 full ones
before it. `all` never slides.

## Metrics

| metric | formula | source |
|---|---|---|
| `active` | live calls now, ringing included, in both directions | |
| `cps`, `cps_peak` | set-ups in the last full second; in the busiest second of the window | |
| `bids`, `attempts` | set-ups; set-ups minus those that our own switch blocked | ITU-T E.411 |
| `answered`, `failed` | calls answered; outcomes of any other class | |
| `asr` | 100 x answered / outcomes (all classes except blocked) | ITU-T E.411, E.425 |
| `abr` | 100 x answered / bids | ITU-T E.411 |
| `ner` | 100 x (answered + busy + no_answer + rejected) / outcomes | ITU-T E.425 |
| `acd` | talk time of answered calls that ended / their number, in seconds | ALOC, as carriers use it |
| `acd_attempts` | the same talk time / all calls that ended: the literal formula that some switches show | |
| `pdd` | set-up to the first 180...189 or, if there was none, to the answer; mean, in milliseconds | RFC 6076 4.3.1 |
| `pdd_p50`, `pdd_p95` | the same as percentiles of a histogram, accurate to 5 % | |
| `short_ratio` | 100 x answered calls of at most T seconds / answered calls that ended; T is set per customer, 6 by default | carriers' surcharge rules |
| `talk`, `cost` | seconds; money in the customer's currency (from CDRs, in both directions), never added across currencies | |
| `inbound_active`, `inbound_attempts`, `inbound_asr` | the same for calls *to* a customer with entries `to:` ([details](calls-to-customers.md)); they enter no other figure except `active` and `cost` | |

Every ratio has its sample (`asr_n`, `ner_n`, `abr_n`, `acd_n`, `acd_attempts_n`, `pdd_n`, `short_ratio_n`, `inbound_asr_n`) and is null
without one. Totals are computed from sums, never from the customers' ratios. The total of `cps_peak` is the largest of the customers'.

## Outcome classes

The class of a failed call follows from the Q.850 cause, if there is one, and otherwise from the SIP code.

| class (`causes.*`) | Q.850 cause | SIP code | counts for ASR | in NER's numerator |
|---|---|---|---|---|
| answered | | 2xx | yes | yes |
| busy | 17 | 486, 600 | yes | yes |
| no_answer | 18, 19 | 408, 480, 487 after ringing | yes | yes |
| rejected | 20, 21 | 480 without ringing, 603, other 6xx | yes | yes |
| abandoned | | 487 before ringing | yes | no |
| bad_number | 1, 2, 3, 22, 28 | 404, 410, 484, 485, 604 | yes | no |
| network | 27, 34, 38, 41, 42, 47, 102, 111, 127 | 408 without ringing, 5xx, other 4xx, none known | yes | no |
| refused | 55, 57, 87 | 401, 402, 403, 407, 415, 420, 421, 488, 606, 3xx not followed | yes | no |
| blocked | | code 1 from a program: our own switch refused the call | no | no |

Causes and codes are related as in RFC 3398; a 403 is refused whatever its cause. The cause takes precedence because 19, 20 and 31 all
become 480 on the wire.

"""####),
        DocsPage(topic: "one-call", text: ####"""
# What counts as one call

BusyHour reads SIP messages as they were on the wire, from one agent or several, complete or not. This page says which messages make one call.
What it does with CDRs is in [CDR formats](cdr-formats.md); a call that comes from both
is in [one call from two sources](two-sources.md).

## Identity

A call is identified by the caller's address, the Call-ID and the From tag. Messages within its dialog (ACK, BYE, re-INVITE) are matched by
the Call-ID and both tags, wherever they come from: another host of the customer, an edge proxy, the called side itself. Retransmissions,
re-INVITEs, forks, the other legs of a proxy, and the same packets again change nothing.

## Attempts that go on

A challenge, redirection or refusal that the caller follows within 32 s belongs to the same attempt. The caller follows it in one of two ways:

- with a higher CSeq;
- if its proxy tries the next of our switches, with another branch of the same request, from the same address or from another address of
  the same customer. In the latter case the called number and the CSeq must be the same.

The attempt fails when all branches have failed, with the best of their answers (RFC 3261 16.7).

An INVITE with another branch after that (32 s after a failure, immediately after an answer or a BYE) is a new call, even with the same
Call-ID and tag: gateways that restart count from the beginning.

## Calls without an end

| what was seen last | what happens |
|---|---|
| an INVITE without an answer | the attempt is given up as a 408, 32 s after the last INVITE |
| a provisional answer | the same, 180 s after the last one, so an announcement or a queue may last |
| an answer without an end | the call is closed after four hours and enters no duration |
| an answer with a session timer (RFC 4028: Session-Expires in an answer to an INVITE or UPDATE) | the call lives as long as it is refreshed; otherwise it is closed 64 s after its interval, without a duration |

What arrives later corrects that: a refresh reopens the call, and a BYE provides its duration (within ten minutes; with a session timer, within
four hours). `busyhour status` shows how many calls ended this way: they measure how many messages are lost.

## Several messages in a payload, and pieces of one

A HEP payload may hold several SIP messages and, over TCP or TLS, a piece of one. The pieces of a connection are put together by
Content-Length.

- If the rest of a message does not arrive within ten seconds, or before the next message on its connection, the error is
  `sip_rest_missing`. It is counted within twenty seconds even if no more packets arrive, and at the end of `feed hep FILE`.
- A piece whose beginning is missing is the error `sip_piece`; so is the rest of a message whose beginning came before a restart.

"""####),
        DocsPage(topic: "customers", text: ####"""
# Customers

A customer is a company whose calls BusyHour counts. This page is about creating and changing customers from the command line;
[back office](back-office.md) shows a whole session, and [import](import.md) is about many of them in a file.

<!-- fixture: customers.csv = tools/demo-data/customers.csv -->
<!-- run: busyhour import customers.csv -->
```sh
busyhour customer add "Acme Telecom" --currency USD --credit 250.00 --channels 30 --ip 203.0.113.0/24 --route standard
busyhour customer show "Acme Telecom"
busyhour customer list
busyhour customer edit "Acme Telecom" --set credit+=50 --set tags+=gold --channels 60
busyhour edit --where "country = 'DE' AND channels > 0" --set "channels=ceil(channels*1.1)" --dry-run
busyhour customer history "Acme Telecom"
busyhour customer undo "Acme Telecom"
```

`--as NAME` (or `$USER`) says who you are; the history records it as you say it.

## Edit

`customer edit ID|NAME` changes one customer. It takes the options of `customer add`, and `--set field=value`.

`edit` does the same to all customers that match `--where`, `--search`, `--status`, `--ids 3,5,8` or `--all`: either to all of them, or to
none. `--dry-run` shows the difference first.

| `--set` | meaning |
|---|---|
| `channels=ceil(channels*1.1)`, `credit=credit+50` | numbers and amounts: an expression over the customer's fields and metrics before the edit; a fraction is rounded where the field is a whole number |
| `credit+=50`, `channels-=5` | the same, shorter |
| `status=Penalty`, `company='O''Neill'`, `notes=...` | text, quoted or not; `company=(upper(name))` is an expression |
| `portal_access=yes` | yes, no, or a condition in parentheses |
| `tags=a;b`, `tags+=gold`, `tags-=old` | lists: replace all entries, add some, remove some. `auth` and `routes` likewise; `!name` is a disabled route |
| `contact_name=`, `contact_email=`, `contact_mobile=`, `contact_kind=` | the first contact |

`customer edit --version 3` is refused if the customer has changed since version 3, and shows both values.

## History and undo

Every change has a number. `customer history` shows who did what and when, with the old and the new values. Of a change of many customers it
also shows what was set and by which condition; of an import, the file. If a temporary value was not set back because the same field had
been changed since, the history says so.

`customer undo` takes back a customer's newest change; `customer undo --change N` takes back a whole change, even of a million customers.

- An undo is refused if later changes touched the same fields; it names them.
- An undo can be undone.
- Credit goes back by the difference, because calls may have been charged since.

The history keeps the newest 64 MiB of changes: some hundred thousand edits, or about ten edits of a million customers.

## Delete

`customer delete` removes one customer, or many by `--where`, `--ids` and so on; `--dry-run` shows which. It asks for confirmation in a terminal;
scripts give `--yes`. `customer list --deleted` shows which customers were deleted, when, and by which change.

For 30 days, `customer undo`, by id or name, restores a deleted customer. After that the server forgets its data, also in the history, and only
the id remains.

## Changes that last for a time

`--for 1h` or `--until 18:00` makes a change temporary. The server sets the old values back by itself, also across a restart. Fields that
were changed meanwhile keep their newer values.

```sh
busyhour customer edit "Acme Telecom" --set channels=200 --for 8h
```

## Changes that begin later

`--from` schedules a change: new limits at midnight, or more channels for a night. `customer scheduled` lists what is to come, including
values that will be set back. `customer scheduled --cancel N` cancels an entry. Every scheduled change has a change number:
`customer undo --change N` cancels it before it begins, and takes it back afterwards.

<!-- run: busyhour customer edit "Baltic Voice" --set tags+=gold -->
```sh
busyhour edit --where "tags HAS 'gold'" --set 'flow_speed=flow_speed*2' --from 00:00 --until 06:00 --dry-run
busyhour customer edit "Acme Telecom" --set channels=200 --from 22:00 --for 8h
busyhour customer scheduled
```

| question | answer |
|---|---|
| Which times? | `18:00` (the next one, by the clock of the machine that runs `busyhour`), `2026-12-24`, `2026-12-24 18:00`, RFC 3339 with a zone, `+2h`; at most 366 days ahead. `--for` and `--until` count from `--from` |
| What is checked when it is scheduled? | The condition, the fields and the values. A name or address that another customer has now may be free by then, so that is a note and not an error. `--version` does not go with `--from` |
| Which customers, and how much? | That is decided when the change begins: a customer that became gold in the evening is changed at midnight, and `channels*1.1` refers to the channels at midnight. Customers given by name or id stay the same ones, whatever they are called then; deleted ones are left out. A layout's condition is the one at the time of scheduling |
| Which order? | At one instant, values are set back first; then edits begin in the order in which they were scheduled |
| What if the server was down? | The change is made at the next start, and the history says how late. A change that should have ended by then is not made |
| What if it cannot be made? | Then nothing of it is made. The history has the reason; `status` and `customer scheduled` show it for seven days, and the log has it once |
| Whose clock? | The server's. If it runs ahead, a change is made early and stays when the clock is put right. If it is set back, changes wait |
| How many? | 10,000 scheduled edits, 1 MiB each, 64 MiB together with values to be set back |

"""####),
        DocsPage(topic: "back-office", text: ####"""
# A session in the back office

What a person in the back office does, from the first customer to the last undo, and what `busyhour` answers. A test plays this session in
a terminal, so the text below is what you will see. The options are explained in [Customers](customers.md),
[Import and export](import.md), [Warnings](warnings.md) and [Layouts](board.md#layouts).

<!-- back office -->
```
$ busyhour customer add "Acme Telecom" --currency USD --credit 250 --channels 30 --ip 203.0.113.0/24 --route standard
1
$ busyhour import list.csv
busyhour: row 3, column C "channels": 4.42E+11 looks damaged by a spreadsheet; write all its digits
busyhour: row 4, column B "currency": currency 'XXX' is not an ISO 4217 code; give three letters, such as USD or EUR
busyhour: list.csv: nothing was created or changed: 2 errors in 3 rows (would create 1, update 0, leave 0, refuse 2)
$ busyhour import good.csv --dry-run
would create 3 customers, update 1, unchanged 0, errors 0
$ busyhour import good.csv
created 3 customers, updated 1, unchanged 0; `busyhour customer undo --change 2` takes it back
$ busyhour import good.csv
created 0 customers, updated 0, unchanged 4
$ busyhour customer edit "Acme Telecom" --set credit+=50.5 --set tags+=gold --contact-email noc@acme.example
changed 1 customer of 1; `busyhour customer undo --change 3` takes it back
$ busyhour customer edit 1 --channels 99 --version 1
busyhour: customer 1 'Acme Telecom' is at version 3, by anna, not 1: channels is 40 now, you set channels=99; reload the customer and try again
$ busyhour edit --where "country = 'DE'" --set 'channels=ceil(channels*1.1)' --set status=Penalty --dry-run
would change 2 customers of 2
  channels: 2 customers
  status: 2 customers
id  name          field     now     then
 2  Nova Voice    channels  20      22
 2  Nova Voice    status    Active  Penalty
 3  Baltic Voice  channels  10      11
 3  Baltic Voice  status    Active  Penalty
$ busyhour edit --where "country = 'DE'" --set 'channels=ceil(channels*1.1)' --set status=Penalty
changed 2 customers of 2; `busyhour customer undo --change 4` takes it back
$ busyhour customer history "Nova Voice"
customer 2 'Nova Voice'
change  at                    who   kind      customers
     4  2026-11-26 09:00:00Z  anna  edited            2
        channels: 20 -> 22; status: Active -> Penalty; (set channels=ceil(channels*1.1), status=Penalty where country = 'DE')
     2  2026-11-26 09:00:00Z  anna  imported          4
        from good.csv, 4 rows
$ busyhour customer undo --change 4
changed back 2 customers, as change 5
$ busyhour customer delete "Quiet Networks"
Delete customer 4 'Quiet Networks'? [y/N] busyhour: nothing was deleted; --yes deletes without asking
$ busyhour customer delete "Quiet Networks"
Delete customer 4 'Quiet Networks'? [y/N] deleted 1 customer: 4 'Quiet Networks'; `busyhour customer undo --change 6` brings it back within 30 days
$ busyhour customer list --deleted
1 deleted customer
id  name            deleted               who   change  back until
 4  Quiet Networks  2026-11-26 09:00:00Z  anna       6  2026-11-26 09:00:00Z
`busyhour customer undo ID` brings one back, `busyhour customer undo --change N` all of a change
$ busyhour customer undo "Quiet Networks"
changed back 1 customer, as change 7
$ busyhour customer edit "Nova Voice" --set status=Penalty --for 1h
changed 1 customer of 1; `busyhour customer undo --change 8` takes it back
$ busyhour customer history "Nova Voice" --limit 1
customer 2 'Nova Voice'
change  at                    who   kind    customers  what
     8  2026-11-26 09:00:00Z  anna  edited          1  status: Active -> Penalty; (until 2026-11-26 09:00:00Z)
$ busyhour board --status Penalty --columns name,status,channels
window 15m  2026-11-26 09:00:00 to 09:00:00Z  whole from 2026-11-26 09:00:00Z
1 customer matched
name        status   channels
Nova Voice  Penalty        20
----------  -------  --------
total                      20
$ busyhour customer add Copycat --currency USD --ip 203.0.113.0/24
busyhour: ip:203.0.113.0/24 belongs to customer 1 'Acme Telecom'; remove it there first
$ busyhour settings set credit_low.raise=400 credit_low.clear=450
name              value  standard  meaning
credit_low.raise    400        10  raised below this: available, in the customer's currency
credit_low.clear    450        12  raised until it is above this: available, in the customer's currency
$ busyhour customer edit 1 --set company=Acme
changed 1 customer of 1; `busyhour customer undo --change 9` takes it back
$ busyhour warning list --customer 1
1 warning
id  name          warning     value  since                 level  raise  clear  mark
 1  Acme Telecom  credit_low  300.5  2026-11-26 09:00:00Z  warn   400.0  450.0  -
$ busyhour warning ack 1 credit_low
1 warning
id  name          warning     value  since                 level  raise  clear  mark
 1  Acme Telecom  credit_low  300.5  2026-11-26 09:00:00Z  warn   400.0  450.0  seen by anna
$ busyhour board --where "warnings HAS credit_low" --search acme --columns name,credit,warnings
window 15m  2026-11-26 09:00:00 to 09:00:00Z  whole from 2026-11-26 09:00:00Z
1 customer matched
name          credit  warnings
Acme Telecom  300.50  credit_low
------------  ------  ----------
total USD     300.50
$ busyhour warning mute 1 credit_low --for 8h
1 warning
id  name          warning     value  since                 level  raise  clear  mark
 1  Acme Telecom  credit_low  300.5  2026-11-26 09:00:00Z  warn   400.0  450.0  muted by anna until 2026-11-26 09:00:00Z
$ busyhour warning list --customer 1
0 warnings
id  name  warning  value  since  level  raise  clear  mark
$ busyhour settings set credit_low.raise=100 credit_low.clear=120 --customer 2
name              value  standard  meaning
credit_low.raise    100       400  raised below this: available, in the customer's currency
credit_low.clear    120       450  raised until it is above this: available, in the customer's currency
$ busyhour layout save germany --where "country = 'DE'" --columns name,status,channels --sort -channels --share
name        germany
version     1
owner       anna
shared      yes
saved       2026-11-26 09:00:00Z
where       country = 'DE'
columns     name, status, channels
sort        -channels
$ busyhour board --layout germany
window 15m  2026-11-26 09:00:00 to 09:00:00Z  whole from 2026-11-26 09:00:00Z
2 customers matched
name          status   channels
Nova Voice    Penalty        20
Baltic Voice  Active         10
------------  -------  --------
total                        30
$ busyhour edit --layout germany --set tags+=de
changed 2 customers of 2; `busyhour customer undo --change 10` takes it back
$ busyhour export --layout germany germany.csv
exported 2 customers to germany.csv
$ busyhour import germany.csv
created 0 customers, updated 0, unchanged 2
$ busyhour import foreign.csv --start-row 3 --map 1=name,3=currency,4=credit --decimal-comma --save-template legacy
created 1 customer; `busyhour customer undo --change 11` takes it back
$ busyhour template list
name    kind    version  owner  saved                 start_row  decimal_comma  map
legacy  import        1  anna   2026-11-26 09:00:00Z          3  yes            1=name,3=currency,4=credit
$ busyhour import foreign.csv --template legacy
created 0 customers, updated 0, unchanged 1
$ busyhour layout save credit --columns name,status,credit --sort name --width name=10 --pin credit --column-format 'credit=#,##0'
name        credit
version     1
owner       anna
shared      no
saved       2026-11-26 09:00:00Z
columns     name, status, credit
sort        name
widths      name=10
pins        credit
formats     credit=#,##0
$ busyhour board --layout credit
window 15m  2026-11-26 09:00:00 to 09:00:00Z  whole from 2026-11-26 09:00:00Z
5 customers matched
name        status   credit
Acme Tele…  Active      301
Baltic Vo…  Active        0
Lagoon Te…  Active    1,235
Nova Voice  Penalty       0
Quiet Net…  Active        0
----------  -------  ------
total
total EUR                 0
total NGN             1,235
total USD               301
$ busyhour layout delete credit
Delete layout 'credit'? [y/N] deleted layout 'credit'
```
<!-- /back office -->

"""####),
        DocsPage(topic: "import", text: ####"""
# Import and export

`busyhour import FILE` creates and updates customers from a CSV file: all rows, or none. `busyhour export FILE` writes such a file.

```file:list.csv
name;currency;credit;channels;auth;tags
Acme Telecom;USD;1.250,00;30;ip:203.0.113.0/24;gold
Baltic Voice;EUR;99,50;10;sip:baltic;
```

```console
$ busyhour import list.csv --dry-run
would create 2 customers, update 0, unchanged 0, errors 0
$ busyhour import list.csv
created 2 customers; `busyhour customer undo --change 1` takes it back
$ busyhour import list.csv
created 0 customers, updated 0, unchanged 2
$ busyhour export --where "tags HAS 'gold'" gold.csv
exported 1 customers to gold.csv
$ cat gold.csv
id,name,currency,status,credit,debit_limit,channels,flow_speed,portal_access,country,company,account_manager,tags,contacts,auth,routes,short_call_seconds,notes
1,Acme Telecom,USD,Active,1250.00,0.00,30,0,false,,,,gold,,ip:203.0.113.0/24,,0,
```

## Columns

| column | meaning |
|---|---|
| `name`, `currency` | required; names are unique regardless of case; ISO 4217 |
| `status` | `Active` (the default), `Inactive`, `Pending`, `Pending Approval`, `Penalty` |
| `credit`, `debit_limit` | amounts as spreadsheets write them: `1234.50`, `1.234,50`, `1 234,50`, `1'234.50`; `1,234` is ambiguous and refused, unless `--decimal-comma` says how to read it |
| `channels`, `flow_speed` | the customer's limits of live calls and of set-ups per second; 0: no limit |
| `auth` | a list of [auth entries](whose-call.md): `ip:203.0.113.0/24;sip:alice;account:0049-30` |
| `routes`, `tags` | lists of names; `!name` is a disabled route |
| `contact_name`, `contact_email`, `contact_mobile`, `contact_kind` | the first contact; e-mail addresses are checked; mobile numbers carry their country (`+49...`, `0049...`) or take that of `--default-country DE` |
| `contacts` | all contacts as JSON: `[{"name":"...","email":"...","mobile":"...","kind":"..."}]` |
| `country`, `company`, `account_manager`, `portal_access`, `short_call_seconds`, `notes` | ISO 3166 alpha-2, text, text, true/false, seconds, text |

Lists are separated by `;`. A `;` within a value is doubled. `tools/demo-data/customers.csv` is an example.

## What happens to a row

- A row updates the customer with its `id` or, if it has no id, with its name; otherwise it creates one.
- An empty cell leaves the field unchanged, so importing the same file again changes nothing.
- The server checks everything, part by part as the file arrives. Every error names its row and column; a number that a spreadsheet damaged
  (`4.42E+11`) is one, and so is what a program left where it lost a value (`NULL`, `\N`). A leading apostrophe marks it as text.
- If there is any error, nothing is created or changed. `--dry-run` shows what would happen. At most 20 lines of errors are shown;
  `--all-errors` shows all.

A file that has an `id` column and no unknown columns needs neither name nor currency to change customers.

## Files that look different

The separator (comma, semicolon or tab) is detected, and so is a first line `sep=;`.

| option | meaning |
|---|---|
| `--start-row 3` | skip the titles above the header line |
| `--map 1=name,4=currency` | name columns by their position |
| `--ignore-unknown` | skip columns that BusyHour does not know |
| `--decimal-comma` | `1,234` is one and a fraction |
| `--encoding windows-1252` | UTF-8, and UTF-16 with a byte order mark, are recognised; name any other encoding |
| `--default-country DE` | the country of mobile numbers without one |

`--save-template NAME` stores all of these options under a name, and `--template NAME` uses them for the next file of the kind.
`template list`, `template show` and `template delete` manage templates; only its owner changes and deletes one.

```sh
printf 'Our list\nFirm,Town,Since,Money\nFrom Abroad,Lagos,2020,NGN\n' >legacy.csv
busyhour import legacy.csv --start-row 3 --map 1=name,4=currency --save-template legacy
busyhour import legacy.csv --template legacy
busyhour template list
```

## Export

`busyhour export FILE` (with `--where`, `--layout` and so on) writes what `import` reads. A text that a spreadsheet would run as a formula is
written with a leading apostrophe. `--columns id,name,credit` chooses columns.

Excel in most of Europe opens the following file with a double click, and `import` reads it back:

```sh
busyhour export --separator ';' --bom --decimal-comma customers.csv
busyhour import customers.csv --dry-run
```

"""####),
        DocsPage(topic: "whose-call", text: ####"""
# Whose call is it?

A call belongs to a customer if it meets one of the customer's auth entries. An entry is one condition, or several joined by `&`, and the
call has to meet all of them. Calls that meet no entry are counted as unattributed; `busyhour status` lists the busiest of their sources.

```console
$ busyhour customer add "Alpha Dialler" --currency EUR --auth 'ip:198.51.100.10&prefix:7101'
1
$ busyhour customer add "Beta Dialler" --currency EUR --auth 'ip:198.51.100.10&prefix:7102'
2
$ busyhour customer add "Acme" --currency EUR --auth 'ip:203.0.113.0/24;ip:198.51.100.20&from:acme.example'
3
$ busyhour customer edit Acme --set 'auth+=ip:198.51.100.10&prefix:7101'
busyhour: ip:198.51.100.10&prefix:7101 belongs to customer 1 'Alpha Dialler'; remove it there first
```

No two customers have the very same entry: the last command is refused.

<!-- fixture: capture.hep = reports/22-tech-prefix-behind-one-address/capture.hep -->
Ten calls of a dialler that dials 7101, 7102 or 7103 before the number; no customer has the third prefix:

```console
$ busyhour --format json feed hep capture.hep
{"read":52,"calls":8,"duplicates":4,"not_calls":24,"errors":0,"late":0,"future":0,"unattributed":2,"credit_notes":0,"joined":0,"rerated":0,"costs":0,"errors_by_name":{},"not_calls_by_name":{},"warnings_by_name":{}}
$ busyhour board --window all --sort name --columns name,attempts,answered,asr,acd,pdd
window all  1970-01-01 00:00:00 to 2026-11-20 10:01:46Z
3 customers matched
name           attempts  answered  asr %  acd s  pdd ms
Acme                  0         0      -      -       -
Alpha Dialler         4         3   75.0   60.0   2,000
Beta Dialler          4         1   25.0   60.0   2,000
-------------  --------  --------  -----  -----  ------
total                 8         4   50.0   60.0   2,000
```

## Conditions

| condition | the call meets it if |
|---|---|
| `ip:203.0.113.7`, `ip:203.0.113.0/24`, `ip:2001:db8::/32` | it comes from this address or block |
| `ip:203.0.113.7:5074`, `ip:[2001:db8::7]:5074` | it comes from this address and port |
| `prefix:9911#` | the called number, as dialled, begins with this: a tech prefix |
| `from:acme.example` (or `domain:`) | this is the domain of From |
| `uri:`, `contact:` | this is the domain of the request's URI, or of Contact |
| `tgrp:T1` | this is its trunk group (`tgrp` of Contact, `otg` of From) |
| `header:X-Customer=acme` | it has this header with exactly this value; the case of the name does not matter |
| `pai:+493012345`, `pai:acme.example` | this number, user or domain is in P-Asserted-Identity |
| `sip:alice` | this is the user of its SIP address; see [SIP users](sip-users.md) |
| `account:0049-30` | this is the account code of its CDR |
| `to:` | the call goes *to* the customer; see [calls to a customer](calls-to-customers.md) |

Domains and identities are compared regardless of case, all other values byte by byte. An entry has one condition of each kind, and up to
four headers. In a list, entries are separated by `;`. A `;` in a value is doubled, and so is a `&`.

In JSON, an entry has one key per condition:

```console
$ busyhour customer show "Alpha Dialler" --format json | grep -o '"auth":[^]]*]'
"auth":[{"ip":"198.51.100.10","prefix":"7101"}]
```

## Which entry gets the call

The same address may occur in entries of many customers, as long as no two entries are equal. Of the entries that a call meets, the most
exact one wins:

1. The one with more conditions. A port counts as a condition of its own. An address alone is less exact than any other single condition;
   only a SIP user alone and, last of all, an account code alone rank below it.
2. If they have equally many, the one with the longer address block (an entry without an address has none), then the one with the longer
   called prefix.
3. If these are equal too, the one with the strongest kind of condition that the other lacks: port, address, header, trunk group, asserted
   identity, SIP user, account, prefix, domain of From, of Contact, of the request's URI.
4. If they still tie (they differ in the name of a header, or in the identity), the one whose text comes first.

A call that a switch of yours passes on is another leg, not another call: for it, only entries with its address count.

A tech prefix that decided is removed from the called number in `calls`, `calls --ended` and `explain`.

## Ask

`busyhour customer who` says whose a call would be, by the same code that live traffic and CDRs use:

```console
$ busyhour customer who --ip 198.51.100.10 --called 7102442079460104
Beta Dialler (customer 2)
  because  ip:198.51.100.10&prefix:7102 is the only entry that the call meets
  called   442079460104

entries that the call meets
entry                         customer
ip:198.51.100.10&prefix:7102  2 Beta Dialler
$ busyhour customer who --ip 198.51.100.10 --called 7109442079460104
no customer's
  because  no entry is met as a whole; see what the nearest ones ask for
  called   7109442079460104

entries nearest to it
entry                         customer         not met
ip:198.51.100.10&prefix:7101  1 Alpha Dialler  prefix:7101
ip:198.51.100.10&prefix:7102  2 Beta Dialler   prefix:7102
$ busyhour customer who --ip 198.51.100.20 --from-domain acme.example --format json
{"outcome":"customer","customer":3,"name":"Acme","direction":"outbound","reason":"ip:198.51.100.20&from:acme.example is the only entry that the call meets","called":null,"entry":{"ip":"198.51.100.20","from":"acme.example"},"matches":[{"customer":3,"name":"Acme","entry":{"ip":"198.51.100.20","from":"acme.example"},"text":"ip:198.51.100.20&from:acme.example","unmet":[]}],"nearest":[]}
```

The first call is Beta Dialler's. The second is no customer's, and the answer names the nearest entries and the conditions that are not met.

"""####),
        DocsPage(topic: "sip-users", text: ####"""
# SIP users

A customer with the entry `sip:alice` is the user `alice` of your switch. The caller names the user itself, in From or in its digest
credentials. A From proves nothing, so BusyHour asks what stands behind it:

| an INVITE from | with | belongs to |
|---|---|---|
| an address of a customer (`ip:`) | any user, or none | that customer |
| any other address | credentials (Authorization, Proxy-Authorization) of `alice` | alice, unless your switch refuses them |
| an address where alice has authenticated within 26 hours (a REGISTER or an INVITE that got a 2xx) | From `alice`, or alice's credentials, right or wrong | alice |
| any other address | From `alice` alone | no customer: it is unattributed, even if the switch lets it through |

Some phones write the realm after the user: credentials of `alice@pbx.example` for the realm `pbx.example` are those of `alice`. With any other domain
after it, it is another user, whose entry has to say so.

Credentials count at once. They are refused when the last INVITE of the attempt got a 401, 407 or 403 and nothing before that showed that the
call went on: ringing, a provisional answer other than 100, or an answer. (A 403 with a Q.850 cause comes from a network behind the
switch.) The attempt is then removed from the customer's figures, in all windows, as if it had never been there, and appears under its source
in the unattributed list. If the caller continues with other credentials, it is the customer's again.

So a scanner that guesses user names spoils no customer's ASR: its attempts are in `busyhour status`, under its address. A user's own wrong
password, from where the user is known, is a failed attempt of that user.

The cycle of a challenge (INVITE, 407, INVITE with credentials) is one attempt. Until the second INVITE arrives, the first belongs to an
unknown source.

## What it needs

BusyHour needs to see the REGISTERs and their answers if your switch challenges only these. If your capture agent leaves them out, give such
customers their addresses (`ip:`). What was learnt about users and addresses survives a restart. What `feed hep` learns from a capture is
not used for live traffic.

CDRs and events from programs come from your own switch, which knows the user it let in: a `sip_user` there counts as it is.

"""####),
        DocsPage(topic: "calls-to-customers", text: ####"""
# Calls to a customer

A carrier that sells numbers or trunks sells channels for both directions together. Auth entries of the kind `to` say where a customer's
incoming calls arrive:

| entry | means |
|---|---|
| `to:198.51.100.170`, `to:198.51.100.0/28`, `to:2001:db8::/64` | its trunk: calls that our switch sends to one of these addresses |
| `to:+442079460170`, `to:442079460170` | its number; the plus may be left out |
| `to:4420794601*` | all numbers that begin with this |
| `to:442079460100-442079460199` | a range: two numbers of equal length |

Nine calls of a carrier that the switch passes on to the customer's trunk, and one that it makes itself:

<!-- server: --clock events -->
<!-- fixture: capture.hep = reports/38-calls-to-a-customers-numbers/capture.hep -->
```console
$ busyhour customer add "Helpdesk Numbers" --currency EUR --channels 10 --auth 'ip:198.51.100.170;to:198.51.100.170'
1
$ busyhour customer add "Transit Carrier" --currency EUR --ip 203.0.113.170
2
$ busyhour --format json feed hep capture.hep
{"read":95,"calls":19,"duplicates":0,"not_calls":38,"errors":0,"late":0,"future":0,"unattributed":0,"credit_notes":0,"joined":0,"rerated":0,"costs":0,"errors_by_name":{},"not_calls_by_name":{},"warnings_by_name":{}}
$ busyhour board --window all --sort name --columns name,channels,active,inbound_active,inbound_attempts,inbound_asr,attempts,asr
window all  1970-01-01 00:00:00 to 2026-11-20 10:00:33Z
2 customers matched
name              channels  active  inbound_active  inbound_attempts  inbound_asr %  attempts  asr %
Helpdesk Numbers        10      10               9                 9          100.0         1  100.0
Transit Carrier          0       9               0                 0              -         9  100.0
----------------  --------  ------  --------------  ----------------  -------------  --------  -----
total                   10      19               9                 9          100.0        10  100.0
$ busyhour customer who --to 198.51.100.170
Helpdesk Numbers (customer 1), which is called
  because  to:198.51.100.170 is where the call goes; no other entry is

entries that the call meets
entry              customer
to:198.51.100.170  1 Helpdesk Numbers
$ busyhour customer who --to 442079460170
no customer's: a leg of our own switch
  because  no customer has an entry to: of where it goes; give its customer one, as auth+=to:442079460170
  called   442079460170
$ busyhour calls --direction inbound --limit 2
9 live calls, 2 shown  as of 2026-11-20 10:00:33Z
customer  name              direction  state     age s  set up                answered              calling   called        call      source     destination
       1  Helpdesk Numbers  inbound    answered     32  2026-11-20 10:00:00Z  2026-11-20 10:00:02Z  15550170  442079460170  did-out0  192.0.2.1  198.51.100.170
       1  Helpdesk Numbers  inbound    answered     29  2026-11-20 10:00:03Z  2026-11-20 10:00:05Z  15550171  442079460170  did-out1  192.0.2.1  198.51.100.170
```

`who --to` says whose a call would be that our switch sends to a number or trunk. For a CDR, add `--direction inbound` (or `leg`) with
`--account`, `--called` and `--destination`.

An entry `to` stands alone: it says which customer is called, while all other conditions say which one calls. The longest block, the narrowest
range and the longest prefix win; a single number takes precedence over any range. The very same entry twice is refused, and the error names
the customer that has it.

## Which calls these are

**By HEP**, the leg that our own switch sends to the customer: an INVITE to its trunk, or one from a host of ours with its number, unless it
goes to another host of ours. The address of a trunk is enough by itself, and its callers are our hosts. Numbers need to know our hosts:
BusyHour learns them from where customers send their calls, and `--switch` names them.

The leg on which the same call came in belongs to the caller: if that is a customer, it is that customer's attempt, as always. So a call from one
customer to another one's number is two calls: one out, one in. A leg is one call, even if it is sent again, forked or challenged; another
leg to the customer because the first one failed is another call.

**By CDRs**, rows whose leg the switch dialled (FreeSWITCH: `direction` is `outbound`, or there is an `originating_leg_uuid`) are calls to a
customer if they go to its trunk or its number; other such rows are not calls. Their cost is the customer's if the row carries its account or
none: a leg with the caller's account is counted, and its cost is left out. In `csv`, a column `direction` is as the customer sees it:
`inbound` rows are calls to the account they carry, `outbound` rows are calls it makes. For customers without entries `to` nothing changes.

**Programs** set `direction` of the party: `inbound` (with the customer's id or account), or `leg` for whatever their switch dials, with
the destination's address or the called number.

A call keeps the customer of its set-up: adding or removing entries changes nothing for live calls.

## What they count in

| figure | calls it makes | calls to it |
|---|---|---|
| `active`, `status` Dialing, `channels_near_limit` | yes | yes |
| `cost`, credit, `credit_runway`, `credit_overcommitted` | yes | yes |
| `bids`, `attempts`, `answered`, `asr`, `ner`, `abr`, `acd`, `talk`, `pdd`, `short_ratio`, `cps`, `causes`, `last_call` | yes | no |
| `inbound_active` | no | live calls now, ringing included |
| `inbound_attempts` | no | set-ups |
| `inbound_asr`, with the sample `inbound_asr_n` | no | 100 x answered / outcomes |

ASR, PDD and CPS describe what a customer sends; whether its own people pick up the phone says nothing about that. Warnings of quality and
of silence (`gone_silent`, `stuck_channels`) look at the calls it makes, too. `channels_near_limit` shows both: `10 of 10 channels (9 in, 1 out)`.

`busyhour calls` and `calls --ended` show the direction of each call; `--direction` and conditions can use it:

```sh
busyhour calls --ended --where "direction = 'inbound' AND code = 486"
```

"""####),
        DocsPage(topic: "two-sources", text: ####"""
# One call from two sources

Live channels come by HEP and costs come by CDR, so to have both columns on the board you feed both. A CDR row with the Call-ID of a call that
was seen by HEP is the same call: it is counted once, and the row completes it. It does not matter which comes first, how many hours lie
between, whether the server was restarted meanwhile, or how often either is fed.

```
busyhourd --hep 0.0.0.0:9060
busyhour feed cdr --format freeswitch-json --follow /var/log/freeswitch/json_cdr
```

The feed's summary and `busyhour status` say how many rows found their call (`joined`).

Four calls seen by HEP, and then the same four from the switch's CDRs, with their costs:

<!-- server: --clock events -->
<!-- fixture: capture.hep = reports/34-hep-and-cdrs-of-one-switch/capture.hep -->
<!-- fixture: cdr.ndjson = reports/34-hep-and-cdrs-of-one-switch/cdr.ndjson -->
```console
$ busyhour customer add "One Switch" --currency EUR --credit 1000 --auth 'ip:198.51.100.130;account:13'
1
$ busyhour --format json feed hep capture.hep
{"read":24,"calls":4,"duplicates":2,"not_calls":8,"errors":0,"late":0,"future":0,"unattributed":0,"credit_notes":0,"joined":0,"rerated":0,"costs":0,"errors_by_name":{},"not_calls_by_name":{},"warnings_by_name":{}}
$ busyhour --format json feed cdr --format freeswitch-json cdr.ndjson
{"read":4,"calls":0,"duplicates":0,"not_calls":0,"errors":0,"late":0,"future":0,"unattributed":0,"credit_notes":0,"joined":4,"rerated":0,"costs":0,"errors_by_name":{},"not_calls_by_name":{},"warnings_by_name":{}}
$ busyhour board --window all --columns name,attempts,answered,asr,acd,pdd,cost,credit
window all  1970-01-01 00:00:00 to 2026-11-20 10:02:05Z
1 customer matched
name        attempts  answered  asr %  acd s  pdd ms  cost  credit
One Switch         4         2   50.0   60.0   2,000  5.00  995.00
----------  --------  --------  -----  -----  ------  ----  ------
total EUR          4         2   50.0   60.0   2,000  5.00  995.00
```

## Where the Call-ID is

A row can be joined if it has one of these fields; the first that is not empty counts:

| format | field |
|---|---|
| `freeswitch-json`, `freeswitch-csv` | `sip_call_id` |
| `asterisk` | a column that you name `sip_call_id` or `call_id` in `--columns`, for example instead of `userfield` if your dialplan writes the Call-ID there |
| `cgrates-csv`, `cgrates-json` | `OriginID`, if your agent puts the Call-ID there |
| `kamailio-acc` | `callid` with `from_tag` |
| `csv` | `call_id`, else `id` |

If a row also has the From tag (`sip_from_tag`, `from_tag`), it has to be the call's: it tells legs of one Call-ID apart.

## Which source wins

The wire knows what the caller experienced; the CDR knows the money.

| figure | taken from |
|---|---|
| customer, set-up | HEP |
| ringing, post-dial delay | HEP; the row, if HEP had no final answer and no ringing |
| final code, cause, answered or not | HEP; the row, if HEP had no final answer, or only 401, 407 or 3xx |
| answer time | HEP; the row, if HEP missed the answer |
| end, talk time | HEP; the row, if HEP missed the BYE or the answer |
| cost | the row; of several, the last one |

Kamailio's accounting rows have no costs and no set-up time; they complete a call whose BYE or final answer HEP missed, and a CDR completes
them in the same way. A call that is still live when its row arrives has lost its BYE: the row ends it.

## Which row belongs to which call

The row's set-up, answer or end lies at most two minutes from the call's, because Call-IDs return. Of several legs with one Call-ID, the
customer's is the call. A second row with another id, of another leg or attempt, counts nothing; its cost, if it has one, is what the call
costs from then on ([rerated](rerating.md)).

A row that names another customer than the call's is refused (`other_customer`, with its line): one of the two customers has the wrong auth
entries. A row that names no customer belongs to the call's.

Calls are found while they are kept (`--keep-calls`, a million of all sources). A row of a call that is no longer kept counts as a call of its
own, so feed CDRs within the hours in which a million calls pass.

"""####),
        DocsPage(topic: "warnings", text: ####"""
# Warnings

BusyHour checks every customer once a second, and immediately when the customer is changed. Warnings are raised and cleared by the passing of
time as well as by calls. The board has a column `warnings`; `warning list` shows the reason, the value and since when, the most severe first.

<!-- run: busyhour customer add "Acme Telecom" --currency USD --credit 5 -->
```console
$ busyhour board --where "warnings HAS credit_low" --columns name,credit,warnings
window 15m  2026-11-26 09:00:00Z to 09:00:00Z
1 customer matched
name          credit  warnings
Acme Telecom    5.00  no_auth, no_routing, credit_low
------------  ------  -------------------------------
total USD       5.00
```

| command | what it does |
|---|---|
| `warning list` | takes `--customer`, `--kind`, `--since 1h`, `--where` and `--count` |
| `warning ack CUSTOMER KIND` | records that you have seen it, until it is cleared |
| `warning mute CUSTOMER KIND --for 8h` | hides it for a time |
| `warning unmark CUSTOMER KIND` | takes either back |
| `settings get` | shows the thresholds and their meaning |
| `settings set asr_low.raise=35` | changes one for all customers; with `--customer ID` for one |

`ack`, `mute` and `unmark` take `--where` with `--kind` for many customers at once.

Each warning has some of these settings: `.on` (whether it is checked), `.raise` and `.clear` (where it begins and ends), `.sample` (the
number of calls below which it stays silent) and `.level` (how unlikely chance has to be as an explanation).

```sh
busyhour settings get
busyhour settings set credit_low.raise=100 credit_low.clear=120
busyhour warning list --kind credit_low --count
busyhour warning mute --where "credit < 10" --kind credit_low --for 8h
```

## Kinds

| warning | raised when |
|---|---|
| `no_auth`, `no_routing`, `all_routes_disabled` | the stored fields say so |
| `no_contact_email`, `no_contact_mobile`, `limit_zero_or_unlimited` | the stored fields say so; off until `settings set no_contact_email.on=true` |
| `credit_exhausted`, `credit_low` | an active customer's available amount is not above 0, or is below 10 |
| `debit_limit_negative_buffer_hit` | a negative debit limit leaves nothing of a credit |
| `credit_runway` | the credit lasts less than 30 minutes at the cost of the last 15 minutes or, if that is higher, of the live calls |
| `credit_overcommitted` | the live calls, at the mean cost of a call, cost more than is available |
| `asr_low` | the ASR of 15 minutes is below 40 with at least 50 calls, and so far below that chance does not explain it for a customer of 40 (`.level`, 0.01: 14 answers of 60 are raised, 20 of 60 are not) |
| `asr_drop` | the ASR of 5m, 15m, 1h, 2h or 4h is so far below that of the 24 hours before that chance is less likely than `.level` (10^-6, of all checks of all five windows as they slide), and at least 5 points below (`.raise`). Twelve calls (`.sample`) are enough if the drop is deep. The list shows both ASR, the calls and p. See [How good they are](warning-quality.md) |
| `acd_low`, `pdd_high`, `short_call_ratio` | the ACD is below 30 s; the 95th percentile of PDD is above 6 s (15 minutes, checked every 10 s); more than 15 % of the calls of an hour are short. Each beyond chance, as with `asr_low` |
| `cps_over_limit`, `channels_near_limit` | set-ups exceed `flow_speed`; live calls exceed 85 % of `channels` |
| `gone_silent` | an active customer with 20 calls in 24 hours made none for 15 minutes |
| `status_mismatch` | a customer that is not active has live calls |
| `stuck_channels` | a customer has live calls, and none newer than two hours |

A level of 0.5 takes a figure as measured: `settings set asr_low.level=0.5`.

## Customers known by CDRs only

A CDR reports a failed call at once, and an answered one when it ends. So for customers that are known by CDRs only, the board's ASR of the
last minutes is too low. The warnings correct for that: `asr_low` and `asr_drop` count answered calls when they end. For customers
whose calls are seen live (HEP, events) they count them when they are answered.

"""####),
        DocsPage(topic: "warning-quality", text: ####"""
# How good the warnings are

`Benchmarks/warnings` simulates two days of traffic and measures the second one: 12,038,050 calls of 99,550 customers that have nothing wrong
with them. Their sizes follow a power law. Their ASR drifts with the hour and, from time to time, by a standard deviation of 1.5 to 8 points.
Failed calls are dialled again, and some customers run dialler campaigns. All calls are reported by CDRs. Customers are checked once per minute of
the simulation; a server checks every second.

## False alarms

| warning | raised | of customers | of these truly beyond the threshold |
|---|---|---|---|
| asr_low | 774 | 178 | 756 (98 %) |
| asr_drop | 0 | 0 | - |
| acd_low | 17 | 8 | 12 (71 %) |
| pdd_high | 54 | 29 | 50 (93 %) |
| short_call_ratio | 17 | 17 | 14 (82 %) |

`asr_drop.level` is the chance of one false alarm per customer, all checks of windows that slide counted. A higher level finds drops sooner and raises
false alarms: `Benchmarks/warnings --level 1e-5` shows what it would do. A turn of checking took 18 us on average; the run took
four minutes.

## Drops that are found

In the same day the ASR of 450 customers drops. *At best* is what a test could detect at a level of 10^-6 if it knew the customer's
usual ASR at that hour, how much it drifts, and when the drop begins and ends; what even that test misses is no drop at that level. There
are ten customers per row. Cases of which almost nothing can be detected are left out.

| calls in 24 h | ASR falls to | for | seen | seen at best | not knowing the hour's ASR | seen after, median |
|---|---|---|---|---|---|---|
| 7625 | 0 % of the usual | 15 min | 100 % | 100 % | 100 % | 6 min |
| 7522 | 0 % of the usual | 60 min | 100 % | 100 % | 100 % | 15 min |
| 7423 | 0 % of the usual | 180 min | 100 % | 100 % | 100 % | 7 min |
| 7327 | 30 % of the usual | 15 min | 40 % | 59 % | 58 % | 10 min |
| 7234 | 30 % of the usual | 60 min | 100 % | 94 % | 92 % | 24 min |
| 7143 | 30 % of the usual | 180 min | 100 % | 100 % | 100 % | 43 min |
| 6972 | 60 % of the usual | 60 min | 20 % | 71 % | 48 % | 56 min |
| 6889 | 60 % of the usual | 180 min | 60 % | 81 % | 61 % | 79 min |
| 3242 | 0 % of the usual | 15 min | 60 % | 90 % | 90 % | 13 min |
| 3229 | 0 % of the usual | 60 min | 100 % | 100 % | 100 % | 44 min |
| 3215 | 0 % of the usual | 180 min | 100 % | 100 % | 100 % | 13 min |
| 3202 | 30 % of the usual | 15 min | 30 % | 44 % | 40 % | 15 min |
| 3188 | 30 % of the usual | 60 min | 80 % | 99 % | 96 % | 50 min |
| 3175 | 30 % of the usual | 180 min | 80 % | 100 % | 97 % | 53 min |
| 3149 | 60 % of the usual | 60 min | 20 % | 54 % | 34 % | 59 min |
| 3135 | 60 % of the usual | 180 min | 0 % | 87 % | 71 % | - |
| 1235 | 0 % of the usual | 15 min | 30 % | 60 % | 60 % | 14 min |
| 1233 | 0 % of the usual | 60 min | 80 % | 90 % | 90 % | 52 min |
| 1232 | 0 % of the usual | 180 min | 100 % | 100 % | 100 % | 42 min |
| 1229 | 30 % of the usual | 60 min | 20 % | 45 % | 42 % | 57 min |
| 1227 | 30 % of the usual | 180 min | 80 % | 93 % | 84 % | 56 min |
| 1223 | 60 % of the usual | 180 min | 0 % | 46 % | 34 % | - |
| 635 | 0 % of the usual | 15 min | 0 % | 30 % | 40 % | - |
| 635 | 0 % of the usual | 60 min | 50 % | 70 % | 70 % | 54 min |
| 635 | 0 % of the usual | 180 min | 100 % | 100 % | 100 % | 58 min |
| 634 | 30 % of the usual | 60 min | 10 % | 50 % | 46 % | 58 min |
| 634 | 30 % of the usual | 180 min | 40 % | 93 % | 85 % | 78 min |
| 632 | 60 % of the usual | 180 min | 0 % | 23 % | 18 % | - |
| 258 | 0 % of the usual | 60 min | 0 % | 40 % | 30 % | - |
| 257 | 0 % of the usual | 180 min | 40 % | 70 % | 70 % | 110 min |
| 257 | 30 % of the usual | 180 min | 10 % | 37 % | 36 % | 111 min |

"""####),
        DocsPage(topic: "cdr-formats", text: ####"""
# CDR formats

`busyhour feed cdr` reads call detail records and counts each call once.

```
busyhour feed cdr --format asterisk /var/log/asterisk/cdr-csv/Master.csv --follow
```

<!-- fixture: Master.csv = cdr/asterisk-Master.csv -->
```console
$ busyhour feed cdr --format asterisk Master.csv --dry-run | tail -6
calls            430
duplicates         0
not_calls         65
  further_row     65
errors             0
nothing was sent
```

| `--format` | what is read |
|---|---|
| `freeswitch-json` | documents of mod_json_cdr and mod_format_cdr: one per line, pretty-printed, a directory of them, or bodies as posted (`encode`, `encode-values` on or off); loopback legs are not calls |
| `freeswitch-csv` | mod_cdr_csv, the template `example`; others with `--columns uuid,accountcode,...` |
| `asterisk` | cdr_csv, with or without `loguniqueid`, `loguserfield` and `newcdrcolumns`; tables of its database modules with a header line (`calldate`), dispositions as names or numbers. All rows of one unique id are one call, even those of a queue that rang hundreds of times |
| `cgrates-csv`, `cgrates-json` | the exporters `*file_csv` and `*http_json_map`; of each call the run `*default`; without a set-up time, the answer stands in for it |
| `kamailio-acc` | rows of acc of Kamailio and OpenSIPS: `db_flatstore` (with a bar within a Call-ID or reason, too), or an SQL export with a header line, in any order. OpenSIPS's `created` is the set-up, and a row of its CDR mode (`duration`, `ms_duration`) is the whole call |
| `csv` | any CSV with a header line, or with `--map` or `--columns`: see [Your own CDRs](your-cdrs.md) |
| `cucm`, `oracle-sbc`, `yeti`, `vos3000`, `sippy` | the files of these products, as public documents describe their columns |

The readers were compared with the sources of FreeSWITCH 1.11, Asterisk, Kamailio 6.2 and OpenSIPS 4.1 as of August 2026, CGRateS of June 2026
and Yate 6.4. Yate's cdrfile is
`--format csv --columns setup_at,billid,chan,ip,caller,called,billtime,ringtime,duration,direction,disposition,reason`; its outgoing legs are
not calls. FreeSWITCH writes a `billsec` below zero when its clock is set back during a call (`cdr_negative`: the call's duration is
unknown).

## Options

| option | meaning |
|---|---|
| `--dry-run` | show what is understood; needs no server |
| `--follow` | continue with what is appended to the file, across rotation |
| `--time-zone Europe/Berlin` | the zone of times without one; UTC by default |
| `--position FILE` | where `--follow` keeps its place; `~/.local/state/busyhour` by default |
| `--map`, `--save-template`, `--template` | see [Your own CDRs](your-cdrs.md) |
| `--filter`, `--keep`, `--dispositions`, `--durations` | see [Rows, times and files](cdr-rows.md) |
| `--currency`, `--cost-limit` | see [Money](money.md) |

`-` reads standard input. Files packed with gzip or zstd are read directly. A directory stands for its finished files, each of them once. Second
legs, second carriers and rows delivered twice are not counted again. Header lines in the middle, lines of types, totals and the like are
counted as `not_calls`.

`feed cdr` ends with exit code 1 if rows were refused.

## Counted once, whatever crashes

Every row has a number: for a CDR its place in the file, for a capture the number of its record. The server says up to which number it has
counted, and up to which of them the count is on disk.

- A feed whose server goes away reconnects, for about a minute (`--follow`: until it is stopped), and sends what is missing.
- An interrupted feed of files continues when the same command is given again. It recognises files by their first bytes.
- A feed ends when everything is counted and saved.
- `busyhour status` shows how many such producers there are, and rows that one of them gave up (a file that is gone).

## Ids that return

Gateways that restart count from the beginning, so an id alone does not identify a call.

| format | a row with a known id is the same call if |
|---|---|
| most | it overlaps that call's time, or begins less than 10 s after it |
| `asterisk`, its own unique ids | it lies within a day of it: these ids say when they were made |
| `kamailio-acc` | it comes less than 10 s after the BYE, or after a final failure that no proxy tries again (240 s after a challenge, a redirection, a 408 or a 5xx), and not with another To tag after an answer |

Otherwise it is another call.

## Rows that are refused

| name | what is wrong |
|---|---|
| `cdr_negative` | a duration below zero |
| `cdr_talk`, `cdr_pdd` | a talk time or a delay longer than the call, by more than rounding |

Each is reported with its file and line, and changes no figure. An unknown Asterisk disposition is a warning: the call counts, as answered if it
has an answer or a talk time, otherwise as failed (network).

## Costs

The cost of a CDR is taken from the customer's credit, once per call, and is in the journal before the feed is told (`--debit off` of `busyhourd`:
costs are counted only). A cost that would take the credit out of the range of amounts is refused: the error is `credit_overflow`. CGRateS's -1
means no cost; other costs below zero are credit notes. Money is never guessed: see [Money](money.md).

"""####),
        DocsPage(topic: "your-cdrs", text: ####"""
# Your own CDRs

`busyhour feed cdr` reads call detail records (CDRs) and counts each call once. This page explains how to make it read yours.

```
busyhour feed cdr --format asterisk Master.csv
busyhour feed cdr --format csv calls.csv
busyhour feed cdr --format csv --map id=call_ref,account=trunk,setup_at=Start,talk=Duration export.csv
```

The formats of FreeSWITCH, Asterisk, CGRateS, Kamailio and OpenSIPS need no description ([CDR formats](cdr-formats.md)). Everything else is
`csv`: text with a row for each call, its fields separated by commas, semicolons, tabs or bars. Begin with `--dry-run`: it shows the first rows as
they are understood, says which column is what, counts what would be refused and why, and sends nothing. It needs no server.

```file:customers.csv
name,currency,credit,auth
Acme,EUR,100,account:7
Beta,USD,50,account:8
```

```file:export.csv
call_ref;trunk;Start;Duration (min);Result;Price;currency;Note
a1;7;2026-11-20 10:00:00;1.5;answered;0.30;EUR;
a2;7;2026/11/20 10:05:00;0;No Answer;0;EUR;
b1;8;20.11.2026 10:06:00;0.5;ANSWERED;0.10;USD;
b2;8;20.11.2026 10:07:00;0.5;ANSWERED;0.10;EUR;wrong list
```

```console
$ busyhour feed cdr --format csv --map "id=call_ref,account=trunk,setup_at=Start,talk=Duration (min),disposition=Result,cost=Price" --dry-run export.csv
column  name            field
     1  call_ref        id
     2  trunk           account
     3  Start           setup_at
     4  Duration (min)  talk (min)
     5  Result          disposition
     6  Price           cost
     7  currency        currency
     8  Note            -

line  id  account  ip  setup_at              ring  answer  end  talk  outcome      cost  currency
   2  a1  7        -   2026-11-20T10:00:00Z     -       0   90    90  answered     0.30  EUR
   3  a2  7        -   2026-11-20T10:05:00Z     -       -    0     -  480 q850:19  0.00  EUR
   4  b1  8        -   2026-11-20T10:06:00Z     -       0   30    30  answered     0.10  USD
   5  b2  8        -   2026-11-20T10:07:00Z     -       0   30    30  answered     0.10  EUR

what        count
read            4
calls           4
duplicates      0
not_calls       0
errors          0
nothing was sent
```

Then feed it. The last row is in another currency than its customer's, and is refused:

```console
$ busyhour import customers.csv
created 2 customers; `busyhour customer undo --change 1` takes it back
$ busyhour feed cdr --format csv --map "id=call_ref,account=trunk,setup_at=Start,talk=Duration (min),disposition=Result,cost=Price" --save-template carrier-x export.csv
export.csv:5: other_currency: the row is in EUR, and customer 2 "Beta" is billed in USD; give the cost in the customer's currency, or the row to the customer that it is of
what              count
read                  4
calls                 3
duplicates            0
not_calls             0
errors                1
  other_currency      1
late                  0
future                0
unattributed          0
credit_notes          0
busyhour: 1 row was refused (see above); mend it and feed the file again: what is counted is not counted twice
$ busyhour board --window all --sort name --columns name,attempts,answered,asr,talk,cost,credit
window all  1970-01-01 00:00:00 to 2026-11-20 10:06:30Z
2 customers matched
name       attempts  answered  asr %  talk s  cost  credit
Acme              2         1   50.0    90.0  0.30   99.70
Beta              1         1  100.0    30.0  0.10   49.90
---------  --------  --------  -----  ------  ----  ------
total             3         2   66.7   120.0
total EUR                                     0.30   99.70
total USD                                     0.10   49.90
$ busyhour feed cdr --template carrier-x --output json export.csv
export.csv:5: other_currency: the row is in EUR, and customer 2 "Beta" is billed in USD; give the cost in the customer's currency, or the row to the customer that it is of
{"read":4,"calls":0,"duplicates":3,"not_calls":0,"errors":1,"late":0,"future":0,"unattributed":0,"credit_notes":0,"joined":0,"rerated":0,"costs":0,"errors_by_name":{"other_currency":1},"not_calls_by_name":{},"warnings_by_name":{}}
busyhour: 1 row was refused (see above); mend it and feed the file again: what is counted is not counted twice
```

`--dry-run` shows of each call the set-up (UTC), ringing, answer and end (seconds after the set-up), talk, outcome and cost.
`--output json` gives the same to programs.

## Products

| `--format` | files | the account is |
|---|---|---|
| `cucm` | Cisco Unified Communications Manager, CDR flat files with their two header lines | `origDeviceName` |
| `oracle-sbc` | Oracle (Acme Packet) SBC, local CDR files: Stop records, by position | the ingress realm |
| `yeti` | Yeti, exports of the table `cdr`: a row for every routing attempt, of one `local_tag` | `customer_acc_id` |
| `vos3000` | VOS3000 and VOS5000, exports of the table `e_cdr` | `customeraccount` |
| `sippy` | Sippy, exports of CDRs | `i_account` |

They are `csv` with a map and a filter, made from public documents; columns that an export lacks are skipped. If yours differ, say so:
`--format yeti --map id=uuid,...` replaces the map. Check with `--dry-run` first.

## Fields

| field | what it is |
|---|---|
| `id` | identifies the call. Rows without an id are never taken for repetitions |
| `account`, `ip`, `sip_user` | who sent the call; whatever the row has. `ip` may be followed by a port |
| `setup_at` | when the call began; required |
| `ring_at`, `answer_at`, `end_at` | first ringing, answer, end; empty or 0 if it did not happen |
| `duration` | from set-up to end |
| `talk` | from answer to end. One of `duration`, `talk` and `end_at` is required |
| `pdd` | from set-up to the first ringing |
| `code` | the final SIP code: `486` or `486 Busy Here` |
| `q850` | the Q.850 cause |
| `cause` | a cause by its number, by FreeSWITCH's name, or by a word as in `disposition` |
| `disposition` | a word for the outcome: `ANSWERED`, `No Answer`, `busy`, `failed`, `cancelled`, ... |
| `cost` | what the customer pays, in its currency |
| `direction` | as the customer sees it: `inbound` (it is called) or `outbound`; `outgoing` is a leg that the switch dialled itself, and no call |
| `call_id`, `calling`, `called`, `destination`, `reason` | what finds the call on the switch (`busyhour calls --ended`). `call_id` is the id if there is no other |
| `port`, `called`, `from_domain`, `uri_domain`, `contact_domain`, `tgrp`, `pai`, `header_NAME` | what entries with several conditions check: see [whose call](whose-call.md) |

A call is answered if its disposition says so; without one, if it has an answer time, a talk time above zero or a code 2xx. A `code` or `q850`
is more exact than a word.

## Which column is which field

Columns with the names above need no map; many names that products use are known, too (`start_epoch`, `billsec`, `accountcode`, ...).
For the rest there is `--map`:

```
busyhour feed cdr --format csv --map "id=Call Ref,account=Trunk,setup_at=Start,talk=Duration (min),cost=7" export.csv
```

On the left is the field, on the right the column: its header, or its number from 1. Case, blanks, hyphens and underscores of a header do not
matter; a header with a comma is put in double quotes. Columns that the map does not name keep their own name, unless the map gives that field
to another column. A map of numbers alone needs no header line, and rows may then have any number of fields.

`--columns a,b,...` names all fields of a row in order, for files without a header line; `skip`, or any word that is no field, skips one.

A map that names a column that the file lacks, or has twice, is an error (`cdr_map`) that lists the file's columns; nothing of the file is read.

**Templates** store all of this under a name, on the server, for all users:

```
busyhour feed cdr --format csv --map id=call_ref,account=trunk,setup_at=Start,talk=Duration --save-template carrier-x export.csv
busyhour feed cdr --template carrier-x next.csv.gz
busyhour template list
```

Options override the template. Saving one again gives it the next version; only its owner changes and deletes it. A template of CDRs cannot be
used by `import`, nor the other way round.

Which rows are calls, how times and words are read, and what happens with packed files and directories is in
[Rows, times and files](cdr-rows.md); currencies, credit notes and cost limits are in [Money](money.md).

"""####),
        DocsPage(topic: "cdr-examples", text: ####"""
# CDR files: worked examples

Each example is a file, a command with `--dry-run`, and what it shows. The options are explained in [your CDRs](your-cdrs.md) and
[CDR rows](cdr-rows.md).

## What a row says of its customer

Where a row has them, the preview shows its currency, its Call-ID beside its id, its direction, the numbers, and what entries of several
conditions look at:

```file:tenants.csv
id,call_id,account,ip,setup_at,talk,cost,currency,called,from_domain,header_X-Customer
t1,8f2e@pbx.acme.example,7,203.0.113.7:5074,2026-11-20 10:20:00,60,0.20,EUR,9911#442079460101,sip:anna@acme.example,gold
t2,91aa@pbx.acme.example,7,203.0.113.7:5074,2026-11-20 10:21:00,30,0.10,EUR,9911#442079460102,acme.example,
```

```console
$ busyhour feed cdr --format csv --dry-run tenants.csv
column  name               field
     1  id                 id
     2  call_id            call_id
     3  account            account
     4  ip                 ip
     5  setup_at           setup_at
     6  talk               talk
     7  cost               cost
     8  currency           currency
     9  called             called
    10  from_domain        from_domain
    11  header_X-Customer  header_x-customer

line  id  call_id                account  ip           port  setup_at              ring  answer  end  talk  outcome   cost  currency  called             from_domain   header_x-customer
   2  t1  8f2e@pbx.acme.example  7        203.0.113.7  5074  2026-11-20T10:20:00Z     -       0   60    60  answered  0.20  EUR       9911#442079460101  acme.example  gold
   3  t2  91aa@pbx.acme.example  7        203.0.113.7  5074  2026-11-20T10:21:00Z     -       0   30    30  answered  0.10  EUR       9911#442079460102  acme.example  -

what        count
read            2
calls           2
duplicates      0
not_calls       0
errors          0
nothing was sent
```

## Other names of columns, minutes

```file:minutes.csv
Call Ref,Trunk,Start,Duration (min),Result,Currency,Price
m1,7,2026-11-20 11:00:00,1.5,200,EUR,0.20
m2,8,2026-11-20 11:01:00,0,486,USD,0
```

```console
$ busyhour feed cdr --format csv --map "id=Call Ref,account=Trunk,setup_at=Start,talk=Duration (min),code=Result,cost=7" --dry-run minutes.csv | sed -n '/^line/,/^$/p'
line  id  account  ip  setup_at              ring  answer  end  talk  outcome   cost  currency
   2  m1  7        -   2026-11-20T11:00:00Z     -       0   90    90  answered  0.20  EUR
   3  m2  8        -   2026-11-20T11:01:00Z     -       -    0     -  486       0.00  USD

```

## No header line

A map of numbers alone needs none, and rows may have any number of fields:

```file:numbers.txt
m3;7;1795172520;30
m4;8;1795172580;0;and more
```

```console
$ busyhour feed cdr --format csv --map id=1,account=2,setup_at=3,talk=4 --dry-run numbers.txt | sed -n '/^line/,/^$/p'
line  id  account  ip  setup_at              ring  answer  end  talk  outcome   cost
   1  m3  7        -   2026-11-20T11:02:00Z     -       0   30    30  answered     -
   2  m4  8        -   2026-11-20T11:03:00Z     -       -    0     -  failed       -

```

## Several rows of one call

The answered row counts; `--keep first` and `--keep last` choose otherwise:

```file:attempts.csv
id,account,setup_at,end_at,talk,code,cost
r1,7,1795176000,1795176004,0,503,0
r1,7,1795176004,1795176040,30,200,0.25
r2,8,1795176060,1795176070,0,486,0
```

```console
$ busyhour feed cdr --format csv --dry-run attempts.csv | sed -n '/^line/,/^$/p'
line  id  account  ip  setup_at              ring  answer  end  talk  outcome   cost
   2  r1  7        -   2026-11-20T12:00:04Z     -       6   36    30  answered  0.25
   4  r2  8        -   2026-11-20T12:01:00Z     -       -   10     -  486       0.00

$ busyhour feed cdr --format csv --keep first --dry-run attempts.csv | sed -n '/^line/,/^$/p'
line  id  account  ip  setup_at              ring  answer  end  talk  outcome  cost
   2  r1  7        -   2026-11-20T12:00:00Z     -       -    4     -  503      0.00
   4  r2  8        -   2026-11-20T12:01:00Z     -       -   10     -  486      0.00

```

## Spellings of times

```file:times.csv
id,account,setup_at,talk
t1,7,2026-11-20 13:00:00,90
t2,7,20.11.2026 13:01:00,01:30
t3,7,2026-11-20T13:02:00Z,1m30s
t4,7,*13:03:00.250 UTC Nov 20 2026,90.5
t5,7,01/02/2026 13:00:00,90
```

```console
$ busyhour feed cdr --format csv --time-zone Europe/Berlin --dry-run times.csv | sed -n '/^line/,/^$/p'
times.csv:6: cdr_time: not a time: setup_at is "01/02/2026 13:00:00"; write epoch seconds, RFC 3339, YYYY-MM-DD hh:mm:ss or DD.MM.YYYY hh:mm:ss; of 01/02/2026 the month is unknown
line  id  account  ip  setup_at                  ring  answer   end  talk  outcome   cost
   2  t1  7        -   2026-11-20T12:00:00Z         -       0    90    90  answered     -
   3  t2  7        -   2026-11-20T12:01:00Z         -       0    90    90  answered     -
   4  t3  7        -   2026-11-20T13:02:00Z         -       0    90    90  answered     -
   5  t4  7        -   2026-11-20T13:03:00.250Z     -       0  90.5  90.5  answered     -

```

## Words for outcomes

```file:words.csv
id,account,setup_at,talk,disposition
w1,7,1795183200,0,Gone
w2,7,1795183260,0,"No, thanks"
w3,7,1795183320,60,Ended
w4,7,1795183380,0,LOST
```

```console
$ busyhour feed cdr --format csv --dispositions 'Gone=404,"No, thanks"=603,Ended=answered,Lost=q850:38' --dry-run words.csv | sed -n '/^line/,/^$/p'
line  id  account  ip  setup_at              ring  answer  end  talk  outcome      cost
   2  w1  7        -   2026-11-20T14:00:00Z     -       -    0     -  404             -
   3  w2  7        -   2026-11-20T14:01:00Z     -       -    0     -  603             -
   4  w3  7        -   2026-11-20T14:02:00Z     -       0   60    60  answered        -
   5  w4  7        -   2026-11-20T14:03:00Z     -       -    0     -  503 q850:38     -

```

"""####),
        DocsPage(topic: "cdr-rows", text: ####"""
# Rows, times and files of CDRs

How `busyhour feed cdr` decides which rows are calls, how it reads times and words, and what it does with files. What the columns mean is in
[Your own CDRs](your-cdrs.md).

## Which rows are calls

Some systems write a row when a call begins, and others one for each leg. `--filter` says which rows are calls, by the file's own columns:

```file:records.csv
Start,203.0.113.7,a1,7,2026-11-20 10:00:00,,,,
Stop,203.0.113.7,a1,7,2026-11-20 10:00:00,2026-11-20 10:00:05,2026-11-20 10:01:05,65,16
Stop,203.0.113.7,a2,7,2026-11-20 10:02:00,,2026-11-20 10:02:09,9,17
```

```console
$ busyhour feed cdr --format csv --columns kind,ip,id,account,start_time,answer_time,end_time,duration,cause --filter "kind = 'Stop'" --dry-run records.csv | tail -12
line  id  account  ip           setup_at              ring  answer  end  talk  outcome           cost
   2  a1  7        203.0.113.7  2026-11-20T10:00:00Z     -       5   65    60  answered q850:16     -
   3  a2  7        203.0.113.7  2026-11-20T10:02:00Z     -       -    9     -  486 q850:17          -

what        count
read            3
calls           2
duplicates      0
not_calls       1
  filtered      1
errors          0
nothing was sent
```

It knows `=`, `!=`, `<`, `<=`, `>`, `>=`, `in (...)`, `between`, `like`, `is null`, `and`, `or`, `not` and parentheses. Text is put in single
quotes and compared regardless of case; bare numbers are compared as numbers; `true` and `false` also match `t`, `1`, `yes` and `f`, `0`, `no`.
A column with blanks in its name is put in double quotes, and `#3` is the third column. Rows that are left out are counted as `not_calls`, by
name `filtered`.

**Several rows with one id**, one for each carrier that was tried, are one call as long as their times overlap or less than ten seconds
lie between them. `--keep` says which of them is the call: `answered` (the default: the last one that was answered or, if none was, the last),
`last` or `first`. That row provides everything, including the cost. So an export with a row for each routing attempt gives the same
figures as one with the last attempts only. Rows of one call may be up to 8,192 calls apart.

Titles above the header line, a second header line, a line of types, header lines in the middle, rules, empty rows and totals are not rows: they
are counted as `not_calls`, by name `heading`, `empty` or `total`.

## How things are written

**Times**: epoch seconds, milliseconds, microseconds or nanoseconds (told apart by their size), with or without decimals;
`2026-11-20 10:00:00`, `2026/11/20 10:00:00`, `20.11.2026 10:00:00`, `20261120100000`, with a fraction, `T`, `Z` or an offset such as `+03:00`;
and Cisco's `*10:00:00.250 UTC Nov 20 2026`. `01/02/2026` is ambiguous and refused. A time without an offset is in `--time-zone` (UTC by
default).

**Durations**: seconds as `90` or `90.5`, `01:30`, `00:01:30`, `1m30s`. Bare numbers are in the unit that the column's name ends with
(`Duration (min)`, `talk_ms`), else in that of `--durations s|ms|min`, else in seconds. `talk_ms=5` in a map says it as well.

**Words for the outcome** are known regardless of case, blanks and hyphens. For words of your own, give a table of SIP codes, Q.850 causes or
known words:

```file:calls.csv
id,account,setup_at,talk,disposition
b1,7,2026-11-20 10:03:00,0,"No, thanks"
b2,7,2026-11-20 10:04:00,30,Ended
```

```console
$ busyhour feed cdr --format csv --dispositions "Gone=404,\"No, thanks\"=603,Ended=answered,Lost=q850:38" --dry-run calls.csv | grep -A2 ^line
line  id  account  ip  setup_at              ring  answer  end  talk  outcome   cost
   2  b1  7        -   2026-11-20T10:03:00Z     -       -    0     -  603          -
   3  b2  7        -   2026-11-20T10:04:00Z     -       0   30    30  answered     -
```

An unknown word is a warning (`cdr_disposition`), and the call counts by what else the row says.

## Files

**Packed files** are read directly. Whether a file is packed with gzip or zstd is seen from its first bytes, not from its name. A file that is cut
short is read as far as it goes: an error (`cdr_cut_file`) says after how many rows it ends. Fetch it again and feed it again: what is counted
is not counted twice. (If the cut separates the rows of one call, the rows before it count.)

**A directory** stands for the finished files in it, in the order of their names (`cdr-9.csv` before `cdr-10.csv`), each of them once:

```sh
mkdir spool && cp calls.csv spool/cdr-1.csv
busyhour feed cdr --format csv spool                 # with --follow: and those that arrive later
busyhour feed cdr --format csv spool --again
```

Names that begin with a point or end with `.part`, `.tmp`, `.filepart`, `.partial`, `~` and the like are left alone. With `--follow`, files that
arrive later are fed when they have not changed for a second, however old their calls are. `~/.local/state/busyhour` records what was fed, by
contents: a file that was touched, moved or copied is not fed again, and one that was rewritten under its name is, whatever its length and
header. `--again` feeds all of them once more; calls with ids are still counted once.

**A file that grows** is followed with `--follow FILE`, across rotation. A file that was rewritten in place is recognised by the bytes before
the last place that was read.

**The hour that occurs twice** when daylight saving ends: a local time in it is resolved by the row's own durations, by the order of the rows, and
by the order of the files. A file whose calls begin ten minutes or more before those of the previous file, in the same directory, belongs to
the second pass, even if another run feeds it. A file that is fed again is read as it was before. Files that arrive in another order than they
were written can be read wrong by an hour: have your switch write UTC or an offset.

"""####),
        DocsPage(topic: "money", text: ####"""
# Money in CDRs

An amount is in the customer's currency and booked once, or it is refused by name. It is never converted and never guessed, and sums of different
currencies are never added.

## Which currency

A file that says which currency its costs are in has a column `currency` (or `currency_code` or `cost_currency`; in a FreeSWITCH document, the
channel variable `currency`) with an ISO 4217 code in upper or lower case. A file that does not is in each customer's own currency, unless you
say otherwise:

```file:calls.csv
id,account,setup_at,talk,cost
m1,7,2026-11-20 10:00:00,60,0.30
m2,7,2026-11-20 10:05:00,0,0
```

<!-- run: busyhour customer add Acme --currency EUR --credit 100 --account 7 -->
```sh
busyhour feed cdr --format csv --currency EUR calls.csv
```

A row in another currency than its customer's is refused as a whole, whatever it costs. The error names the place, both currencies and the customer:

```
calls.csv:3: other_currency: the row is in INR, and customer 1 "Acme" is billed in EUR; give the cost in the customer's currency, or the row to the customer that it is of
```

A refused row changes no figure and is not remembered: correct it and feed the file again, and what is counted already is not counted twice.
`feed cdr` ends with exit code 1 if rows were refused.

## Credit notes

A row with a cost below zero is a credit note: the amount is added to the customer's credit; the row is no call and enters no figure of calls. It
needs an id (`cdr_credit` if the file has no column for it, `credit_without_id` from a program), because it is booked once however often it
arrives. The id may be that of the call the note is for; two notes are one if id and set-up time are equal.

## Limits

`busyhourd --cost-limit 500` refuses calls that cost more than 500, in any currency; `--cost-limit "VND 5000000"` sets the limit of one currency.
In the file of `--config`:

```
cost-limit = 500
cost-limit = VND 5000000
```

`busyhour feed cdr --cost-limit 50` sets a lower limit for one feed. This catches a column of millionths that is mistaken for euros before it is
booked. Without a limit, a call may cost up to 1,000,000,000. The limit applies to calls; a credit note may be up to that amount.

## What was booked

`busyhour status` shows, by currency, and `busyhour customer show`, for one customer: `booked` (what calls cost now), credit notes, `corrected`
(what rows that repeat a call with another cost have changed; it is included in `booked`), and what was refused, in the currency that the rows
named. `booked` is shown even if `--debit off` takes nothing from credits. A row that is refused twice counts twice there. The sums are saved
with the statistics and survive a restart.

```console
$ busyhour customer show Acme | grep booked
booked              0.30 EUR since 2026-11-26 09:00:00Z
```

| name | what is wrong | what to do |
|---|---|---|
| `cdr_currency` | the column has no ISO 4217 currency (`€`, `EURO`) | write `EUR` |
| `cdr_currencies` | rows of one call in different currencies | give them in one |
| `other_currency` | not the customer's currency | give the cost in the customer's currency, or the row to its customer |
| `cost_limit` | a cost above the limit | check the column and its unit, or raise the limit |
| `cdr_credit`, `credit_without_id` | a credit note without an id | give it one |
| `credit_overflow` | the credit would leave the range of amounts | check the credit and the column |

"""####),
        DocsPage(topic: "rerating", text: ####"""
# Costs told again, and costs alone

## Rerated rows

A row of a known call (the same id, or the Call-ID of a call from another source) with another cost is not a new call: the difference is booked,
once. It changes the credit, the cost in the windows, the call's cost in `calls --ended` and the sum `corrected` of [money](money.md).
`feed cdr` and `status` count such rows (`rerated`), and the customer's history has a line for each batch of them:

<!-- server: --clock events -->
```file:calls.csv
id,account,call_id,setup_at,answer_at,end_at,cost
1,acme,f81d4fae@198.51.100.7,2026-11-20T10:00:00Z,2026-11-20T10:00:05Z,2026-11-20T10:01:05Z,5.00
2,acme,0c17e1b2@198.51.100.7,2026-11-20T10:00:10Z,2026-11-20T10:00:12Z,2026-11-20T10:02:12Z,1.00
```

```file:rerated.csv
id,account,call_id,setup_at,answer_at,end_at,cost
1,acme,f81d4fae@198.51.100.7,2026-11-20T10:00:00Z,2026-11-20T10:00:05Z,2026-11-20T10:01:05Z,4.20
2,acme,0c17e1b2@198.51.100.7,2026-11-20T10:00:10Z,2026-11-20T10:00:12Z,2026-11-20T10:02:12Z,1.00
```

```console
$ busyhour customer add Acme --currency EUR --credit 100 --account acme
1
$ busyhour --format json feed cdr --format csv calls.csv
{"read":2,"calls":2,"duplicates":0,"not_calls":0,"errors":0,"late":0,"future":0,"unattributed":0,"credit_notes":0,"joined":0,"rerated":0,"costs":0,"errors_by_name":{},"not_calls_by_name":{},"warnings_by_name":{}}
$ busyhour --format json feed cdr --format csv rerated.csv
{"read":2,"calls":0,"duplicates":1,"not_calls":0,"errors":0,"late":0,"future":0,"unattributed":0,"credit_notes":0,"joined":0,"rerated":1,"costs":0,"errors_by_name":{},"not_calls_by_name":{},"warnings_by_name":{}}
$ busyhour board --window all --columns name,attempts,talk,cost,credit
window all  1970-01-01 00:00:00 to 2026-11-20 10:02:12Z
1 customer matched
name       attempts  talk s  cost  credit
Acme              2   180.0  5.20   94.80
---------  --------  ------  ----  ------
total EUR         2   180.0  5.20   94.80
```

`busyhour customer history Acme` then says `cost of call f81d4fae@198.51.100.7 rerated: 5.00 -> 4.20, credit +0.80`, or
`cost of 17 calls rerated: ...` if a batch had several.

- The last amount wins, so feed files in the order in which they were written: an older file fed again restores its amounts.
- A row without a cost changes nothing. A cost of 0 takes back what the call cost, unless the row is of an attempt that failed.
- A window that the call has left since then holds nothing of it and gets nothing; `all` is always corrected.
- A row that gives a known call its first cost is `joined`, not corrected.
- Rerating cannot be undone as an edit can: feed the rows with their former costs.
- All this holds as long as the call is kept (`--keep-calls`). Afterwards the row is a repetition; send the difference as a
  [credit note](money.md#credit-notes).
- With `--debit off`, credits and history stay as they are.

## Costs alone

If the calls come by HEP and a billing system knows their costs, `feed cdr --costs-only` takes the money from the rows and nothing else: no attempt,
no duration, no channel, and it ends no live call. The rows need a time, what says whose the call was, and its cost.

| the call | what happens to the row |
|---|---|
| is known, from HEP or another feed | the call has that cost (`joined`); if it had another, the difference is booked (`rerated`) |
| is live, or not known | the cost is booked to the customer (`costs`) in the second of the row's end. The call takes it over when it ends or is told later |
| has that cost already | nothing: the row is a repetition |

A call is found by the row's id or by its Call-ID, for a billing system may have ids of its own. A row without a cost is not a call
(`not_calls`). Costs that wait for their call are kept among the finished calls (`--keep-calls`), which do not show them.

"""####),
        DocsPage(topic: "programs", text: ####"""
# Programs

`proto/busyhour.proto` and `proto/protocol.md` are the whole interface: frames with a 12-byte header and a protobuf message, with many requests
in flight.

A client in any language is the generated messages and twenty lines of framing. `tools/board.py 127.0.0.1:7878` is one in Python, in sixty
lines; it needs the packages `protobuf-compiler` and `python3-protobuf`. `proto/golden` has frames to test a client with. In Swift, depend on
the product `Client`.

## Changes

A request that changes customers carries a key of 16 random bytes. If it is sent again, it gets the first result, even after a crash. The same
key with different content is refused (`CONFLICT`). The server remembers the newest 65,536 keys.

## Calls

A program that sends calls should number them, so that a crash on either side loses nothing and counts nothing twice:

1. Choose 16 bytes once, as the producer's identity. Send them with `hello`, and with an epoch that grows each time the program starts.
2. Send batches with a `ProducerBatch`: the range of numbers, and each row's offset in it.
3. Keep every row whose number is above `safe`, which comes with every answer, and send it again after a lost connection.

| the server answers | because |
|---|---|
| counts the new rows only | some numbers were counted before |
| `GAP`, with the number it expects | a number is missing; a program that has lost rows can give their numbers up |
| `FENCED` | a newer run of the same producer has said `hello` |

A producer that stays silent for 24 hours is forgotten. At most 4,096 are known at a time.

## Poll figures

The method `metrics` returns one customer's counters. It is made for programs that ask thousands of times per second; see
[Benchmarks](benchmarks.md).

"""####),
        DocsPage(topic: "mutants", text: ####"""
# Faults that the tests notice

`tools/mutants` puts plausible faults into the code, one at a time, and tells which of them the tests notice: a bound that is off by one, a
field that is not restored, a counter that counts twice, an effect before its check. The faults stand in `Tests/Mutants/*.faults`, each with
the file it changes, what it changes there, and the tests that ought to notice.

They are switches in one debug build of a copy of the sources; the sources themselves and releases have none. A run needs twenty minutes to
an hour, most of them for the build:

    tools/check --mutants            builds, runs every fault, and fails if one survives without a reason
    tools/mutants 'hep-.*'           some of them, with the build that is there
    tools/mutants --write            writes the score below

<!-- score -->
| module | faults | found | survive, with a reason |
|---|---|---|---|
| Board | 158 | 158 | 0 |
| CallEvents | 35 | 35 | 0 |
| Client | 8 | 8 | 0 |
| Columnar | 16 | 16 | 0 |
| Feeds | 84 | 84 | 0 |
| Server | 39 | 38 | 1 |
| Store | 65 | 65 | 0 |
| Terminal | 8 | 8 | 0 |
| Wire | 8 | 8 | 0 |
| busyhour | 20 | 20 | 0 |
| busyhourd | 1 | 1 | 0 |
| all | 442 | 441 | 1 |

99.8 % are found.

- `server-import-errors-of-last-part`: an import is done if only its last part has no error. The engine prepares nothing of an import with
  errors either, so nothing is done; only where customers changed meanwhile is another refusal told.
<!-- end of score -->

## A new fault

Add a paragraph to the list of its part; the head of `tools/mutants` describes its lines. `tools/mutants --check` says whether its text occurs
once. If it survives, look for what the tests never reach: a table of truth that is not enumerated, the other side of a comparison, a
generator that never takes the special path, a failure after the effect. Then mend that kind of test, not the one fault. If no test needs to
notice it, a line `argued` says why.

"""####),
        DocsPage(topic: "benchmarks", text: ####"""
# Benchmarks

Every table here is made by a script in `Benchmarks/`, on one machine in one run. Run them on yours: figures of different machines or
different hours do not compare.

| script | what it measures |
|---|---|
| `Benchmarks/run` | memory, ingest and reads; writes the first table |
| `Benchmarks/compare --write` | the board beside DuckDB, Polars, ClickHouse and SQLite; answers are checked for equality |
| `Benchmarks/queries --write` | the board alone; `--against ANOTHER/busyhourd` compares two builds in one run |
| `Benchmarks/beside` | reads beside large boards and traffic |
| `Benchmarks/backoffice` | import, export and edits of a million customers |
| `Benchmarks/durable`, `Benchmarks/compare-snapshot` | changes, snapshots and restarts |
| `Benchmarks/warnings` | false alarms and detected drops; see [warning quality](warning-quality.md) |

## Ingest and reads

Figures in process are medians of three runs, each in a new engine whose memory the machine has to find first.

<!-- numbers -->
| work | reached | to reach |
|---|---|---|
| memory of an idle customer with its name | 86 B | 250 B |
| memory of a customer active in all windows | 1113 B | 2 KB |
| finished calls in process, 100,000 customers, all windows, one core | 18.80 M/s | 50 M/s |
| 15-minute board by country, in process | 0.10 ms | 0.3 ms |
| live events in process | 6.37 M/s | 15 M/s |
| finished calls over RPC, batches of 4,096 | 6.12 M/s | 12 M/s |
| live events over RPC, batches of 4,096 | 4.15 M/s | 5 M/s |
| metrics of one customer, 16 connections, 64 in flight | 5.5 M/s | 3 M/s |
| metrics of one customer, 1 connection, 1 in flight | 13 k/s | as Redis GET |
| stored fields of one customer, 16 connections, 64 in flight | 167 k/s |  |

Machine: 2 x AMD EPYC, 23 GiB, Swift version 6.3.1. Made by `Benchmarks/run`.
<!-- /numbers -->

With 100,000 customers that have an address each, a HEP packet takes 523 ns to parse and 205 ns to count; with a tech prefix each at one of a
hundred addresses (entries of two or three conditions) 605 and 314 ns, 1.26 times as much
(`swift run -c release --package-path Benchmarks Datagrams --parse --entries several`, and `plain`).

## The board beside other engines

Three columns are BusyHour's: a query of a board on which nothing has changed, answered from cached sums; the very same query again, whose
answer is cached; and a query after calls have touched every chunk of customers, so that what is cached has to be corrected.

<!-- compare -->
| ms | busyhour | the same again | after calls | duckdb | polars | chdb | sqlite | best peer / busyhour | / after calls |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
| Q1 totals | 0.32 | 0.16 | 0.98 | 5.29 | 2.21 | 5.20 | 211.94 | 6.9 | 2.2 |
| Q2 by country | 0.43 | 0.21 | 1.31 | 15.73 | 12.23 | 10.10 | 656.91 | 23.4 | 7.7 |
| Q3 pivot country x status | 1.00 | 0.38 | 2.22 | 18.46 | 18.28 | 30.23 | 974.47 | 18.3 | 8.2 |
| Q4 filter, sort, first 50 | 0.65 | 0.22 | 1.88 | 6.99 | 5.15 | 30.43 | 65.31 | 7.9 | 2.7 |
| Q5 search in names | 0.34 | 0.19 | 0.67 | 2.08 | 21.47 | 1.99 | 62.14 | 5.9 | 3.0 |
| Q6 ASR < 40 by currency | 0.41 | 0.25 | 1.30 | 10.90 | 5.21 | 26.59 | 96.45 | 12.6 | 4.0 |
| Q7 sort by ASR, page at 1000 | 0.69 | 0.21 | 1.73 | 25.86 | 10.21 | 19.15 | 120.65 | 14.9 | 5.9 |
| Q8 three levels | 1.59 | 0.61 | 4.21 | 100.03 | 33.03 | 50.66 | 1303.82 | 20.8 | 7.8 |

1,000,000 customers, one thread, medians of 9 runs. BusyHour over RPC (the answer encoded and received); DuckDB 2.0.0, Polars 2.1.0, chDB
4.4.0 (ClickHouse), SQLite in process. Answers equal; geometric means of the ratios 12.4 and 4.6. `busyhour`: nothing has changed since the
previous query, which asked for another number of rows, so the sums were cached and the answer was not. `the same again`: the answer was
cached. `after calls`: one call has ended and one has begun in every chunk of 8,192 customers. Machine: 2 x AMD EPYC. Made by
`Benchmarks/compare`.
<!-- /compare -->

## The board alone

<!-- queries -->
| ms | nothing has changed | the same again | after calls |
|---|--:|--:|--:|
| Q1 totals | 0.19 | 0.12 | 0.23 |
| Q2 by country | 0.29 | 0.17 | 0.45 |
| Q3 pivot country x status | 0.72 | 0.32 | 1.09 |
| Q4 filter, sort, first 50 | 0.41 | 0.21 | 0.45 |
| Q5 search in names | 0.21 | 0.15 | 0.17 |
| Q6 ASR < 40 by currency | 0.28 | 0.21 | 0.34 |
| Q7 sort by ASR, page at 1000 | 0.54 | 0.17 | 0.60 |
| Q8 three levels | 1.14 | 0.54 | 1.93 |

100,000 customers, 1,588,537 calls, over RPC (the answer encoded and received), medians of 41 runs. Machine: 2 x AMD EPYC. Made by
`Benchmarks/queries`.
<!-- /queries -->

The times after calls include taking these calls into the windows. Changes by calls are followed row by row. If more than some two hundred calls
per chunk of 8,192 customers have changed a board since it was last asked for, or its customers were edited, the columns are read again; that is
bound by memory, and one core reads some 15 GB/s. `swift run -c release --package-path Benchmarks Queries` shows queries in process with
nothing cached at all, in the column `cold`.

Queries of many customers that are not cached run on a thread of their own. Beside a pivot of a million customers in a loop and 50,000 calls per
second, 99 of 100 reads of one customer are answered within 0.9 ms (its answer is computed 4,000 times a second), and every call is counted
(`Benchmarks/beside --rate 50000`). On the engine's own loop it was 2.7 ms.

## The back office at a million customers

<!-- back office numbers -->
| work | reached | to reach |
|---|---|---|
| import of 1,000,000 new customers | 3.61 s | 5 s |
| the same file again, which changes nothing | 2.16 s | 5 s |
| export of 1,000,000 customers | 1.25 s | 5 s |
| edit of 1,000,000 customers by an expression, until it is on the disk; best of 3 | 0.27 s | 0.5 s |
| warnings of 100000 customers looked at each second, 5 % of them with new calls; 29306 are raised (at most 1.7 ms at a time) | 1.5 % of a core | 5 % of a core |

Nine columns a row, 81 MB; server and command line on one machine: 2 x AMD EPYC. Made by `Benchmarks/backoffice`.
<!-- /back office numbers -->

The import of new customers is bound by the server's one loop (checks, then the commit); on a machine with other work it took up to 5.2 s.

## Durability

`Benchmarks/durable` makes the first rows; `Benchmarks/compare-snapshot` (1,000,000 customers with 13 columns) makes the last three.

| work | reached | to reach |
|---|---|---|
| one client's change, p50 (a sync of the disk alone: 0.096 ms) | 0.214 ms, x 2.23 | x 2 |
| 1000000 customers saved beside reads, median of 6 | 0.26 s | 0.3 s |
| longest read meanwhile (without: 2.93 ms) | 11.66 ms | 1 ms |
| read p99 meanwhile (without: 0.080 ms) | 0.035 ms | |
| read p99.9 meanwhile (without: 0.575 ms) | 0.554 ms | |
| reads above 1 ms meanwhile (without: 3 of 17078) | 9 of 85130 | 0 |
| one client's change, p99, beside snapshots (without: 0.781 ms) | 0.913 ms, x 1.17 | x 2 |
| memory that a snapshot takes meanwhile, of 152 MB | 5 MB, 3 % | |
| finished calls, one batch in flight, beside snapshots (without: 3.5 M/s; 12.4 M in all) | 4.7 M/s, 135 % | 90 % |
| durable changes, 256 in flight | 139 k/s | 100 k/s |
| restart after kill -9: 1014214 customers restored, 379361 records of the journal done again, and those calls | 3317 ms | 5 s |
| BusyHour: save, load, file | 0.245 s, 0.108 s, 24.5 MB | 0.3 s, 0.18 s, 29 MB |
| DuckDB 2.0.0 | 0.695 s, 0.196 s, 29.4 MB | |
| Redis 7.0.15 | 1.901 s, 0.951 s, 191.0 MB | |

## What a finished call costs

`Benchmarks`' program `Ingest --only records` prints nanoseconds for taking in and for folding, and the bytes stored; `perf record` shows where
they go. A record of 31 bytes is read eight rows at a time. Three contributions of 20 bytes go to the lanes of three seconds, its set-up to
`last_call`. A fold reads the contributions twice, writes them once in the order of tiles, and adds them up.

| step | ns of about 50 per call |
|---|--:|
| ordering contributions by tile | 12 |
| appending them to lanes that are far apart | 9 |
| checking the record, looking up sender and class | 9 |
| sums of the tiles | 6 |
| columns of the windows | 4 |
| `last_call` | 4 |
| the kernel clearing the pages that contributions lie in; 20 and more where the machine has to find them first | 4 |

All but the checking is memory. 20 ns would need each contribution to be written once, in an order of customers and time that both a fold and
the end of a window can use. Tried, and no better: chains of blocks for each tile in one pass (the sums then wait for memory), and adding
each contribution to its customer's own line (3 ns at 100,000 customers, 6 ns at a million).

## Memory pages

With huge pages, queries of a million customers whose columns are read again take 15 to 30 % less; the process takes an eighth more memory
(1.40 GB instead of 1.25 with a million customers). Prefetching the next pages by hand gained nothing, nor did wider strides: adding four
32-bit measures takes a core about as long as reading them.

## Journal and slots

A change of one client alone takes a sync, a round trip (0.06 ms) and two thread wake-ups. A journal thread that polled for the next record for
0.15 ms before it slept gained nothing (0.23 ms both ways). Packing a slot of 24 minutes takes 0.1 s at ten million calls per hour.
Caching answers that are never requested again made queries of three levels take 2.5 ms instead of 1.2 ms, for memory that is not returned.

"""####),
    ]
}
