"""What is known of the Union State's road maps, and the reconstructed words, read from files.

Facts carry source and confidence. No text of a road map was ever published: all words are a
reconstruction, every conflicting wording is illustrative.
"""

import csv
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOM = Path(__file__).parent / "unionstate"
AREAS = {  # an area of the facts -> its Russian name
    "agriculture and food": "сельское хозяйство и продовольствие",
    "communications": "связь",
    "energy": "энергетика",
    "finance": "финансы",
    "health": "здравоохранение",
    "industry": "промышленность",
    "law": "право",
    "macro-finance": "макроэкономика и финансы",
    "market rules": "правила рынка",
    "property": "собственность",
    "social": "социальная сфера",
    "tax and customs": "налоги и таможня",
    "trade": "торговля",
    "transport": "транспорт",
}
DAY = "2021-02-22"  # the evening on which the demo stands


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV of facts."""
    with (ROOM / "facts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def bodies() -> dict[str, dict[str, str]]:
    """Code of a body -> its names."""
    return {row["code"]: {"ru": row["name_ru"], "en": row["name_en"]} for row in table("demo_bodies")}


@dataclass(frozen=True)
class Tabled:
    """One wording put forward: by whom, when, and who took which stance on it."""

    party: str
    words: dict[str, str]
    date: str  # ISO
    stances: dict[str, str]  # party -> "accepts confirmed"


@dataclass
class Piece:
    """A provision, with what each party wants of it."""

    key: str
    heading: dict[str, str]
    words: dict[str, str] | None  # agreed words, or None where parties differ
    tabled: list[Tabled] = field(default_factory=list)
    proposed_by: str = ""  # a new provision of one party
    deletion_by: str = ""
    ad_referendum_by: str = ""  # the party that accepts ad referendum only
    reserves: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@dataclass
class Plan:
    """All that the demo knows of one road map."""

    id: str
    number: int
    title: dict[str, str]
    area: dict[str, str]
    lead: dict[str, str]
    depends_on: list[str]
    basis: str
    sections: list[tuple[str, dict[str, str], list[Piece]]]
    measures: list[dict[str, Any]] = field(default_factory=list)
    returned: dict[str, Any] = field(default_factory=dict)

    @property
    def pieces(self) -> list[Piece]:
        """All provisions in order."""
        return [piece for _key, _heading, pieces in self.sections for piece in pieces]


def plans() -> dict[str, Plan]:
    """The 33 road maps of the demo's day."""
    return {row["id"]: _plan(row) for row in table("demo_33")}


def _plan(row: dict[str, str]) -> Plan:
    plan = Plan(
        row["id"],
        int(row["number"]),
        {"ru": row["title_ru"], "en": row["title_en"]},
        {"ru": AREAS[row["area"]], "en": row["area"]},
        {"BY": row["lead_by"], "RU": row["lead_ru"]},
        row["depends_on"].split(),
        f"{row['basis']}; {row['source']}; {row['confidence']}",
        [],
    )
    path = ROOM / "texts" / f"{row['id']}.toml"
    if path.exists():
        _full(plan, tomllib.loads(path.read_text(encoding="utf-8")))
    else:
        plan.sections = [("", {}, [aim(plan.id, plan.title, plan.lead)])]
    return plan


def aim(name: str, title: dict[str, str], lead: dict[str, str]) -> Piece:
    """The one provision of a road map of which only title, aim and bodies are shown."""
    who = [bodies().get(code, {"ru": code, "en": code}) for code in lead.values()]
    ru, en = (f"{who[0][tongue]}|{who[-1][tongue]}".split("|") for tongue in ("ru", "en"))
    return Piece(
        "aim",
        {"ru": "Цель", "en": "Aim"},
        {
            "ru": f"Целью дорожной карты «{title['ru']}» является согласованное сближение"
            " законодательства и практики Сторон в этой области."
            f" Ответственные исполнители: {ru[0]} (Республика Беларусь) и {ru[1]} (Российская Федерация).",
            "en": f"The aim of the road map “{title['en']}” is the co-ordinated convergence of the law"
            " and practice of the Parties in this field."
            f" Responsible bodies: {en[0]} (Republic of Belarus) and {en[1]} (Russian Federation).",
        },
    )


def _full(plan: Plan, text: dict[str, Any]) -> None:
    for section in text["section"]:
        found = [_piece(given) for given in section["provision"]]
        plan.sections.append((f"s-{section['key']}", section["heading"], found))
    plan.returned = text.get("returned", {})
    disputes = {one["no"]: one["conflict"] for one in text.get("measure", []) if "conflict" in one}
    plan.measures = [
        _measure(row, disputes.get(int(row["no"])))
        for row in table("demo_measures")
        if row["road_map"] == plan.id
    ]


def _piece(given: dict[str, Any]) -> Piece:
    words = {"ru": given["ru"], "en": given["en"]} if "ru" in given else None
    return Piece(
        given["key"],
        given["heading"],
        words,
        [
            Tabled(one["party"], {"ru": one["ru"], "en": one["en"]}, str(one["date"]), one["stances"])
            for one in given.get("proposal", [])
        ],
        given.get("proposed_by", ""),
        given.get("deletion_by", ""),
        given.get("ad_referendum_by", ""),
        [(one["party"], one["type"], one.get("note", {})) for one in given.get("reserve", [])],
    )


def _measure(row: dict[str, str], dispute: dict[str, Any] | None) -> dict[str, Any]:
    """The five cells of a measure as contents; in dispute one of them stands there twice."""
    dated = f"deadline: {row['deadline_confidence']}"
    cells: dict[str, Any] = {
        "action": {"words": {"ru": row["action_ru"], "en": row["action_en"]}},
        "bodies": {
            "bodies": {
                "BY": [{"ru": row["body_by_name_ru"], "en": row["body_by_en"]}],
                "RU": [{"ru": row["body_ru_name_ru"], "en": row["body_ru_en"]}],
            }
        },
        "deadline": {"date": row["deadline"]},
        "completion": {"words": {"ru": row["completion_ru"], "en": row["completion_en"]}},
        "indicator": {
            "words": {"ru": row["indicator_ru"], "en": row["indicator_en"]},
            "unit": row["unit"],
            "target": row["target"],
            "source": f"{row['figure_source']} ({row['confidence']}; {dated})",
        },
    }
    rival: dict[str, Any] = {}
    if dispute:
        for party in ("BY", "RU"):
            wanted = dispute[party.lower()]
            rival[party] = (
                {"date": str(wanted)}
                if dispute["cell"] == "deadline"
                else {**cells[dispute["cell"]], "words": wanted}
            )
    return {
        "key": f"m{row['no']}",
        "cells": cells,
        "disputed": dispute["cell"] if dispute else "",
        "rival": rival,
    }
