"""Of what class is a change of words: typographic, numbering, linguistic, terminology or substantive?

A change is as grave as the gravest of its differences. What decides duties, scope, figures or dates is
substantive, however short; a difference that nothing lighter explains is substantive too. The class is a
proposal: the parties confirm it. English, Russian and Belarusian.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal, get_args

from paraph.sentences import Sentence, _
from paraph.text.terms import stands
from paraph.text.words import shared_runs

Class = Literal["typographic", "numbering", "linguistic", "terminology", "substantive"]
CLASSES: tuple[Class, ...] = get_args(Class)  # from the lightest to the gravest
Pair = tuple[str, str]  # old and new words

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*(?: (?:bis|ter|quater|quinquies)\b)?|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FIGURE = re.compile(r"\d{1,3}(?:[.,]\d{1,3})*(?: [a-z]+)?|[ivxlc]+|[b-zа-я]")  # no year, no date
_FOLDED = str.maketrans("ёѐ’", "ее'")
_JOINING = ("and", "or", "to", "и", "или", "по", "і", "або")  # of numbers
_NUMBER = "#"
_FEW = 4  # words of a term
_OFTEN = 2  # places in which a term has to be another one
_LONG = 5  # letters of a word in which a typing error can be told


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What counts: duty and permission, negation, scope, joining, condition and time.
_WEIGHTY = _set(
    """
    shall may must should will would can could might ought not no nor never none neither cannot without
    unless except excluding excluded including only solely exclusively all any each every some least
    most more less fewer than and or either both if until till before after within during prior later
    earlier up same equal equally jointly separately mandatory voluntary binding должен должна должно
    должны обязан обязана обязано обязаны обязуется обязуются может могут можно вправе следует надлежит
    не ни нет без кроме исключением исключая включая только исключительно лишь все весь вся всё всех
    всем всеми любой любая любое любые любого любых каждый каждая каждое каждые каждого некоторые менее
    более меньше больше и или либо если до после позднее ранее течение равно одинаково совместно
    раздельно обязательно добровольно павінен павінна павінны можа могуць ні акрамя толькі ўсе усе кожны
    любы менш больш і або калі да пасля
    """
)
_SMALL = _set(
    """
    a an the of in on at to by for with from as is are was were be been being has have had do does that
    which who whose its their his this these those such there it they them also herein thereof thereto
    therein hereto upon into under per via regarding concerning respect accordance pursuant through
    between among в во на о об обо по при для от из к ко с со у за над под между через что который
    которая которое которые которого которой которых которым которыми которому их его её ее этот эта это
    эти этого этой этих данный данная данные также же бы быть является являются был была было были есть
    целях соответствии согласно ў з са аб пра які якая якое якія іх яго яе гэты гэта гэтыя таксама ж
    быць
    """
)
_REFERRING = re.compile(
    r"(?:article|art|paragraph|para|section|chapter|annex|appendix|schedule|item|point|subparagraph|clause|part|"
    r"measure|стать|ст|пункт|подпункт|п|раздел|глав|част|приложени|абзац|мероприяти|артыкул|падпункт|раздзел)"
    r"[a-zа-яіў]{0,4}"
)
_ENDINGS = _set(
    """
    s es ed d ing e y ies ied 's ly а я о е ё у ю ы и й ь ой ей ом ем ам ям ами ями ах ях ов ев ий ый ая
    яя ое ее ые ие ого его ому ему ым им ых их ыми ими ую юю ою ею ия ии ию ием ией иям иями иях ет ют
    ут ит ят ат ешь ишь те ла ло ли л ть ти ться тся ется ются ится ятся атся лась лось лись лся ся сь
    ен ена ено ены ан ана ано аны нный нная нное нные нного нной нных нным ал яв аў ў ыя іх ага аму
    """
) | {""}


@dataclass(frozen=True, slots=True)
class Judged:
    """The class proposed for a change, and the difference that decides it."""

    kind: Class
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Context:
    """What else changed in the text, which words it uses and which terms are agreed."""

    swaps: Counter[Pair] = field(default_factory=Counter)  # a term, and what stands in its place
    known: frozenset[str] = frozenset()  # all words of the new text
    terms: frozenset[str] = frozenset()  # the agreed ones, in whatever language

    @classmethod
    def of(cls, changed: Iterable[Pair], text: Iterable[str] = (), terms: Iterable[str] = ()) -> "Context":
        """
        The context of a text.

        Args:
            changed: the words before and after, of every change.
            text: the words of the whole new text, paragraph by paragraph.
            terms: those that are agreed.
        """
        swaps: Counter[Pair] = Counter()
        for old, new in changed:
            swaps.update({swap for gap in _gaps(old, new) if (swap := _swap(gap)) is not None})
        return cls(swaps, frozenset(chain.from_iterable(map(_words, text))), frozenset(terms))

    def at(self, old: str, new: str) -> "Context":
        """The same with those agreed terms alone that stand on one side of a change."""
        changed = (one for one in self.terms if stands(one, old) != stands(one, new))
        return replace(self, terms=frozenset(changed))


@dataclass(frozen=True, slots=True)
class _Gap:
    """What stands on each side where the words are not the same."""

    old: tuple[str, ...]
    new: tuple[str, ...]


def classify(old: str, new: str, context: Context = Context()) -> Judged | None:
    """
    The class of a change of words; None where nothing changed.

    Args:
        old: the words before.
        new: the words after.
        context: of the text that they stand in.
    """
    if old == new:
        return None
    if _joined(_words(old)) == _joined(_words(new)):
        return Judged("typographic", Sentence(_("Only signs, spaces or capital letters differ.")))
    here = context.at(old, new)
    found = [_judged(gap, here) for gap in _gaps(old, new)]
    before, after = _references(old), _references(new)
    if before != after:
        parts = {"old": ", ".join(before) or "–", "new": ", ".join(after) or "–"}
        found.append(
            Judged("numbering", Sentence(_("Numbers of references differ: %(old)s → %(new)s."), parts))
        )
    return gravest(found) or Judged(
        "typographic", Sentence(_("Only signs, spaces or capital letters differ."))
    )


def gravest(found: Iterable[Judged | None]) -> Judged | None:
    """Of what was judged in several languages or parts, the gravest."""
    return max(
        (one for one in found if one is not None), key=lambda one: CLASSES.index(one.kind), default=None
    )


def share(struck: int, added: int, old: int, new: int) -> float:
    """The share of changed words, 0 to 1: of all words of both texts those that the other does not have."""
    return (struck + added) / (old + new) if old + new else 0.0


# ---------------------------------------------------------------- one difference


def _judged(gap: _Gap, context: Context) -> Judged:
    parts = {"old": " ".join(gap.old) or "–", "new": " ".join(gap.new) or "–"}
    figures = [word for word in (*gap.old, *gap.new) if word[0].isdigit()]
    if figures and Counter(filter(_digit, gap.old)) != Counter(filter(_digit, gap.new)):
        return Judged("substantive", Sentence(_("A figure or a date differs: %(old)s → %(new)s."), parts))
    if _joined(gap.old) == _joined(gap.new):
        return Judged("typographic", Sentence(_("Only signs, spaces or capital letters differ.")))
    gone, come = _differing(gap)
    weighty = [word for word in (*gone, *come) if word in _WEIGHTY]
    if weighty:
        return Judged(
            "substantive",
            Sentence(_("Words that decide duties, scope or time differ: %(old)s → %(new)s."), parts),
        )
    if not gone and not come:
        return Judged(
            "linguistic", Sentence(_("Only forms or the order of words differ: %(old)s → %(new)s."), parts)
        )
    if all(word in _SMALL for word in (*gone, *come)):
        return Judged(
            "linguistic", Sentence(_("Only small words and forms differ: %(old)s → %(new)s."), parts)
        )
    gone, come = ([word for word in side if word not in _SMALL] for side in (gone, come))
    if len(gone) == len(come) == 1 and _mistyped(gone[0], come[0], context):
        return Judged("typographic", Sentence(_("A typing error is corrected: %(old)s → %(new)s."), parts))
    swap = _swap(gap)
    if swap is not None and context.swaps[swap] >= _OFTEN:
        return Judged(
            "terminology",
            Sentence(
                _("One term stands for another in %(count)s places: %(old)s → %(new)s."),
                {**parts, "count": context.swaps[swap]},
            ),
        )
    agreed = next((one for one in sorted(context.terms) if swap is not None and _swaps(swap, one)), "")
    if agreed:
        said = _("The agreed term “%(term)s” is touched: %(old)s → %(new)s.")
        return Judged("terminology", Sentence(said, {**parts, "term": agreed}))
    if not come:
        return Judged("substantive", Sentence(_("Words were struck: %(old)s."), parts))
    if not gone:
        return Judged("substantive", Sentence(_("Words were added: %(new)s."), parts))
    return Judged("substantive", Sentence(_("The words say something else: %(old)s → %(new)s."), parts))


def _differing(gap: _Gap) -> tuple[list[str], list[str]]:
    """The words of each side that the other has in no form."""
    gone, come = list(gap.old), list(gap.new)
    for word in list(gone):
        same = next((other for other in come if other == word), None)
        if same is None and word not in _WEIGHTY:
            same = next((other for other in come if _same_word(word, other)), None)
        if same is not None:
            gone.remove(word)
            come.remove(same)
    return gone, come


def _swap(gap: _Gap) -> Pair | None:
    """The term that went and the one that came, without their endings; None where neither is one."""
    gone, come = ([word for word in side if word not in _SMALL] for side in _differing(gap))
    if not (0 < len(gone) <= _FEW and 0 < len(come) <= _FEW):
        return None
    if any(word in _WEIGHTY or word[0].isdigit() for word in (*gone, *come)):
        return None
    return " ".join(map(_stem, gone)), " ".join(map(_stem, come))


def _swaps(swap: Pair, term: str) -> bool:
    """Whether a term, or a part of it, went or came."""
    stems = {_stem(word) for word in _words(term)}
    return any(set(side.split()) <= stems for side in swap)


def _stem(word: str) -> str:
    for size in range(min(4, len(word) - 3), 0, -1):
        if word[-size:] in _ENDINGS:
            return word[:-size]
    return word


def _same_word(one: str, other: str) -> bool:
    """Whether two words are forms of one: they begin alike and end as forms do."""
    shared = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return any(
        one[at:] in _ENDINGS and other[at:] in _ENDINGS for at in range(shared, max(2, shared - 2), -1)
    )


def _mistyped(old: str, new: str, context: Context) -> bool:
    """Whether the old word is none of the text and one slip away from one that is."""
    return (
        min(len(old), len(new)) >= _LONG
        and new in context.known
        and old not in context.known
        and _one_slip(old, new)
    )


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter more, less or another, or two in the other order, make one word of the other."""
    start = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, rival = one[start:], other[start:]
    return (
        rest[1:] == rival
        or rest == rival[1:]
        or rest[1:] == rival[1:]
        or (rest[:2] == rival[1::-1] and rest[2:] == rival[2:])
    )


# ---------------------------------------------------------------- words


def _gaps(old: str, new: str) -> Iterator[_Gap]:
    """Where the words differ, signs, capital letters and numbers of references apart."""
    before, after = _numberless(_words(old)), _numberless(_words(new))
    i = j = 0
    for (start, there), length in [*shared_runs(before, after), ((len(before), len(after)), 0)]:
        if start > i or there > j:
            yield _Gap(tuple(before[i:start]), tuple(after[j:there]))
        i, j = start + length, there + length


def _numberless(words: Sequence[str]) -> list[str]:
    """The words with a sign for each number behind “article”, “пункт” and the like."""
    found: list[str] = []
    referring = False
    for word in words:
        if referring and _FIGURE.fullmatch(word) and word not in _SMALL and word not in _WEIGHTY:
            found.append(_NUMBER)
            continue
        referring = bool(_REFERRING.fullmatch(word)) or (referring and word in _JOINING)
        found.append(word)
    return found


def _references(text: str) -> list[str]:
    words = _words(text)
    return [word for word, sign in zip(words, _numberless(words), strict=True) if sign == _NUMBER]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().translate(_FOLDED))


def _joined(words: Sequence[str]) -> str:
    """Letters without the spaces and hyphens between them; figures stay apart, with their signs."""
    return "".join(f" {word} " if word[0].isdigit() else re.sub(r"['-]", "", word) for word in words)


def _digit(word: str) -> bool:
    return word[0].isdigit()
