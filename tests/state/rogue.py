"""What do parties write that keep to no rule? Entries of any kind, with any past that they could have."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from paraph.acts import (
    POSITIONS,
    STRENGTHS,
    Ack,
    Act,
    Delegate,
    Initial,
    Lift,
    Placed,
    Propose,
    Remark,
    Reserve,
    Resume,
    Return,
    Revoke,
    Seal,
    Sign,
    TakeStance,
    proposal_id,
)
from paraph.record.keys import SecretKey
from paraph.state.closing import root_of
from paraph.state.fold import apply
from paraph.state.programme import Choice, Grant, Programme, Stand
from tests.state.bare import CARD, CHARTERS, CODES, GRANT, NODES, PEOPLE, ROOTS, words

SUBJECTS = ("provision:gas/one", "provision:gas/two", "provision:oil/one")
CONTENTS: list[tuple[str, dict[str, Any]]] = [
    ("card:gas", CARD),
    ("card:oil", {"number": 2, "title": {"en": "Oil"}}),
    *((about, words(text)) for about in SUBJECTS for text in ("First", "Second")),
    ("decision:one", words("Decision")),
    ("charter", {"steps": [{"change": "withdraw", "old": ["gas"]}]}),
    ("charter", {"steps": [{"change": "withdraw", "old": ["oil"]}]}),
]
NAMES = [proposal_id(about, content) for about, content in CONTENTS]
for _members in ((2, 4), (3, 5, 6)):
    CONTENTS.append(
        ("package:one", {"title": {"en": "Deal"}, "members": [NAMES[place] for place in _members]})
    )
    NAMES.append(proposal_id(*CONTENTS[-1]))
OBJECTS = ("road_map:gas", "road_map:oil", "charter")
TEXTS = {
    "road_map:gas": [["gas first"], ["gas second"]],
    "road_map:oil": [["oil"]],
    "charter": [[f"charter {name}"] for name in NAMES[9:11]],
}
LIMITED = [SecretKey(bytes([60 + n]) * 32) for n in range(3)]  # full powers for gas alone
SOFT = (Propose, TakeStance, Reserve, Lift, Remark)


def write(picker: random.Random, length: int, parties: int = 3, closing: float = 0.0) -> list[Placed]:
    """
    Entries of logs of that many parties, one after the other.

    What an entry knows of other logs grows along its log, and holds all that the known entries know.

    Args:
        picker: decides.
        length: how many entries, together.
        parties: how many write.
        closing: how often, 0 to 1, somebody who knows everything takes the next step of a closing.
    """
    codes = CODES[:parties]
    logs: dict[str, list[Placed]] = {code: [] for code in codes}
    written: list[Placed] = []

    def place(code: str, act: Act, by: SecretKey, past: dict[str, int]) -> None:
        written.append(Placed(code, len(logs[code]), by.public.id, "", past, act))
        logs[code].append(written[-1])

    for i, code in enumerate(codes):
        everything = Delegate(PEOPLE[i].public.hex, {"en": code}, {"en": code}, GRANT)
        some = Delegate(LIMITED[i].public.hex, {"en": code}, {"en": code}, GRANT, road_maps=["gas"])
        place(code, everything, ROOTS[i], {})
        place(code, some, ROOTS[i], {})
    for about, content in CONTENTS[:2]:
        place(codes[0], Propose(about, content), PEOPLE[0], {})
    while len(written) < length:
        i = picker.randrange(parties)
        code = codes[i]
        if picker.random() < closing:
            lines = TEXTS["road_map:gas"][0]
            step: Act = Initial("road_map:gas", "", CHARTERS[parties].prog, root_of(lines), lines)
            if any(isinstance(one.act, Initial) and one.act.lines == lines for one in logs[code]):
                step = Seal("road_map:gas", "", root_of(lines))
            place(code, step, PEOPLE[i], {log: len(rest) for log, rest in logs.items() if log != code})
            continue
        past = _past(picker, code, logs)
        act = _act(picker, CHARTERS[parties].prog)
        by = NODES[i] if type(act) is Ack else ROOTS[i] if type(act) is Revoke else PEOPLE[i]
        by = picker.choice((by, by, by, LIMITED[i], NODES[i]))
        place(code, act, by, past)
    return written


def _past(picker: random.Random, code: str, logs: dict[str, list[Placed]]) -> dict[str, int]:
    """What the next entry knows: what its log knew, and perhaps more of some other log."""
    past = dict(logs[code][-1].past)
    other = picker.choice([one for one in logs if one != code])
    if picker.random() < 0.5:
        size = max(past.get(other, 0), picker.choice((len(logs[other]), picker.randint(0, len(logs[other])))))
        if size > past.get(other, 0):
            past[other] = size
            for log, known in logs[other][size - 1].past.items():
                if log != code:
                    past[log] = max(known, past.get(log, 0))
    return past


def _act(picker: random.Random, prog: str) -> Act:
    about = picker.choice(SUBJECTS)
    closed = picker.choice(OBJECTS)
    lines = picker.choice(TEXTS[closed])
    text = root_of(lines)
    subject, content = picker.choice(CONTENTS)
    offers: list[Act] = [
        Propose(subject, content),
        Propose(subject, content),
        TakeStance(picker.choice(NAMES), picker.choice(POSITIONS), picker.choice(STRENGTHS)),
        TakeStance(picker.choice(NAMES), "accepts"),
        TakeStance(picker.choice(NAMES), "accepts"),
        Reserve(about, "scrutiny"),
        Lift(about, "scrutiny"),
        Remark(about, {"en": "Word"}),
        Return(picker.choice(("gas", "oil")), {"en": "because"}),
        Resume(picker.choice(("gas", "oil"))),
        Initial(closed, "", prog, text, lines),
        Initial(closed, "", prog, text, lines),
        Seal(closed, "", text),
        Seal(closed, "", text),
        Sign(closed, text, {"en": "Full"}),
        Ack({}),
        Revoke(picker.choice(LIMITED).public.id),
    ]
    return picker.choice(offers)


# ---------------------------------------------------------------- folding them


def fold(entries: Iterable[Placed], parties: int = 3) -> Programme:
    """The programme after these entries, in this order."""
    programme = Programme(CHARTERS[parties])
    for placed in entries:
        apply(programme, placed)
    return programme


def shuffled(picker: random.Random, entries: Sequence[Placed]) -> list[Placed]:
    """The same entries in another order in which the past of each comes before it."""
    logs: dict[str, list[Placed]] = {}
    for placed in entries:
        logs.setdefault(placed.log, []).append(placed)
    done = dict.fromkeys(logs, 0)
    found: list[Placed] = []
    while len(found) < len(entries):
        ready = [
            log
            for log, rest in logs.items()
            if done[log] < len(rest)
            and all(done.get(other, 0) >= size for other, size in rest[done[log]].past.items())
        ]
        log = picker.choice(ready)
        for _ in range(picker.randint(1, 4)):
            rest = logs[log]
            if done[log] == len(rest) or any(
                done.get(other, 0) < size for other, size in rest[done[log]].past.items()
            ):
                break
            found.append(rest[done[log]])
            done[log] += 1
    return found


def voids(programme: Programme) -> dict[tuple[str, int], str]:
    """Place -> why the entry has no effect."""
    return {place: str(reason) for place, reason in programme.voids.items()}


def registers(programme: Programme) -> dict[str, dict[str, Any]]:
    """All that each party's log says, in values that can be compared."""
    return {
        party: {one.name: _plain(getattr(mine, one.name)) for one in fields(mine) if one.name != "entries"}
        for party, mine in programme.by.items()
    }


def _plain(value: Any) -> Any:
    match value:
        case Placed():
            return value.log, value.n
        case Choice():
            return value.proposal, value.placed.n, value.direct
        case Stand():
            return value.text, value.placed.n, value.left.n if value.left else None
        case Grant():
            return value.since, value.until
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case _:
            return value
