"""How do some parties go on while their nodes crash, their lines break and their disks are old?"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from paraph.acts import (
    POSITIONS,
    Act,
    Delegate,
    Found,
    Initial,
    Join,
    Lift,
    Propose,
    Reserve,
    Resume,
    Return,
    Seal,
    TakeStance,
)
from paraph.node.exchange import courier, receipts
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import pull
from paraph.node.exchange.errors import ExchangeError, Unreachable
from paraph.node.exchange.messages import Peer, Request, Response
from paraph.node.exchange.recovery import recover
from paraph.node.exchange.server import Server
from paraph.node.journal import Journal
from paraph.record.charter import Charter, Observer, Party
from paraph.record.errors import RecordError
from paraph.record.keys import SecretKey
from paraph.sentences import _
from paraph.state import agreement, closing
from paraph.state.composed import composed_object
from paraph.state.errors import Refused
from paraph.state.programme import Programme
from tests.simulator.disk import Crash, Disk, DiskStore
from tests.simulator.line import Line, Weather

CODES = ("AA", "BB", "CC", "DD")
WATCHER = "OBS"
GAS = "road_map:gas"
SUBJECTS = ("provision:gas/one", "provision:gas/two")
EVERYTHING = (*SUBJECTS, "card:gas", "outline:gas")
WORDS = ("Стороны согласуют тарифы.", "Стороны определят тарифы.", "Стороны изучат тарифы.")
POWERS = ["negotiate", "initial", "seal", "sign"]


def key(*parts: object) -> SecretKey:
    """A key that depends on nothing but its name."""
    return SecretKey(hashlib.sha256(repr(parts).encode()).digest())


@dataclass
class Node:
    """One node: a disk that lasts, and a process that may end at any step."""

    code: str
    disk: Disk
    drift: timedelta  # of its clock
    journal: Journal | None = None
    server: Server | None = None
    steps_left: int | None = None  # steps of the carrier before the process ends
    lines: dict[str, Line] = field(default_factory=dict)
    backups: list[Disk] = field(default_factory=list)
    restored: int = 0  # how often a backup was put back

    def point(self, _where: str) -> None:
        """A step of the carrier; the process may end here."""
        if self.steps_left is not None:
            self.steps_left -= 1
            if self.steps_left < 0:
                raise Crash

    def answer(self, request: Request) -> Response:
        """What the node answers, while its process runs."""
        if self.server is None:
            raise Unreachable(_("%(peer)s cannot be reached."), peer=self.code)
        return self.server.answer(request)

    def end(self) -> None:
        """The process is gone, and with it all that was only in memory."""
        self.journal = self.server = self.steps_left = None


class World:
    """Some parties and an observer, and what happens to them."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.picker = Random(number)
        self.told: list[str] = []  # the story so far
        self.now = datetime(2021, 2, 23, 6, 0, tzinfo=UTC)
        self.codes = CODES[: self.picker.choice((2, 2, 3, 3, 4))]
        self.temper = self.picker.choice((0.05, 0.2, 0.5))  # how often a party does just anything
        self.charter = self._charter()
        self.nodes = {
            code: Node(code, Disk(self.charter.encode()), timedelta(seconds=self.picker.randrange(-90, 90)))
            for code in (*self.codes, WATCHER)
        }
        for node in self.nodes.values():
            node.lines = {
                peer.code: Line(peer.code, peer.answer, self.picker, Weather())
                for peer in self.nodes.values()
                if peer is not node
            }
            self.start(node)
        self._found()

    def _charter(self) -> Charter:
        return Charter(
            {"en": "Simulated"},
            [
                Party(code, {"en": code}, [key("root", code).public.hex], 1, key("node", code).public.hex, "")
                for code in self.codes
            ],
            ["ru"],
            "2021-02-23",
            "00" * 32,
            [],
            [Observer(WATCHER, {"en": WATCHER}, key("node", WATCHER).public.hex, "")],
            ["stages"],
        )

    def _found(self) -> None:
        for place, code in enumerate(self.codes):
            first: Act = Join(self.charter.prog) if place else Found(self.charter.prog)
            grant = Delegate(key("person", code).public.hex, {"en": "D"}, {"en": "D"}, POWERS)
            self.record(code, [first], root=True)
            self.record(code, [grant], root=True)
        self._set_weather(Weather())
        card = Propose("card:gas", {"number": 1, "title": {"ru": "Газ"}})
        outline = Propose("outline:gas", {"items": [[1, about] for about in SUBJECTS]})
        self.record(self.codes[0], [card, outline])
        self.now += timedelta(minutes=10)
        self.exchange_all()
        self._set_weather(Weather.bad(self.picker))

    def _set_weather(self, weather: Weather) -> None:
        for node in self.nodes.values():
            for line in node.lines.values():
                line.weather = weather

    # ------------------------------------------------------------ processes

    def start(self, node: Node) -> None:
        """Start the process of a node on its disk."""
        store = DiskStore(node.disk, node.point)
        node.journal = Journal(
            store,
            self.charter,
            me=node.code if node.code in self.codes else None,
            node_key=key("node", node.code),
            clock=lambda: self.now + node.drift,
        )
        node.server = Server(node.journal, clock=lambda: self.now + node.drift)

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
        except (Refused, ExchangeError, RecordError) as error:
            self.tell(f"  {node.code}: {error}")
        return True

    def tell(self, what: str) -> None:
        """Add to the story."""
        self.told.append(what)

    # ------------------------------------------------------------ what parties do

    def record(self, code: str, acts: list[Act], *, root: bool = False) -> None:
        """Let a party record acts."""
        signer = key("root" if root else "person", code)
        self.run(self.nodes[code], lambda journal: journal.record(acts, [signer]))

    def act(self) -> None:
        """Some party does something that its page would offer."""
        code = self.picker.choice(self.codes)
        node = self.nodes[code]
        if node.journal is None:
            return
        programme = node.journal.programme()
        acts = (
            self._onward(code, programme)
            if self.picker.random() > self.temper
            else self._anything(code, programme)
        )
        if acts:
            self.tell(f"{code}: {', '.join(type(act).__name__ for act in acts)}")
            self.record(code, acts)

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
            [TakeStance(self.picker.choice(known), position)] if known else [],
            [Propose(self.picker.choice(SUBJECTS), {"words": {"ru": self.picker.choice(WORDS)}})],
            self._initial(programme),
            self._seal(code, programme),
        ]
        if closing.standing(programme, code, GAS) and self.picker.random() < 0.5:
            return offers[2]  # who may still leave what it initialled leads to the hardest cases
        return self.picker.choice(offers)

    # ------------------------------------------------------------ exchange

    def pull(self, code: str, peer: str) -> None:
        """Let one node pull from another."""
        node = self.nodes[code]
        if peer == WATCHER or node.journal is None:
            return
        self.tell(f"{code} pulls from {peer}")
        target = Peer(peer, "http://127.0.0.1:1")

        def do(journal: Journal) -> None:
            caller = Caller(journal, target, node.lines[peer], clock=journal.clock)
            pulled = pull(journal, caller)
            for trouble in pulled.troubles:
                self.tell(f"  {code}: {trouble}")
            receipts.ask(journal, caller, pulled.theirs.get(code, 0))

        self.run(node, do)

    def carry(self, code: str, to: str) -> None:
        """Carry a courier's file from one node to another; sometimes only half of it arrives."""
        giver, taker = self.nodes[code], self.nodes[to]
        if giver.journal is None or taker.journal is None or code == WATCHER:
            return
        self.tell(f"a courier's file from {code} to {to}")
        raw = courier.pack(giver.journal, to)
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
            for code in self.nodes:
                for peer in self.nodes:
                    if peer != code:
                        self.pull(code, peer)
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
        node = self.picker.choice(list(self.nodes.values()))
        if self.picker.random() < 0.3:
            self._backup(node)
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
        codes = list(self.nodes)
        for node in self.nodes.values():
            if node.journal is None and self.picker.random() < 0.1:
                self.tell(f"{node.code} starts")
                self.start(node)
        match self.picker.choices(("act", "pull", "carry", "wrong", "recover"), (5, 10, 1, 1, 1))[0]:
            case "recover":
                self.recover(self.picker.choice(list(self.nodes.values())))
            case "act":
                self.act()
            case "pull":
                self.pull(*self.picker.sample(codes, 2))
            case "carry":
                self.carry(*self.picker.sample(codes, 2))
            case _:
                self.go_wrong()

    def heal(self) -> None:
        """All nodes run, all lines are good, and everything is exchanged."""
        self._set_weather(Weather())
        for node in self.nodes.values():
            node.steps_left = None
            if node.journal is None:
                self.start(node)
        self.now += timedelta(minutes=10)  # a node that starts takes no request dated before
        for _round in range(2):  # what one brings back the next may need
            for node in self.nodes.values():
                self.recover(node, give_up=True)
        self.exchange_all()
