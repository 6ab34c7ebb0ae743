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
class Wording:
    """One wording of a subject: party, words by language."""

    party: str
    words: dict[str, str]


@dataclass
class Piece:
    """A provision or a cell, with what each party wants of it."""

    key: str
    heading: dict[str, str]
    words: dict[str, str] | None  # agreed words, or None where parties differ
    wordings: list[Wording] = field(default_factory=list)
    proposed_by: str = ""  # a new provision of one party
    deletion_by: str = ""
    ad_referendum: str = ""  # the party that accepts ad referendum only
    substance: str = ""  # the party whose wording the other accepts in substance
    only: str = ""  # one party's words, the other silent
    reserve: tuple[str, str] | None = None


@dataclass
class Plan:
    """All that the demo knows of one road map."""

    id: str
    number: int
    title: dict[str, str]
    area: str
    lead: dict[str, str]
    depends_on: list[str]
    basis: str
    sections: list[tuple[str, dict[str, str], list[Piece]]]
    measures: list[dict[str, Any]] = field(default_factory=list)
    returned: dict[str, Any] = field(default_factory=dict)
    draft: bool = False

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
        row["area"],
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
    return Piece(
        "aim",
        {"ru": "Цель", "en": "Aim"},
        {
            "ru": f"Целью дорожной карты «{title['ru']}» является согласованное сближение законодательства и"
            f" практики Сторон в этой области. Ответственные исполнители: {who[0]['ru']} (Республика Беларусь)"
            f" и {who[-1]['ru']} (Российская Федерация).",
            "en": f"The aim of the road map “{title['en']}” is the co-ordinated convergence of the law and practice"
            f" of the Parties in this field. Responsible bodies: {who[0]['en']} (Republic of Belarus) and"
            f" {who[-1]['en']} (Russian Federation).",
        },
    )


def _full(plan: Plan, text: dict[str, Any]) -> None:
    common = tomllib.loads((ROOM / "texts" / "common.toml").read_text(encoding="utf-8"))
    for key, ru, en in [*text["sections"], common["section"]]:
        found = [_piece(p) for p in text["p"] if p["s"] == key]
        if key == common["section"][0]:
            found = [_piece(p) for p in common["p"]]
        plan.sections.append((f"s-{key}", {"ru": ru, "en": en}, found))
    plan.returned = text.get("returned", {})
    plan.draft = text.get("draft", False)
    plan.measures = [
        _measure(row, text) for row in table("demo_measures") if row["road_map"] == plan.id
    ]


def _piece(given: dict[str, Any]) -> Piece:
    wordings = [
        Wording(name[:2], {"ru": given[name][0], "en": given[name][1]})
        for name in ("BY", "RU", "BY2")
        if name in given
    ]
    words = {"ru": given["ru"], "en": given["en"]} if "ru" in given else None
    reserve = given.get("reserve")
    return Piece(
        given["key"],
        {"ru": given["h"][0], "en": given["h"][1]},
        words,
        wordings,
        given.get("proposed_by", ""),
        given.get("deletion_by", ""),
        given.get("ad_referendum", ""),
        given.get("substance", ""),
        given.get("only", ""),
        (reserve[0], reserve[1]) if reserve else None,
    )


def _measure(row: dict[str, str], text: dict[str, Any]) -> dict[str, Any]:
    """The five cells of a measure as contents; in dispute two of one of them."""
    deadline_source = f"deadline: {row['deadline_confidence']}"
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
            "source": f"{row['figure_source']} ({row['confidence']}; {deadline_source})",
        },
    }
    rival: dict[str, Any] = {}
    cell = text.get("cells", {}).get(row["no"])
    if cell == "deadline":
        by, ru = text["dates"][row["no"]]
        rival = {"BY": {"date": by}, "RU": {"date": ru}}
    elif cell == "indicator":
        rival = {
            party: {**cells["indicator"], "words": words} for party, words in _texts(row).items()
        }
    elif cell:
        rival = {party: {"words": words} for party, words in _texts(row).items()}
    return {"key": f"m{row['no']}", "cells": cells, "disputed": cell or "", "rival": rival}


def _texts(row: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        "BY": {"ru": row["by_text_ru"].rstrip(), "en": row["by_text_en"].rstrip()},
        "RU": {"ru": row["ru_text_ru"].rstrip(), "en": row["ru_text_en"].rstrip()},
    }
