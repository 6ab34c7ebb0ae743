"""How did the programme come to where it stands? Played act by act on two journals.

The acts are the same that a person's clicks make, signed by the delegates' keys, dated by the facts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from paraph.acts import (
    CELLS,
    Act,
    Initial,
    Lift,
    Notify,
    Position,
    Propose,
    Reserve,
    Resume,
    Return,
    Seal,
    Sign,
    Step,
    TakeStance,
    measure,
    proposal_id,
    provision,
)
from paraph.demo.facts import DAY, Piece, Plan, Tabled, aim, bodies, plans, table
from paraph.node.journal import Journal
from paraph.record.keys import SecretKey
from paraph.record.stores import MemoryStore, Row
from paraph.state import agreement, closing, roadmaps
from paraph.state.composed import composed_object

MINSK = ZoneInfo("Europe/Minsk")
PARTIES = ("BY", "RU")
DRAFTS = ("vaccine",)  # in drafting: the outline itself is not agreed
HALF = ("oil-market",)  # agreed in substance, on a day that the facts give
Content = dict[str, Any]


@dataclass
class Side:
    """One party's node while the history is played."""

    journal: Journal
    delegate: SecretKey
    head: SecretKey


@dataclass
class History:
    """Plays the facts on the journals of both parties."""

    sides: dict[str, Side]
    authentic: tuple[str, ...]
    progress: Callable[[str], None] = lambda _line: None
    now: datetime = field(default_factory=lambda: datetime(2019, 9, 6, 9, 0, tzinfo=MINSK))
    plans: dict[str, Plan] = field(default_factory=plans)

    # ------------------------------------------------------------ acting

    def on(self, date: str, hour: int = 10) -> None:
        """Go to a day; time never goes back."""
        day = datetime.fromisoformat(f"{date}T{hour:02}:00:00").replace(tzinfo=MINSK)
        self.now = max(self.now, day)

    def act(self, party: str, *acts: Act, head: bool = False) -> None:
        """Let a party record acts, a minute later."""
        if not acts:
            return
        self.now += timedelta(seconds=20)
        side = self.sides[party]
        side.journal.record(acts, [side.head if head else side.delegate], at=self.now)

    def exchange(self) -> None:
        """Carry what is new both ways."""
        for source, to in (PARTIES, PARTIES[::-1]):
            self.now += timedelta(seconds=1)
            carry(self.sides[source].journal, self.sides[to].journal, self.now)

    def content(self, piece: Piece, words: dict[str, str] | None) -> tuple[Content, dict[str, Content]]:
        """Words with their heading: authentic languages as content, the others as translations."""
        content: Content = {"words": {}}
        translations: dict[str, Content] = {}
        for language in ("ru", "en"):
            said = words.get(language, "") if words else ""
            head = piece.heading.get(language, "")
            if language in self.authentic:
                if words:
                    content["words"][language] = said
                if head:
                    content.setdefault("heading", {})[language] = head
            else:
                translations[language] = {"words": said, **({"heading": head} if head else {})}
        return content, translations

    def plain(self, value: Content) -> tuple[Content, dict[str, Content]]:
        """A cell's content likewise: its words in authentic languages, the others as translations."""
        if "words" not in value:
            return value, {}
        kept = {k: v for k, v in value["words"].items() if k in self.authentic}
        other = {k: {"words": v} for k, v in value["words"].items() if k not in self.authentic}
        return {**value, "words": kept}, other

    # ------------------------------------------------------------ road maps

    def open(self, plan: Plan) -> None:
        """Open a road map: title, outline and words by the first party; the second takes the title."""
        card = self.card(plan)
        outline = self.outline(plan)
        first: list[Act] = [
            Propose(f"card:{plan.id}", *self.titled(card)),
            TakeStance(proposal_id(f"card:{plan.id}", self.titled(card)[0]), "accepts"),
            Propose(f"outline:{plan.id}", outline),
            TakeStance(proposal_id(f"outline:{plan.id}", outline), "accepts"),
        ]
        for about, content, translations in self.agreeable(plan):
            first += [
                Propose(about, content, translations),
                TakeStance(proposal_id(about, content), "accepts"),
            ]
        self.act("BY", *first)
        self.exchange()
        answers: list[Act] = [TakeStance(proposal_id(f"card:{plan.id}", self.titled(card)[0]), "accepts")]
        position: Position = "holds" if plan.id in DRAFTS else "accepts"
        answers.append(TakeStance(proposal_id(f"outline:{plan.id}", outline), position))
        self.act("RU", *answers)
        self.exchange()

    def card(self, plan: Plan) -> Content:
        """The card of a road map, in all languages."""
        return {
            "number": plan.number,
            "title": plan.title,
            "area": plan.area,
            "bodies": {
                party: [bodies()[code] for code in plan.lead[party].split() if code in bodies()]
                for party in PARTIES
            },
            "depends_on": plan.depends_on,
            "marks": ["reconstruction", "illustrative"] if len(plan.pieces) > 1 else ["reconstruction"],
            "basis": plan.basis,
        }

    def titled(self, card: Content) -> tuple[Content, dict[str, Content]]:
        """A card with title and area in the authentic languages, the others as translations."""
        first = self.authentic[0]
        title = {k: v for k, v in card["title"].items() if k in self.authentic}
        other = {k: {"title": v} for k, v in card["title"].items() if k not in self.authentic}
        for language, area in card["area"].items():
            if language != first:
                other.setdefault(language, {})["area"] = area
        return {**card, "title": title, "area": card["area"].get(first, "")}, other

    def outline(self, plan: Plan, extra: str = "") -> Content:
        """The outline; with `extra` as that party wants it, its insertions in and its deletions out."""
        items: list[list[Any]] = []
        for key, _heading, pieces in plan.sections:
            if key:
                items.append([1, provision(plan.id, key)])
            for piece in pieces:
                if piece.proposed_by and piece.proposed_by != extra:
                    continue
                if piece.deletion_by and piece.deletion_by == extra:
                    continue
                items.append([2 if key else 1, provision(plan.id, piece.key)])
        items += [[1, measure(plan.id, one["key"])] for one in plan.measures]
        return {"items": items}

    def agreeable(self, plan: Plan) -> Iterator[tuple[str, Content, dict[str, Content]]]:
        """What the first party puts forward at the opening and the second can take as it is."""
        for key, heading, pieces in plan.sections:
            if key:
                yield provision(plan.id, key), *self.content(Piece(key, heading, None), None)
            for piece in pieces:
                if piece.words and not piece.proposed_by:
                    yield provision(plan.id, piece.key), *self.content(piece, piece.words)
                elif piece.tabled and plan.returned:  # agreed once, in the other side's words
                    yield provision(plan.id, piece.key), *self.content(piece, _once_agreed(plan, piece))
        for one in plan.measures:
            for cell in CELLS:
                value = one["cells"][cell]
                if cell == one["disputed"]:
                    if not plan.returned:
                        continue
                    value = one["rival"]["RU" if plan.returned["party"] == "BY" else "BY"]
                yield f"{measure(plan.id, one['key'])}/{cell}", *self.plain(value)

    def take(self, plan: Plan) -> None:
        """The second party takes all that was put forward for both."""
        later: dict[str, str] = {}
        if not plan.returned:
            later = {provision(plan.id, p.key): p.ad_referendum_by for p in plan.pieces}
        acts: list[Act] = []
        for about, content, _translations in self.agreeable(plan):
            name = proposal_id(about, content)
            if later.get(about) == "RU":
                acts.append(TakeStance(name, "accepts", "ad_referendum"))
                continue
            acts.append(TakeStance(name, "accepts"))
            if later.get(about) == "BY":
                self.act("BY", TakeStance(name, "accepts", "ad_referendum"))
        self.act("RU", *acts)
        self.exchange()

    def tabling(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What parties table of their own, by date: wordings with stances, cells, outlines."""
        for plan in self.plans.values():
            dates = [one.date for piece in plan.pieces for one in piece.tabled]
            if not dates and not any(one["disputed"] for one in plan.measures):
                continue
            first = plan.returned.get("date") or min(dates)
            last = max([*dates, first])
            for piece in plan.pieces:
                for tabled in piece.tabled:
                    yield tabled.date, partial(self.table_words, plan, piece, tabled)
            for party, date in zip(PARTIES, (first, last), strict=True):
                yield date, partial(self.table_rest, plan, party)
            yield last, partial(self.answer, plan)

    def table_words(self, plan: Plan, piece: Piece, tabled: Tabled) -> None:
        """A party puts its wording forward, with the stance it takes on it."""
        about = provision(plan.id, piece.key)
        content, translations = self.content(piece, tabled.words)
        acts: list[Act] = [Propose(about, content, translations)]
        if tabled.party in tabled.stances:
            acts.append(_stance(proposal_id(about, content), tabled.stances[tabled.party]))
        self.act(tabled.party, *acts)

    def table_rest(self, plan: Plan, party: str) -> None:
        """A party's own cells of measures, new provisions and outline."""
        acts: list[Act] = []

        def put(about: str, content: Content, translations: dict[str, Content]) -> None:
            acts.append(Propose(about, content, translations))
            acts.append(TakeStance(proposal_id(about, content), "accepts"))

        for piece in plan.pieces:
            if plan.returned and party == piece.ad_referendum_by:
                name = proposal_id(provision(plan.id, piece.key), self.content(piece, piece.words)[0])
                acts.append(TakeStance(name, "accepts", "ad_referendum"))
            if party == piece.proposed_by:
                put(provision(plan.id, piece.key), *self.content(piece, piece.words))
        for one in plan.measures:
            if one["disputed"]:
                about = f"{measure(plan.id, one['key'])}/{one['disputed']}"
                put(about, *self.plain(one["rival"][party]))
        if any(party in (piece.proposed_by, piece.deletion_by) for piece in plan.pieces):
            value = self.outline(plan, party)  # ad referendum: the agreed outline stands meanwhile
            name = proposal_id(f"outline:{plan.id}", value)
            acts.append(Propose(f"outline:{plan.id}", value))
            acts.append(TakeStance(name, "accepts", "ad_referendum"))
        self.act(party, *acts)

    def answer(self, plan: Plan) -> None:
        """The stances of the other side, and the reserves."""
        self.exchange()
        for piece in plan.pieces:
            about = provision(plan.id, piece.key)
            for tabled in piece.tabled:
                name = proposal_id(about, self.content(piece, tabled.words)[0])
                for party, said in tabled.stances.items():
                    if party != tabled.party and not (plan.id in HALF and "substance" in said):
                        self.act(party, _stance(name, said))
            for party, kind, note in piece.reserves:
                self.act(party, Reserve(about, kind, note))  # type: ignore[arg-type]
        self.exchange()

    def in_substance(self, plan: Plan) -> None:
        """Every open point gets one wording that both accept at least in substance."""
        for piece in plan.pieces:
            about = provision(plan.id, piece.key)
            for tabled in piece.tabled:
                name = proposal_id(about, self.content(piece, tabled.words)[0])
                for party, said in tabled.stances.items():
                    if party != tabled.party and "substance" in said:
                        self.act(party, _stance(name, said))
        for one in plan.measures:
            if one["disputed"]:
                about = f"{measure(plan.id, one['key'])}/{one['disputed']}"
                name = proposal_id(about, self.plain(one["rival"]["RU"])[0])
                self.act("BY", TakeStance(name, "in_substance"))
        self.exchange()

    # ------------------------------------------------------------ settling and closing

    def settle(self, name: str) -> None:
        """Both sides come to agree on all that is open: one wording each, reserves lifted."""
        for party in PARTIES:
            if name in self.programme(party).by[party].returns:
                self.act(party, Resume(name))
        self.exchange()
        for round_ in range(2):
            for place, about in enumerate(self.open_subjects(name)):
                self.settle_subject(about, place + round_)
            self.exchange()

    def open_subjects(self, name: str) -> list[str]:
        """The subjects of a road map that are not agreed; a deletion is settled in the outline."""
        one = roadmaps.road_map(self.programme("BY"), name)
        standings = [one.card_standing, one.outline_standing]
        standings += [s for item in one.items for s in item.standings]
        return [s.subject for s in standings if s.open and s.live]

    def settle_subject(self, about: str, place: int) -> None:
        """One live proposal, in turn of one side and the other, is accepted by both."""
        found = agreement.standing(self.programme("BY"), about)
        if not found.live:
            return
        chosen = found.live[place % len(found.live)] if not about.startswith("outline:") else found.live[0]
        for party in PARTIES:
            acts: list[Act] = [Lift(about, r.type) for r in found.reserves if r.party == party]
            choice = self.programme(party).by[party].choices.get(about)
            if choice is None or choice.proposal != chosen:
                acts.append(TakeStance(chosen, "accepts"))
            self.act(party, *acts)

    def close(self, about: str, *parties: str) -> None:
        """The parties initial what is composed; where all do, they seal it."""
        for party in parties:
            programme = self.programme(party)
            text = composed_object(programme, about)
            stand = closing.standing(programme, party, about)
            if stand is None or stand.text != text.text:
                after = closing.after(programme, about)
                act = Initial(about, after, programme.charter.prog, text.text, list(text.lines))
                self.act(party, act, head=True)
        self.exchange()
        if len(parties) == len(PARTIES):
            for party in parties:
                stand = closing.standing(self.programme(party), party, about)
                assert stand is not None
                self.act(party, Seal(about, stand.after, stand.text), head=True)
                self.exchange()

    def sign(self, about: str, *, notify: bool = False) -> None:
        """Both sign the text in force, and where asked notify that their procedures are complete."""
        for party in PARTIES:
            shut = closing.closed(self.programme(party), about)
            assert shut is not None
            powers = {"ru": "Полномочия правительства", "en": "Full powers of the government"}
            acts: list[Act] = [Sign(about, shut.text, powers)]
            if notify:
                acts.append(Notify(about, shut.text))
            self.act(party, *acts, head=True)
        self.exchange()

    def change_list(self, date: str) -> None:
        """The charter: what the facts say became of road maps up to that day."""
        steps = [
            _step(row)
            for row in table("demo_lineage")
            if row["date"] <= date and row["kind"] in ("withdraw", "merge", "split")
        ]
        content = _lineage(steps)
        name = proposal_id("charter", content)
        self.act("BY", Propose("charter", content), TakeStance(name, "accepts"))
        self.exchange()
        self.act("RU", TakeStance(name, "accepts"))
        self.exchange()
        self.close("charter", *PARTIES)

    def programme(self, party: str) -> Any:
        """The programme as a party's node sees it."""
        return self.sides[party].journal.programme()

    # ------------------------------------------------------------ the whole story

    def play(self, until: str = DAY, since: str = "") -> None:
        """Play all events after `since` up to a day, oldest first."""
        self.add_others()
        rows = [row for row in table("demo_events") if since < row["date"] <= until]
        tabled = [(date, put) for date, put in self.tabling() if since < date <= until]
        for date in sorted({row["date"] for row in rows} | {date for date, _put in tabled}):
            self.progress(date)
            todays = [row for row in rows if row["date"] == date]
            self.on(date)
            for row in sorted(todays, key=_order):
                if not _changes_list(row["event"]):
                    self.event(row)
            if any(_changes_list(row["event"]) for row in todays):
                self.change_list(date)
            self.on(date, 15)
            for put in [put for day, put in tabled if day == date]:
                put()
            self.exchange()

    def add_others(self) -> None:
        """Road maps that are not among the 33 of the day: the political one, and later successors."""
        for row in table("demo_events"):
            name = row["id"]
            if name not in self.plans:
                title, number = OTHERS[name]
                lead = {"BY": "BY.MFA", "RU": "RU.MFA"} if name == "political-bodies" else LEADS[name]
                piece = aim(name, title, lead)
                basis = f"{row['basis']}; {row['source']}"
                self.plans[name] = Plan(name, number, title, {}, lead, [], basis, [("", {}, [piece])])

    def event(self, row: dict[str, str]) -> None:
        """One change of stage, made by acts."""
        plan = self.plans[row["id"]]
        match row["event"].split()[0]:
            case "opened":
                self.open(plan)
                negotiated = len(plan.pieces) > 1 and not plan.returned and plan.id != "oil-transit"
                if negotiated or row["stage_after"] == "text complete":
                    self.take(plan)
            case "agreed" if "substance" in row["event"]:
                self.in_substance(plan)
            case "agreed" if not self.opened(plan.id):
                self.open(plan)
                self.take(plan)
            case "agreed" if not self.taken(plan):
                self.take(plan)
            case "agreed":
                self.settle(plan.id)
            case "returned":
                self.send_back(plan)
            case "signed":
                self.close(f"road_map:{plan.id}", *PARTIES)
                self.sign(f"road_map:{plan.id}")
            case "initialled":
                self.close(f"road_map:{plan.id}", "BY")
            case "approved" if "Council" in row["event"] and "decree" not in row["event"]:
                self.close(f"road_map:{plan.id}", *PARTIES)
            case "approved":
                self.sign(f"road_map:{plan.id}", notify=True)

    def opened(self, name: str) -> bool:
        """Say whether the road map was opened."""
        return f"card:{name}" in self.programme("BY").on

    def taken(self, plan: Plan) -> bool:
        """Say whether the second party has taken the words put forward for both."""
        one = roadmaps.road_map(self.programme("BY"), plan.id)
        return bool(one.counts["agreed"])

    def send_back(self, plan: Plan) -> None:
        """A party returns the road map with its reason; it tables other words the same day."""
        reason = plan.returned.get("reason") or {
            "ru": "Сроки и исполнители уточняются в связи с новым перечнем программ.",
            "en": "Dates and bodies are refined in view of the new list of programmes.",
        }
        self.act(plan.returned.get("party", "BY"), Return(plan.id, reason))
        self.exchange()


def carry(source: Journal, to: Journal, at: datetime) -> None:
    """Carry rows, blobs and heads from one journal to another."""
    held = to.heads()
    rows: list[Row] = []
    heads: dict[str, bytes] = {}
    for log in source.ledger.logs:
        for row in source.store.rows(log, held.get(log, 0)):
            rows.append(row if to.me else Row(row.log, row.n, row.note, None))
        raw = source.checkpoint(log)
        if raw is not None:
            heads[log] = raw
    blobs = source.store.blobs if isinstance(source.store, MemoryStore) and to.me else {}
    to.admit(rows, blobs, heads, at=at)


def _once_agreed(plan: Plan, piece: Piece) -> dict[str, str]:
    """The words agreed before a return: the other side's, which the returning side has left."""
    others = [one for one in piece.tabled if one.party != plan.returned["party"]]
    return (others or piece.tabled)[0].words


def _stance(proposal: str, said: str) -> TakeStance:
    """A stance as the texts write it: position and strength."""
    position, _space, strength = said.partition(" ")
    return TakeStance(proposal, position, strength or "confirmed")  # type: ignore[arg-type]


def _changes_list(event: str) -> bool:
    return event.split()[0] in ("withdrawn", "merged", "split")


def _order(row: dict[str, str]) -> tuple[int, str]:
    """Within a day: opened, agreed, others."""
    order = {"opened": 0, "agreed": 1, "returned": 2}
    return order.get(row["event"].split()[0], 3), row["id"]


def _step(row: dict[str, str]) -> Step:
    """A row of the lineage; what goes on under its own name is not ended."""
    new = row["to"].split()
    old = [name for name in row["from"].split() if name not in new]
    return Step(row["kind"], old, new, row["date"], {"en": f"{row['note']} ({row['basis']})"})  # type: ignore[arg-type]


def _lineage(steps: list[Step]) -> Content:
    return {"steps": [_plain(step) for step in steps]}


def _plain(step: Step) -> Content:
    return {"change": step.change, "old": step.old, "new": step.new, "date": step.date, "note": step.note}


OTHERS = {
    "political-bodies": (
        {"ru": "Политические и надгосударственные органы", "en": "Political and supranational bodies"},
        31,
    ),
    "tax-customs": (
        {
            "ru": "Налоговое и таможенное законодательство",
            "en": "Tax and customs law and customs co-operation",
        },
        7,
    ),
    "fin-infosec": (
        {"ru": "Информационная безопасность в финансовой сфере", "en": "Information security in finance"},
        5,
    ),
    "fin-aml": (
        {"ru": "Противодействие отмыванию доходов", "en": "Action against money laundering"},
        34,
    ),
    "fin-institutions": (
        {
            "ru": "Регулирование и надзор за финансовыми организациями",
            "en": "Supervision of financial bodies",
        },
        35,
    ),
    "fin-consumers": (
        {"ru": "Защита потребителей финансовых услуг", "en": "Protection of consumers of financial services"},
        36,
    ),
    "goods-traceability": ({"ru": "Прослеживаемость товаров", "en": "Traceability of goods"}, 9),
    "goods-labelling": ({"ru": "Маркировка товаров", "en": "Labelling of goods"}, 37),
}
_BANKS = {"BY": "BY.NBRB", "RU": "RU.CBR"}
_TAXES = {"BY": "BY.TAX", "RU": "RU.TAX"}
LEADS = {
    "tax-customs": {"BY": "BY.MINFIN", "RU": "RU.MINFIN"},
    "fin-infosec": _BANKS,
    "fin-aml": _BANKS,
    "fin-institutions": _BANKS,
    "fin-consumers": _BANKS,
    "goods-traceability": _TAXES,
    "goods-labelling": _TAXES,
}
