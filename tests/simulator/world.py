"""How do some parties go on while their nodes crash, their lines break and their disks are old?"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

import msgspec
from msgspec.structs import replace

from paraph.acts import (
    POSITIONS,
    Act,
    Delegate,
    Found,
    Initial,
    Join,
    Lift,
    Placed,
    Propose,
    Reserve,
    Resume,
    Return,
    Revoke,
    Rotate,
    Seal,
    TakeStance,
    read,
)
from paraph.node.exchange import courier, receipts
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import pull
from paraph.node.exchange.errors import ExchangeError, Unreachable
from paraph.node.exchange.messages import Peer, Request, Response
from paraph.node.exchange.recovery import recover
from paraph.node.exchange.server import Server
from paraph.node.journal import Journal
from paraph.record.bundles import line_of, row_of
from paraph.record.charter import Charter, Observer, Party
from paraph.record.entries import Entry
from paraph.record.errors import RecordError
from paraph.record.keys import PublicKey, SecretKey
from paraph.record.stores import Row
from paraph.record.tiles import CONTENTS, WIDTH, joined
from paraph.sentences import _
from paraph.state import agreement, closing
from paraph.state.composed import composed_object
from paraph.state.errors import Refused
from paraph.state.fold import apply
from paraph.state.programme import Programme
from tests.simulator.disk import Crash, Disk, DiskStore
from tests.simulator.line import Line, Weather

CODES = ("AA", "BB", "CC", "DD")
WATCHER = "OBS"
GAS = "road_map:gas"
SUBJECTS = ("provision:gas/one", "provision:gas/two")
EVERYTHING = (*SUBJECTS, "card:gas", "outline:gas")
WORDS = ("Стороны согласуют тарифы.", "Стороны определят тарифы.", "Стороны изучат тарифы.")
LONG = (
    "Стороны подробно описывают тарифы и порядок их пересмотра. " * 125 + "Конец."
)  # a content that is a blob
INTERNAL = "предел уступок"  # words that stand in internal papers alone
POWERS = ["negotiate", "initial", "seal", "sign"]
KEYS = 40  # so many node, root and person keys a party can have, one after the other


class Dance(Act, frozen=True, tag="dance"):
    """An act of a later release: nobody here can read it."""

    steps: int


@cache
def key(*parts: object) -> SecretKey:
    """A key that depends on nothing but its name."""
    return SecretKey(hashlib.sha256(repr(parts).encode()).digest())


def find(code: str, public: PublicKey) -> SecretKey | None:
    """A node key among the key files of a party, which outlive its disk."""
    made = (key("node", code, version) for version in range(KEYS))
    return next((one for one in made if one.public == public), None)


class Later(Journal):
    """The journal of a later release, which can read the dance."""

    def _fold(self, entry: Entry) -> Placed:
        placed = read(entry, self.blob)
        value = entry.act or (msgspec.json.decode(entry.content)["act"] if entry.content else {})
        if placed.act is None and value.get("kind") == "dance" and not entry.void:
            placed = replace(placed, act=msgspec.convert(value, Dance), trouble="")
        apply(self._programme, placed)
        return placed


class DiskFull(OSError):
    """The disk takes no more, or does not say whether it did."""


def withheld(code: str, request: Request, response: Response) -> Response:
    """What is left of an answer of a node that gives entries of its own log without their contents."""
    if request.target.startswith("blob/"):
        return Response(404, b"gone")
    if request.target.startswith(f"{code}/tile/{CONTENTS}/") and response.status in (200, 206):
        return Response(206, joined([b""] * WIDTH), response.kind)
    if response.status != 200 or not request.target.startswith(f"{code}/entries/"):
        return response
    rows = [row_of(code, line) for line in response.body.splitlines()]
    body = b"".join(line_of(Row(row.log, row.n, row.note, None)) for row in rows)
    return Response(200, body, response.kind, response.lasting)


@dataclass
class Node:
    """One node: a disk that lasts, and a process that may end at any step."""

    code: str
    disk: Disk
    drift: timedelta  # of its clock
    journal: Journal | None = None
    server: Server | None = None
    steps_left: int | None = None  # steps of the carrier before the process ends
    full: str = ""  # the step at which the disk is full
    malicious: bool = False  # it writes whatever it likes
    upgraded: bool = False  # it runs a later release
    withholds: set[str] = field(default_factory=set)  # who is not given what is closed in its log
    lines: dict[str, Line] = field(default_factory=dict)
    backups: list[Disk] = field(default_factory=list)
    restored: int = 0  # how often a backup was put back

    def point(self, where: str) -> None:
        """A step of the carrier; the process may end here, or the disk fail."""
        if where == self.full:
            self.full = ""
            raise DiskFull(where)
        if self.steps_left is not None:
            self.steps_left -= 1
            if self.steps_left < 0:
                raise Crash

    def answer(self, request: Request, asker: str) -> Response:
        """What the node answers, while its process runs."""
        if self.server is None:
            raise Unreachable(_("%(peer)s cannot be reached."), peer=self.code)
        response = self.server.answer(request)
        return withheld(self.code, request, response) if asker in self.withholds else response

    def end(self) -> None:
        """The process is gone, and with it all that was only in memory."""
        self.journal = self.server = self.steps_left = None
        self.full = ""


class World:
    """Some parties and an observer, and what happens to them."""

    def __init__(self, number: int, told: list[str]) -> None:
        self.number = number
        self.picker = Random(number)
        self.told = told  # the story so far
        self.now = datetime(2021, 2, 23, 6, 0, tzinfo=UTC)
        self.codes = CODES[: self.picker.choice((2, 2, 3, 3, 4))]
        self.temper = self.picker.choice((0.05, 0.2, 0.5))  # how often a party does just anything
        self.clumsy = self.picker.choice((0.1, 0.3, 0.7))  # how often backups are made and put back
        self.charter = self._charter()
        self.nodes = {
            code: Node(code, Disk(self.charter.encode()), timedelta(seconds=self.picker.randrange(-90, 90)))
            for code in (*self.codes, WATCHER)
        }
        self.versions = dict.fromkeys(self.nodes, 0)  # of the key file: it outlives the disk
        self.traitor = self.picker.choice(self.codes) if self.picker.random() < 0.4 else ""
        self.twin: Node | None = None  # the second node of the traitor, once there is one
        self.settled = False  # the traitor is down to one node again
        self._shown: dict[str, Node] = {}  # who asks -> the node that the traitor shows
        self._faces: list[Node] = []  # who answered in the pull under way
        self.pulled: list[tuple[Node, Node]] = []  # who has looked at whom to the end, since this was read
        self.files: list[bytes] = []  # courier's files
        for node in self.nodes.values():
            self._lay_lines(node)
            self.start(node)
        self._found()
        if len(self.codes) > 2 and self.picker.random() < 0.3:
            code, unlucky = self.picker.sample(self.codes, 2)
            self.nodes[code].withholds = {unlucky}
            self.tell(f"{code} gives {unlucky} no contents of its own acts")

    def _lay_lines(self, node: Node) -> None:
        def way(to: str) -> Callable[[Request], Response]:
            return lambda request: self.face(to, node.code).answer(request, node.code)

        node.lines = {
            code: Line(code, way(code), self.picker, Weather()) for code in self.nodes if code != node.code
        }

    def _charter(self) -> Charter:
        return Charter(
            {"en": "Simulated"},
            [
                Party(
                    code,
                    {"en": code},
                    [key("root", code, 0).public.hex],
                    1,
                    key("node", code, 0).public.hex,
                    "",
                )
                for code in self.codes
            ],
            ["ru"],
            "2021-02-23",
            "00" * 32,
            [],
            [Observer(WATCHER, {"en": WATCHER}, key("node", WATCHER, 0).public.hex, "")],
            ["stages"],
        )

    def _found(self) -> None:
        for place, code in enumerate(self.codes):
            first: Act = Join(self.charter.prog) if place else Found(self.charter.prog)
            self.record(self.nodes[code], [first], [key("root", code, 0)])
            self.record(self.nodes[code], [_grant(code, 0)], [key("root", code, 0)])
        self._set_weather(Weather())
        card = Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}})
        outline = Propose("outline:gas", {"items": [[1, about] for about in SUBJECTS]})
        self.record(self.nodes[self.codes[0]], [card, outline])
        self.now += timedelta(minutes=10)
        self.exchange_all()
        self._set_weather(Weather.bad(self.picker))

    def _set_weather(self, weather: Weather) -> None:
        for node in self.all:
            for line in node.lines.values():
                line.weather = weather

    # ------------------------------------------------------------ who is who

    @property
    def all(self) -> list[Node]:
        """All nodes, with the traitor's second one."""
        return [*self.nodes.values(), *([self.twin] if self.twin else [])]

    @property
    def honest(self) -> list[Node]:
        """The nodes of parties that never had two of them."""
        return [self.nodes[code] for code in self.codes if not self.twin or code != self.traitor]

    def face(self, code: str, asker: str) -> Node:
        """The node that answers: of a traitor's two the one that it shows to this asker for now."""
        found = self.nodes[code]
        if self.twin is not None and not self.settled and code == self.traitor:
            if asker not in self._shown or self.picker.random() < 0.05:
                self._shown[asker] = self.picker.choice((found, self.twin))
            found = self._shown[asker]
        self._faces.append(found)
        return found

    # ------------------------------------------------------------ processes

    def start(self, node: Node) -> None:
        """Start the process of a node on its disk."""
        try:
            node.journal = self._journal(node)
        except (Crash, DiskFull) as error:
            self.tell(f"  {node.code}: {error or 'crashes'}")
            node.end()
            return
        if node.malicious:
            node.journal._check = lambda *_: None  # type: ignore[method-assign]
        node.server = Server(node.journal, clock=lambda: self.now + node.drift)

    def _journal(self, node: Node) -> Journal:
        return (Later if node.upgraded else Journal)(
            DiskStore(node.disk, node.point),
            self.charter,
            me=node.code if node.code in self.codes else None,
            node_key=key("node", node.code, self.versions[node.code]),
            clock=lambda: self.now + node.drift,
            find_key=lambda public: find(node.code, public),
            kept_keys=lambda: [
                key("node", node.code, n).public for n in range(self.versions[node.code], -1, -1)
            ],
            gates=[self._gate],
        )

    def _gate(self, _programme: Programme, party: str, act: Act) -> None:
        """Internal papers stand against some acts; what they say is for the own people alone."""
        if isinstance(act, TakeStance | Propose) and self.picker.random() < 0.05:
            raise Refused(_("%(paper)s of %(party)s stands against it."), paper=INTERNAL, party=party)

    def run(self, node: Node, do: Callable[[Journal], object]) -> bool:
        """Let the process of a node do something; False where it is not running, or ended doing it."""
        if node.journal is None:
            return False
        try:
            do(node.journal)
        except Crash:
            self.tell(f"{node.code} crashes")
            node.end()
            return False
        except (Refused, ExchangeError, RecordError, DiskFull) as error:
            self.tell(f"  {node.code}: {error}")
        return True

    def tell(self, what: str) -> None:
        """Add to the story."""
        self.told.append(what)

    # ------------------------------------------------------------ what parties do

    def record(
        self,
        node: Node,
        acts: list[Act],
        signers: list[SecretKey] | None = None,
        node_key: SecretKey | None = None,
    ) -> None:
        """Let a party record acts, signed by its delegate where nothing else is said."""

        def do(journal: Journal) -> None:
            by = signers or [self.delegate(node.code, journal.programme())]
            journal.record(acts, by, new_node=node_key)

        self.run(node, do)

    def delegate(self, code: str, programme: Programme) -> SecretKey:
        """The key of the delegate who has full powers now."""
        made = (key("person", code, place) for place in range(KEYS))
        grants = programme.logs[code].grants
        return next(
            (one for one in made if (grant := grants.get(one.public.id)) and grant.until is None),
            key("person", code, 0),
        )

    def act(self) -> None:
        """Some party does something that its page would offer."""
        node = self.picker.choice([node for node in self.all if node.code != WATCHER])
        code = node.code
        if node.journal is None:
            return
        programme = node.journal.programme()
        if self.picker.random() < 0.05:
            self._keys(node, programme)
            return
        acts = (
            self._onward(code, programme)
            if self.picker.random() > self.temper
            else self._anything(code, programme)
        )
        if acts:
            self.tell(f"{code}: {', '.join(type(act).__name__ for act in acts)}")
            self.record(node, acts)

    def _keys(self, node: Node, programme: Programme) -> None:
        """New root and node keys, or a new delegate for the one who has full powers."""
        code, held = node.code, programme.keys[node.code][-1]
        root, after = key("root", code, held.version), held.version + 1
        if self.picker.random() < 0.5:
            self.tell(f"{code}: new keys, version {after}")
            fresh, new_node = key("root", code, after), key("node", code, after)
            self.record(
                node, [Rotate([fresh.public.hex], 1, new_node.public.hex, after)], [root, fresh], new_node
            )
            self.versions[code] = max(after, self.versions[code])
        else:
            self.tell(f"{code}: another delegate")
            old = self.delegate(code, programme).public.id
            self.record(node, [Revoke(old), _grant(code, len(programme.logs[code].grants))], [root])

    def _onward(self, code: str, programme: Programme) -> list[Act]:
        """What leads to a closing: accept the first live words, lift, resume, initial, seal."""
        mine = programme.by[code]
        if "gas" in mine.returns:
            return [Resume("gas")]
        for about in EVERYTHING:
            if mine.reserves.get(about):
                return [Lift(about, "scrutiny")]
        acts: list[Act] = []
        for about in EVERYTHING:
            live = agreement.live(programme, about)
            if not live and about in SUBJECTS:
                acts.append(Propose(about, {"words": {"ru": WORDS[0]}}))
            elif live and not agreement.agreed(programme, about):
                first = min(live)
                if (choice := mine.choices.get(about)) is None or choice.proposal != first:
                    acts.append(TakeStance(first, "accepts"))
        if acts:
            return acts
        return self._seal(code, programme) or self._initial(programme)

    def _initial(self, programme: Programme) -> list[Act]:
        text = composed_object(programme, GAS)
        after = closing.after(programme, GAS)
        return [Initial(GAS, after, self.charter.prog, text.text, list(text.lines))] if text.text else []

    def _seal(self, code: str, programme: Programme) -> list[Act]:
        stand = closing.standing(programme, code, GAS)
        return [Seal(GAS, stand.after, stand.text)] if stand else []

    def _anything(self, code: str, programme: Programme) -> list[Act]:
        """Whatever a page offers."""
        about = self.picker.choice(EVERYTHING)
        position = self.picker.choice(POSITIONS)
        known = programme.on.get(about, [])
        offers: list[list[Act]] = [
            [Reserve(about, "scrutiny")],
            [Lift(about, "scrutiny")],
            [Return("gas", {"ru": "Нужны расчёты."})],
            [Resume("gas")],
            [Dance(self.picker.randrange(9))],
            [TakeStance(self.picker.choice(known), position)] if known else [],
            [Propose(self.picker.choice(SUBJECTS), {"words": {"ru": self.picker.choice((*WORDS, LONG))}})],
            self._initial(programme),
            self._seal(code, programme),
        ]
        if closing.standing(programme, code, GAS) and self.picker.random() < 0.5:
            return offers[2]  # who may still leave what it initialled leads to the hardest cases
        return self.picker.choice(offers)

    # ------------------------------------------------------------ exchange

    def pull(self, node: Node, peer: str) -> None:
        """Let one node pull from another."""
        code = node.code
        if peer in (WATCHER, code) or node.journal is None:
            return
        self.tell(f"{code} pulls from {peer}")
        target = Peer(peer, "http://127.0.0.1:1")
        self._faces.clear()

        def do(journal: Journal) -> None:
            caller = Caller(journal, target, node.lines[peer], clock=journal.clock)
            mishaps = node.lines[peer].mishaps
            pulled = pull(journal, caller)
            whole = not pulled.more and node.lines[peer].mishaps == mishaps
            if whole and all(one is self._faces[0] for one in self._faces):
                self.pulled.append((node, self._faces[0]))
            for trouble in pulled.troubles:
                self.tell(f"  {code}: {trouble}")
            receipts.ask(journal, caller, pulled.theirs.get(code, 0))

        self.run(node, do)

    def carry(self, giver: Node, taker: Node) -> None:
        """Carry a courier's file from one node to another; sometimes only half of it arrives."""
        code, to = giver.code, taker.code
        if giver.journal is None or taker.journal is None or code in (WATCHER, to):
            return
        self.tell(f"a courier's file from {code} to {to}")
        raw = courier.pack(giver.journal, to)
        self.files.append(raw)
        if self.picker.random() < 0.3:
            half = raw[: self.picker.randrange(len(raw))]
            before = taker.disk.copy().rows
            self.run(taker, lambda journal: courier.read(journal, half))
            assert taker.disk.rows == before, "half a courier's file was taken for a whole one"
        self.run(taker, lambda journal: courier.read(journal, raw))

    def exchange_all(self) -> None:
        """Carry everything everywhere, in good weather, until nothing moves."""
        for _round in range(12):
            before = self.sizes()
            for node in self.nodes.values():
                for peer in self.nodes:
                    self.pull(node, peer)
            if self.sizes() == before:
                return
        raise AssertionError("the exchange comes to no end")

    def sizes(self) -> dict[str, dict[str, int]]:
        """What each disk holds of each log."""
        return {
            code: {log: len(rows) for log, rows in node.disk.rows.items()}
            for code, node in self.nodes.items()
        }

    # ------------------------------------------------------------ what goes wrong

    def go_wrong(self) -> None:
        """Something goes wrong at some node."""
        node = self.picker.choice(self.all)
        if self.picker.random() < self.clumsy:
            self._backup(node)
            return
        if not node.upgraded and not node.malicious and self.picker.random() < 0.1:
            self.tell(f"{node.code} is upgraded to a later release")
            node.end()
            node.upgraded = True
            return
        if self.picker.random() < 0.15:
            node.full = self.picker.choice(
                ("before entries are written", "before the commit", "after the commit")
            )
            self.tell(f"{node.code}'s disk will fail {node.full}")
            return
        if self.picker.random() < 0.7:
            node.steps_left = self.picker.randrange(12)
        else:
            self.tell(f"{node.code} is switched off")
            node.end()

    def _backup(self, node: Node) -> None:
        """A backup is made, or an old one put back: by accident the database alone, or by the book."""
        if len(node.backups) < 2 or self.picker.random() < 0.5:
            node.backups.append(node.disk.copy())
            return
        old, second = self.picker.choice(node.backups).copy(), node.disk.second
        by_the_book = self.picker.random() < 0.5
        self.tell(f"{node.code} is restored{'' if by_the_book else ', by accident, the database alone'}")
        node.end()
        node.disk = old
        node.disk.second = {} if by_the_book else second
        node.restored += 1

    def betray(self) -> None:
        """The traitor's machine is copied while it runs; from here on each copy writes for itself."""
        first = self.nodes[self.traitor]
        first.malicious = self.picker.random() < 0.5
        self.twin = Node(
            first.code, first.disk.copy(), first.drift, malicious=first.malicious, upgraded=first.upgraded
        )
        self.tell(f"{self.traitor} goes on as two nodes{', which write anything' if first.malicious else ''}")
        self._lay_lines(self.twin)
        for code, line in self.twin.lines.items():
            line.weather = first.lines[code].weather
        first.end()
        self.start(first)
        self.start(self.twin)

    def recover(self, node: Node, *, give_up: bool = False) -> None:
        """Somebody runs `paraph recover` at a node."""
        callers = [
            (peer, node.lines[peer]) for peer in self.codes if peer != node.code and node.code != WATCHER
        ]

        def do(journal: Journal) -> None:
            clock = journal.clock
            found = recover(
                journal,
                [
                    Caller(journal, Peer(peer, "http://127.0.0.1:1"), line, clock=clock)
                    for peer, line in callers
                ],
                give_up=give_up,
            )
            self.tell(f"  {node.code} recovers: {'; '.join(map(str, found)) or 'whole'}")

        if callers:
            self.run(node, do)

    def step(self) -> None:
        """One step of the story."""
        self.now += timedelta(seconds=self.picker.randrange(1, 40))
        if self.traitor and self.twin is None and self.picker.random() < 0.02:
            self.betray()
        for node in self.all:
            if node.journal is None and self.picker.random() < 0.1:
                self.tell(f"{node.code} starts")
                self.start(node)
        match self.picker.choices(("act", "pull", "carry", "wrong", "recover"), (5, 10, 1, 1, 1))[0]:
            case "recover":
                self.recover(self.picker.choice(self.all))
            case "act":
                self.act()
            case "pull":
                self.pull(self.picker.choice(self.all), self.picker.choice(list(self.nodes)))
            case "carry":
                self.carry(*self.picker.sample(self.all, 2))
            case _:
                self.go_wrong()

    def heal(self) -> None:
        """All nodes run, all lines are good, and everything is exchanged."""
        self._set_weather(Weather())
        for node in self.all:
            node.steps_left, node.full = None, ""
            if node.journal is None:
                self.start(node)
        self.now += timedelta(minutes=10)  # a node that starts takes no request dated before
        for _round in range(2):  # what one brings back the next may need
            for node in self.nodes.values():
                self.recover(node, give_up=True)
        self.exchange_all()

    def settle(self) -> bool:
        """
        The traitor's root keys say which of its two histories stands, and all others accept it.

        Returns:
            Whether that can mend it: all others hold one history, the traitor has it whole, and nothing of
            their logs that they have lost.
        """
        assert self.twin is not None
        logs = [node.disk.rows.get(self.traitor, []) for node in self.honest]
        longest = max(logs, key=len, default=[])
        if any(rows != longest[: len(rows)] for rows in logs):
            return False
        first, second = self.nodes[self.traitor], self.twin
        whole = [
            (one, other)
            for one, other in ((first, second), (second, first))
            if one.disk.rows[self.traitor][: len(longest)] == longest
        ]
        if not whole:
            return False
        node, dropped = whole[0]
        for honest in self.honest:  # it may have given up what the traitor withheld from it
            own = honest.disk.rows[honest.code]
            theirs, others = (one.disk.rows.get(honest.code, []) for one in (node, dropped))
            both = min(len(own), len(others))
            if theirs != own[: len(theirs)] or others[:both] != own[:both]:
                return False
        self.tell(f"{self.traitor}'s root keys say which history stands")
        for other in (self.nodes[self.traitor], self.twin):
            other.end()
        self.nodes[self.traitor] = node
        node.malicious = False
        self.settled = True
        self.start(node)
        self.now += timedelta(minutes=10)
        self.recover(node, give_up=True)
        self.exchange_all()
        assert node.journal is not None
        held = node.journal.programme().keys[self.traitor][-1]
        root, after = key("root", self.traitor, held.version), held.version + 1
        stands = node.journal.ledger.logs[self.traitor].head
        fresh = key("node", self.traitor, after)
        act = Rotate([root.public.hex], 1, fresh.public.hex, after, stands)
        self.record(node, [act], [root], fresh)
        self.exchange_all()
        for honest in self.honest:  # what only the other of the two nodes held is gone with it
            self.recover(honest, give_up=True)
            self.run(honest, lambda journal: journal.accept_history(self.traitor))
        self.exchange_all()
        return True


def _grant(code: str, place: int) -> Delegate:
    return Delegate(key("person", code, place).public.hex, {"en": "D"}, {"en": "D"}, POWERS)
