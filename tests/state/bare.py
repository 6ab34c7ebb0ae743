"""Programmes without bytes: entries placed by hand, for exhaustive small histories."""

from collections.abc import Mapping

from paraph.acts import Act, Delegate, Placed, Propose, proposal_id
from paraph.record.charter import Charter, Party
from paraph.record.keys import SecretKey
from paraph.state.fold import apply
from paraph.state.programme import Programme

_SEEDS = [bytes([n]) * 32 for n in range(1, 40)]
ROOTS = [SecretKey(seed) for seed in _SEEDS[:4]]
NODES = [SecretKey(seed) for seed in _SEEDS[4:8]]
PEOPLE = [SecretKey(seed) for seed in _SEEDS[8:12]]
CODES = ("AA", "BB", "CC", "DD")


def charter(count: int = 2) -> Charter:
    """A charter of two to four parties."""
    return Charter(
        {"en": "Bare"},
        [
            Party(code, {"en": code}, [ROOTS[i].public.hex], 1, NODES[i].public.hex, "")
            for i, code in enumerate(CODES[:count])
        ],
        ["en"],
        "2021-02-23",
        "00" * 32,
    )


CHARTERS = {count: charter(count) for count in (2, 3, 4)}
GRANT = ["negotiate", "initial", "seal", "sign"]
CARD = {"number": 1, "title": {"en": "Gas"}}


class Bare:
    """A programme and the writing of its entries one by one."""

    def __init__(self, count: int = 2, *proposals: tuple[str, dict[str, object]]) -> None:
        self.programme = Programme(CHARTERS[count])
        self.codes = CODES[:count]
        for i, code in enumerate(self.codes):
            grant = Delegate(PEOPLE[i].public.hex, {"en": code}, {"en": code}, GRANT)
            self.place(code, grant, {}, root=True)
        first: list[Act] = [Propose("card:gas", CARD)]
        first += [Propose(about, dict(content)) for about, content in proposals]
        for act in first:
            self.place(self.codes[0], act, {})
        self.offset = self.programme.sizes()

    def place(self, code: str, act: Act, past: Mapping[str, int], *, root: bool = False) -> None:
        """Append an entry to a log, with that past of the others."""
        i = self.codes.index(code)
        key = ROOTS[i] if root else PEOPLE[i]
        n = len(self.programme.by[code].entries)
        apply(self.programme, Placed(code, n, key.public.id, "", past, act))

    def act(self, code: str, act: Act) -> None:
        """Append an entry that knows everything."""
        past = {other: size for other, size in self.programme.sizes().items() if other != code}
        self.place(code, act, past)


def words(text: str) -> dict[str, object]:
    """The content of a provision."""
    return {"words": {"en": text}}


def name(about: str, text: str) -> str:
    """The proposal of those words."""
    return proposal_id(about, words(text))
