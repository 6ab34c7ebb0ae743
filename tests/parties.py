"""Programmes for tests: real keys, real logs, real journals, one for each party, in memory or a database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from paraph.acts import Act, Delegate, Found, Initial, Join, Placed, Propose, Seal, TakeStance, proposal_id
from paraph.node.journal import Admitted, Journal
from paraph.record.charter import Charter, Observer, Party
from paraph.record.keys import SecretKey
from paraph.record.stores import MemoryStore, Row, Store
from paraph.state import closing
from paraph.state.composed import composed_object
from paraph.state.programme import Programme

POWERS = ["negotiate", "initial", "seal", "sign"]


@dataclass
class Parties:
    """Parties of one programme, each with a journal, and an observer."""

    charter: Charter
    roots: dict[str, SecretKey]
    nodes: dict[str, SecretKey]
    people: dict[str, SecretKey] = field(default_factory=dict)
    journals: dict[str, Journal] = field(default_factory=dict)
    now: datetime = datetime(2021, 2, 23, 6, 0, tzinfo=UTC)
    carriers: ClassVar[Callable[..., Store]] = staticmethod(lambda *_logs: MemoryStore())

    @classmethod
    def make(
        cls,
        *codes: str,
        authentic: Sequence[str] = ("ru",),
        working: Sequence[str] = ("en",),
        public: Sequence[str] = (),
        delegates: bool = True,
    ) -> "Parties":
        """Found a programme of the parties, with one delegate each who may do everything."""
        made = cls.meet(*codes, authentic=authentic, working=working, public=public)
        for code in made.nodes:
            made.open(code)
        made.begin(delegates=delegates)
        return made

    @classmethod
    def meet(
        cls,
        *codes: str,
        authentic: Sequence[str] = ("ru",),
        working: Sequence[str] = ("en",),
        public: Sequence[str] = (),
    ) -> "Parties":
        """Make keys and a charter; nobody has a journal yet."""
        codes = codes or ("BY", "RU")
        roots = {code: SecretKey.generate() for code in codes}
        nodes = {code: SecretKey.generate() for code in (*codes, "OBS")}
        charter = Charter(
            {"en": "Test"},
            [
                Party(c, {"en": c}, [roots[c].public.hex], 1, nodes[c].public.hex, "http://127.0.0.1:1")
                for c in codes
            ],
            list(authentic),
            "2021-02-23",
            SecretKey.generate().seed.hex(),
            list(working),
            [Observer("OBS", {"en": "Observer"}, nodes["OBS"].public.hex, "")],
            list(public),
        )
        return cls(charter, roots, nodes)

    def begin(self, *, delegates: bool = True) -> None:
        """Write the first entries of every log, and carry them to all."""
        for place, code in enumerate(self.roots):
            first: Act = Join(self.charter.prog) if place else Found(self.charter.prog)
            self.journals[code].record([first], [self.roots[code]], at=self.tick())
            if delegates:
                self.delegate(code)
        self.exchange()

    def new_store(self) -> Store:
        """An empty carrier of the logs of this programme."""
        return type(self).carriers(*(party.code for party in self.charter.parties))

    def open(self, code: str, store: Store | None = None) -> Journal:
        """Open a journal for a party or the observer, on a new store or that one."""
        me = code if code in self.roots else None
        self.journals[code] = Journal(
            self.new_store() if store is None else store,
            self.charter,
            me=me,
            node_key=self.nodes[code],
            clock=self.tick,
        )
        return self.journals[code]

    def delegate(self, code: str, powers: Sequence[str] = POWERS, **limits: Any) -> SecretKey:
        """Give a new key full powers; it is the one that `act` uses from now on."""
        key = SecretKey.generate()
        act = Delegate(key.public.hex, {"en": "Delegate"}, {"en": "Delegate"}, list(powers), **limits)
        self.journals[code].record([act], [self.roots[code]], at=self.tick())
        self.people[code] = key
        return key

    def tick(self) -> datetime:
        """One minute later."""
        self.now += timedelta(minutes=1)
        return self.now

    def act(self, code: str, *acts: Act) -> list[Placed]:
        """Let the party's delegate record acts."""
        return self.journals[code].record(acts, [self.people[code]], at=self.tick())

    def programme(self, code: str = "") -> Programme:
        """The programme as that node sees it; the first party's by default."""
        return self.journals[code or self.charter.parties[0].code].programme()

    def deliver(self, source: str, to: str, logs: Iterable[str] = (), stop: int | None = None) -> Admitted:
        """Carry rows and heads from one node to another."""
        giver, taker = self.journals[source], self.journals[to]
        rows: list[Row] = []
        heads: dict[str, bytes] = {}
        blobs = {name: giver.store.blob(name) or b"" for name in giver.store.blob_names()}
        for log in logs or [party.code for party in self.charter.parties]:
            for row in giver.store.rows(log, taker.heads().get(log, 0), stop):
                rows.append(row if taker.me else Row(row.log, row.n, row.note, None))
            raw = giver.checkpoint(log)
            if raw is not None:
                heads[log] = raw
        return taker.admit(rows, blobs if taker.me else {}, heads, at=self.tick())

    def exchange(self) -> None:
        """Carry everything everywhere, until nothing new moves."""
        moved = True
        while moved:
            moved = False
            for source in self.journals:
                for to in self.journals:
                    if source != to and self.journals[source].me:
                        moved = bool(self.deliver(source, to).new) or moved

    # ------------------------------------------------------------ short words for common acts

    def propose(self, code: str, subject: str, content: dict[str, Any], *, accept: bool = False) -> str:
        """Propose a content, and accept it where asked; return the proposal."""
        acts: list[Act] = [Propose(subject, content)]
        name = proposal_id(subject, content)
        if accept:
            acts.append(TakeStance(name, "accepts"))
        self.act(code, *acts)
        return name

    def words(self, code: str, subject: str, text: str, *, accept: bool = False) -> str:
        """Propose Russian words for a provision."""
        return self.propose(code, subject, {"words": {"ru": text}}, accept=accept)

    def agree(self, subject: str, content: dict[str, Any]) -> str:
        """Let the first party propose, and all accept."""
        first, *others = [party.code for party in self.charter.parties]
        name = self.propose(first, subject, content, accept=True)
        self.exchange()
        for code in others:
            self.act(code, TakeStance(name, "accepts"))
        self.exchange()
        return name

    def road_map(self, name: str = "gas", provisions: Sequence[str] = ("one", "two")) -> list[str]:
        """Open a road map with agreed title, outline and words; return its subjects."""
        self.agree(f"card:{name}", {"number": 1, "title": {"ru": "Карта"}})
        subjects = [f"provision:{name}/{key}" for key in provisions]
        self.agree(f"outline:{name}", {"items": [[1, about] for about in subjects]})
        for key, about in zip(provisions, subjects, strict=True):
            self.agree(about, {"words": {"ru": f"Слова {'один' if key == 'one' else 'два'}."}})
        return subjects

    def initial(self, code: str, about: str = "road_map:gas") -> str:
        """Let the party initial what is composed on an object; return H."""
        programme = self.programme(code)
        text = composed_object(programme, about)
        after = closing.after(programme, about)
        self.act(code, Initial(about, after, self.charter.prog, text.text, list(text.lines)))
        return text.text

    def seal(self, code: str, about: str = "road_map:gas") -> None:
        """Let the party seal what it stands on."""
        programme = self.programme(code)
        stand = closing.standing(programme, code, about)
        assert stand is not None
        self.act(code, Seal(about, stand.after, stand.text))
