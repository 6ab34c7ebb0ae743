"""What can a party record? One frozen structure for each act, and for each kind of content.

An act is what stands in the record; `kind` in its JSON names the structure below in snake case.
A proposal's content is written for the authentic languages only; translations stand beside it and
change nothing. `docs/reference/acts.md` describes every field.
"""

import base64
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import msgspec

from paraph.record.canonical import encode
from paraph.record.entries import Entry, blob_name
from paraph.record.forks import Evidence
from paraph.text.changes import Class
from paraph.text.fingerprints import fingerprint

Position = Literal["accepts", "in_substance", "holds", "declines", "no_instructions"]
Strength = Literal["ad_referendum", "confirmed"]
ReserveType = Literal["scrutiny", "parliamentary", "linguistic", "substantive"]
Languages = dict[str, str]  # language code -> words

POSITIONS: tuple[Position, ...] = ("accepts", "in_substance", "holds", "declines", "no_instructions")
STRENGTHS: tuple[Strength, ...] = ("ad_referendum", "confirmed")
RESERVES: tuple[ReserveType, ...] = ("scrutiny", "parliamentary", "linguistic", "substantive")
FORMS = ("cms", "xades", "asic-e")  # of signatures made elsewhere
CELLS = ("action", "bodies", "deadline", "completion", "indicator")
INLINE = 12_288  # bytes; a larger content becomes a blob
INLINE_LINES = 256  # of the lines under initials: who is shown the initials is not shown them all
REOPENED = "reopened"  # the value of a closing that opens the text again


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False, tag_field="kind"):
    """The common head of all acts."""


# ---------------------------------------------------------------- the log itself


class Found(Act, frozen=True, tag="found"):
    """Entry 0 of the founding party's log."""

    charter: str  # prog, hex


class Join(Act, frozen=True, tag="join"):
    """Entry 0 of every other log."""

    charter: str


class Ack(Act, frozen=True, tag="ack"):
    """The signed checkpoints of the other logs that this node holds and has checked."""

    heads: dict[str, str]  # log -> checkpoint note
    forks: list[Evidence] = []  # logs of which two histories are known
    accepts: dict[str, int] = {}  # log -> place of the `rotate` that says which of its histories stands


class Delegate(Act, frozen=True, tag="delegate"):
    """A key of a person, with full powers; signed by the root keys."""

    key: str  # ed25519 public key, hex
    name: Languages
    office: Languages
    powers: list[str]  # "negotiate", "initial", "seal", "sign"
    road_maps: list[str] | None = None  # None: all
    ad_referendum_only: bool = False
    until: str = ""  # ISO date of the last day, after which the own node revokes; "": without a term
    passkey: str = ""  # the site at which alone the passkey answers; "": the key signs by itself
    instead_of: str = ""  # key id: its initials, seals and signatures are this passkey's from here on


class Revoke(Act, frozen=True, tag="revoke"):
    """Ends a delegate's key from this place of the log on: the root keys', or the node's after a term."""

    key: str
    reason: str = ""


class Rotate(Act, frozen=True, tag="rotate"):
    """New root keys and node key from this place of the log on; signed by old and new root keys."""

    roots: list[str]  # ed25519 public keys, hex
    threshold: int
    node: str  # signs this entry already
    version: int = 0  # the charter's keys are version 0, the first rotation names 1
    stands: str = ""  # the leaf hash of the entry before, where two histories of the log are known


# ---------------------------------------------------------------- words under negotiation


class Propose(Act, frozen=True, tag="propose"):
    """Puts a content forward on a subject; to propose is not to accept."""

    subject: str
    content: dict[str, Any]  # in the record a large one is a blob
    translations: dict[str, dict[str, Any]] = {}  # working language -> heading and words
    replaces: str = ""  # history only: decides nothing
    note: Languages = {}
    received_from: str = ""  # the party whose words these are, as received outside of the record
    seen: str = ""


class TakeStance(Act, frozen=True, tag="take_stance"):
    """A party's position on one exact proposal."""

    proposal: str
    position: Position
    strength: Strength = "confirmed"
    note: Languages = {}
    seen: str = ""


class Reserve(Act, frozen=True, tag="reserve"):
    """A reserve on a subject, whatever the words."""

    subject: str
    reserve: ReserveType
    note: Languages = {}
    seen: str = ""


class Lift(Act, frozen=True, tag="lift"):
    """Ends the own reserve of that type."""

    subject: str
    reserve: ReserveType
    seen: str = ""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of what class a party takes a change of agreed words to be: from one proposal to another."""

    old: str
    new: str
    kind: Class


class Remark(Act, frozen=True, tag="remark"):
    """A word to all parties about a subject; it decides nothing."""

    subject: str
    words: Languages = {}
    seen: str = ""
    change: Change | None = None  # of the scrub; the party's last word on exactly this pair counts


class Return(Act, frozen=True, tag="return"):
    """Returns a road map to refinement."""

    road_map: str
    reason: Languages
    seen: str = ""


class Resume(Act, frozen=True, tag="resume"):
    """Ends the own return."""

    road_map: str
    seen: str = ""


# ---------------------------------------------------------------- closing


class Initial(Act, frozen=True, tag="initial"):
    """Initials on one exact text: from here the party stands on `text`."""

    object: str  # "road_map:<id>", "charter", "decision:<id>"
    after: str  # the closing before this one on the object, or ""
    charter: str  # the charter it is made under
    text: str  # H, hex; or REOPENED
    lines: list[str] = []  # the lines of which `text` is the root; in the record a large list is a blob
    seen: str = ""


class Seal(Act, frozen=True, tag="seal"):
    """Says: I hold everybody's initials on this text."""

    object: str
    after: str
    text: str
    seen: str = ""


class Sign(Act, frozen=True, tag="sign"):
    """Signature of a bound text under full powers (Vienna Convention, article 12)."""

    object: str
    text: str
    powers: Languages
    seen: str = ""


class Notify(Act, frozen=True, tag="notify"):
    """Says that the party's internal procedures for entry into force are complete (article 24)."""

    object: str
    text: str
    note: Languages = {}
    seen: str = ""


# ---------------------------------------------------------------- carrying out, publication, forecasts


class Report(Act, frozen=True, tag="report"):
    """How far a measure has been carried out, as its own party sees it."""

    measure: str
    status: str
    words: Languages = {}
    evidence: list[str] = []
    seen: str = ""


class Assess(Act, frozen=True, tag="assess"):
    """The other side's view of a report."""

    report: str  # leaf hash of the report's entry
    verdict: str
    words: Languages = {}
    seen: str = ""


class Publish(Act, frozen=True, tag="publish"):
    """Public: where this party sees a road map."""

    road_map: str
    number: int
    title: Languages
    stage: str
    date: str  # ISO
    heads: dict[str, int]  # the sizes of the logs it was derived from
    marks: list[str] = []
    measures: int = 0


class Forecast(Act, frozen=True, tag="forecast"):
    """When will it be agreed? Answered in advance, in integers that any node of a party can compute again."""

    question: str  # "agreed": all road maps; "agreed:<road map>"
    quantiles: dict[str, int]  # per mille of the futures -> days after `as_of` by which it is so in them
    heads: dict[str, int]  # the sizes of the logs it was derived from
    model: str
    as_of: str = ""  # ISO
    chances: dict[str, int] = {}  # ISO date -> per mille of the futures in which it is so by then
    seed: int = 0
    futures: int = 0


class Attest(Act, frozen=True, tag="attest"):
    """A detached national or qualified signature over a fingerprint; what was signed is its 64 digits."""

    fingerprint: str
    container: str | dict[str, Any]  # to be written: base64; in the record and read from it: a blob
    form: str = ""  # "cms", "xades", "asic-e"
    file: str = ""  # what the file was called
    note: Languages = {}
    seen: str = ""


AnyAct = (
    Found
    | Join
    | Ack
    | Delegate
    | Revoke
    | Rotate
    | Propose
    | TakeStance
    | Reserve
    | Lift
    | Remark
    | Return
    | Resume
    | Initial
    | Seal
    | Sign
    | Notify
    | Report
    | Assess
    | Publish
    | Forecast
    | Attest
)
PUBLIC = (Found, Join, Ack, Rotate, Publish, Forecast)  # these stand in the note, for everybody
# Asked for every entry, so sets of types. These are signed by the root keys, and these are the node's own.
BY_ROOT: frozenset[type[Act]] = frozenset({Found, Join, Delegate, Revoke, Rotate})
BY_NODE: frozenset[type[Act]] = frozenset({Ack, Publish})


# ---------------------------------------------------------------- contents of proposals


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The common head of all contents."""

    @property
    def texts(self) -> tuple[Languages, ...]:
        """Its words in the authentic languages, part by part; nothing for what has none."""
        return ()


class Words(_Content, frozen=True):
    """A provision, or the action or form of completion of a measure."""

    words: Languages
    heading: Languages = {}

    @property
    def texts(self) -> tuple[Languages, ...]:
        """The words, and the heading where there is one."""
        return (self.words, self.heading) if self.words and self.heading else (self.words or self.heading,)


class Deadline(_Content, frozen=True):
    """The deadline of a measure."""

    date: str  # ISO


class Bodies(_Content, frozen=True):
    """The responsible bodies of each party: party -> names."""

    bodies: dict[str, list[Languages]]


class Indicator(_Content, frozen=True):
    """By what the measure is judged; rival targets are parted by semicolons."""

    words: Languages
    unit: str = ""
    target: str = ""
    source: str = ""

    @property
    def texts(self) -> tuple[Languages, ...]:
        """What is measured."""
        return (self.words,)


class Card(_Content, frozen=True):
    """What opens or renames a road map."""

    number: int
    title: Languages
    area: str = ""
    bodies: dict[str, list[Languages]] = {}
    depends_on: list[str] = []
    marks: list[str] = []  # "reconstruction"
    basis: str = ""  # source and confidence

    @property
    def texts(self) -> tuple[Languages, ...]:
        """The title."""
        return (self.title,)


class Outline(_Content, frozen=True):
    """The nested list of a road map in reading order: (level from 1, provision or measure)."""

    items: list[tuple[int, str]]


class Package(_Content, frozen=True):
    """Proposals on different subjects that hold together or not at all."""

    title: Languages
    members: list[str]

    @property
    def texts(self) -> tuple[Languages, ...]:
        """The title."""
        return (self.title,)


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change of the list of road maps: withdraw, merge, split, succeed."""

    change: Literal["withdraw", "merge", "split", "succeed"]
    old: list[str]
    new: list[str] = []
    date: str = ""
    note: Languages = {}


class Lineage(_Content, frozen=True):
    """A charter that follows the first one: what became of road maps, oldest first."""

    steps: list[Step]


class Paper(_Content, frozen=True):
    """Meetings, minutes, decisions, taskings: titled words with fields; a term; that a text is verified."""

    words: Languages
    heading: Languages = {}
    fields: dict[str, str] = {}

    @property
    def texts(self) -> tuple[Languages, ...]:
        """The words, and the heading where there is one."""
        return (self.words, self.heading) if self.words and self.heading else (self.words or self.heading,)


Content = Words | Deadline | Bodies | Indicator | Card | Outline | Package | Lineage | Paper

_CELL_TYPES: dict[str, type[Content]] = {
    "action": Words,
    "bodies": Bodies,
    "deadline": Deadline,
    "completion": Words,
    "indicator": Indicator,
}
_SUBJECT_TYPES: dict[str, type[Content]] = {
    "provision": Words,
    "card": Card,
    "outline": Outline,
    "package": Package,
    "charter": Lineage,
    "meeting": Paper,
    "minutes": Paper,
    "decision": Paper,
    "tasking": Paper,
    "term": Paper,
    "verification": Paper,
}
_SUBJECT = re.compile(
    r"(provision:[a-z0-9-]{1,64}/[a-z0-9-]{1,64}"
    r"|measure:[a-z0-9-]{1,64}/[a-z0-9-]{1,64}/(?:action|bodies|deadline|completion|indicator)"
    r"|(?:card|outline|verification):[a-z0-9-]{1,64}|package:[a-z0-9-]{1,64}|charter"
    r"|(?:meeting|minutes|decision|tasking|term):[a-z0-9-]{1,64})"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a proposal is about.

    Written `provision:<road map>/<id>`, `measure:<road map>/<id>/<cell>`, `card:<road map>`,
    `outline:<road map>`, `verification:<road map>`, `package:<id>`, `charter`, `meeting:<id>`, and so on.
    """

    name: str
    kind: str
    content: type[Content]  # the structure that a content on this subject has
    road_map: str = ""  # "" where it belongs to none
    cell: str = ""
    room: str = ""  # the object `road_map:<road map>`, or ""


_subjects: dict[str, Subject] = {}
_canonical = msgspec.json.Encoder(order="sorted")  # contents come from canonical lines, or go into them
_once: dict[str, str] = {}
_named: tuple[Propose | None, str] = (None, "")
_opened: tuple[Propose, Content] | None = None


def subject(name: str) -> Subject:
    """Read the name of a subject; ValueError where it is none."""
    known = _subjects.get(name)
    if known is None:
        if not _SUBJECT.fullmatch(name):
            raise ValueError(f"not a subject: {name[:80]!r}")
        kind, _, rest = name.partition(":")
        parts = rest.split("/")
        in_map = kind in ("provision", "measure", "card", "outline", "verification")
        if in_map:
            cell = parts[2] if kind == "measure" else ""
            content = _CELL_TYPES[cell] if cell else _SUBJECT_TYPES[kind]
            known = Subject(name, kind, content, parts[0], cell, f"road_map:{parts[0]}")
        else:
            known = Subject(name, kind, _SUBJECT_TYPES[kind])
        _subjects[name] = known
    return known


def provision(road_map: str, key: str) -> str:
    """The subject of a provision."""
    return f"provision:{road_map}/{key}"


def measure(road_map: str, key: str) -> str:
    """The permanent id of a measure, as outlines name it; its subjects are `<id>/<cell>`."""
    return f"measure:{road_map}/{key}"


def proposal_id(subject_name: str, content: Mapping[str, Any]) -> str:
    """The name of a proposal: equal words on one subject are one proposal, whoever proposes them."""
    return fingerprint(subject_name.encode() + b"\n" + _canonical.encode(content))


def name_of(act: Propose) -> str:
    """The name of the proposal that an act puts forward; the last one is remembered."""
    global _named
    if _named[0] is not act:
        _named = (act, proposal_id(act.subject, act.content))
    return _named[1]


def content_of(act: Propose) -> Content:
    """
    The typed content of a proposal; the last one is remembered.

    Raises:
        msgspec.ValidationError, ValueError: it is malformed, or its subject is.
    """
    global _opened
    if _opened is None or _opened[0] is not act:
        _opened = (act, msgspec.convert(act.content, subject(act.subject).content))
    return _opened[1]


# ---------------------------------------------------------------- acts in and out of entries


class Placed(msgspec.Struct, frozen=True, gc=False):
    """An act at its place in the record, as the fold reads it."""

    log: str
    n: int
    by: str  # key id
    at: str  # claimed
    past: Mapping[str, int]  # other logs -> how many of their entries lie in this one's past
    act: Act | None  # None: closed, or not understood
    trouble: str = ""  # why it has no effect whatever it means; "closed": not for this reader

    @property
    def order(self) -> tuple[int, str, str]:
        """A place among all entries that comes after everything this one knew, whatever clocks claim."""
        return self.n + sum(self.past.values()), self.at, self.log

    def knew(self, log: str, n: int) -> bool:
        """Say whether entry n of that log lies in the past of this one."""
        return n < (self.n if log == self.log else self.past.get(log, 0))


def pack(act: Act) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The act as the JSON object that stands in the record, and the blobs that it names."""
    value = to_json(act)
    if isinstance(act, Attest) and isinstance(act.container, str):
        salt, data = secrets.token_bytes(32), base64.b64decode(act.container)
        name = blob_name(salt, data)
        value["container"] = {"blob": name, "salt": salt.hex(), "size": len(data)}
        return value, {name: data}
    field = _LARGE.get(value["kind"], "")
    most = INLINE_LINES if field == "lines" else INLINE
    if field not in value or len(data := encode(value[field])) <= most:
        return value, {}
    salt = secrets.token_bytes(32)
    name = blob_name(salt, data)
    value[field] = {"blob": name, "salt": salt.hex(), "size": len(data)}
    return value, {name: data}


def to_json(act: Act) -> dict[str, Any]:
    """The act as a JSON object; defaults are left out."""
    full = msgspec.to_builtins(act)
    plain = {
        name: full[name]
        for name, default in zip(act.__struct_fields__, _padded_defaults(type(act)), strict=True)
        if full[name] != default
    }
    return {"kind": full["kind"], **plain}


def from_json(value: Mapping[str, Any]) -> Act:
    """Read an act; msgspec.ValidationError where it is unknown or malformed."""
    kind = _KINDS.get(str(value.get("kind")))
    if kind is None:
        raise msgspec.ValidationError(f"an act of unknown kind: {str(value.get('kind'))[:40]}")
    return msgspec.convert(value, kind)


def open_act(value: Mapping[str, Any], blobs: Mapping[str, bytes]) -> Act:
    """Read an act that `pack` has written, with the blobs that it names."""
    return from_json(_unpacked(value, blobs.get))


class _Opened(msgspec.Struct, gc=False):
    act: AnyAct


_open: Callable[[bytes], _Opened] = msgspec.json.Decoder(_Opened).decode


def read(entry: Entry, blob: Callable[[str], bytes | None] | None = None) -> Placed:
    """What the fold needs of an admitted entry; `blob` gives the larger contents by name."""
    act: Act | None = None
    trouble = entry.void
    if entry.act is None and entry.content is None:
        trouble = "closed"
    elif entry.act is not None or not trouble:
        try:
            if entry.content is not None:
                act = _act_in(entry.content)
            if act is None:
                value = entry.act or msgspec.json.decode(entry.content or b"")["act"]
                act = from_json(_unpacked(value, blob))
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            trouble = f"not understood: {error}"
    by = _once.setdefault(entry.by, entry.by)  # one string for each key and log, not one for each entry
    return Placed(_once.setdefault(entry.log, entry.log), entry.n, by, entry.at, entry.past, act, trouble)


def _act_in(content: bytes) -> Act | None:
    """The act in a content line; None where it names a blob, or is malformed: the slower way says how."""
    try:
        act = _open(content).act
    except msgspec.ValidationError:
        return None
    return None if type(act) is Propose and "blob" in act.content else act


def _unpacked(value: Mapping[str, Any], blob: Callable[[str], bytes | None] | None) -> Mapping[str, Any]:
    kind = value.get("kind")
    field = "content" if kind == "propose" else "lines" if kind == "initial" else ""
    large = value.get(field)
    if not isinstance(large, dict) or "blob" not in large:
        return value
    data = blob(str(large["blob"])) if blob else None
    if data is None:
        raise ValueError(f"the blob {large['blob']} of an admitted entry is not held")
    if blob_name(bytes.fromhex(large["salt"]), data) != large["blob"]:
        raise ValueError(f"the blob {large['blob']} of an admitted entry is damaged")
    return {**value, field: msgspec.json.decode(data)}


def _padded_defaults(kind: type[Act]) -> tuple[Any, ...]:
    """The default of every field in order; a marker where there is none."""
    known = _defaults.get(kind)
    if known is None:
        known = tuple(
            field.default
            if field.default is not msgspec.NODEFAULT
            else field.default_factory()
            if _is_factory(field.default_factory)
            else _NONE
            for field in msgspec.structs.fields(kind)
        )
        _defaults[kind] = known
    return known


def _is_factory(value: Callable[[], Any] | Any) -> bool:
    return value is not msgspec.NODEFAULT


_KINDS: dict[str, type[Act]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyAct)}
_LARGE = {"propose": "content", "initial": "lines"}  # the field of an act that may be large
_NONE = object()
_defaults: dict[type[Act], tuple[Any, ...]] = {}
