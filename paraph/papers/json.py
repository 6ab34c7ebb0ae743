"""The programme as JSON, for other programs: what stands where, and what makes it so."""

from typing import Any

import msgspec

from paraph.acts import Attest
from paraph.state import agreement
from paraph.state.programme import Programme
from paraph.state.roadmaps import RoadMap, road_maps


def programme_as_json(programme: Programme) -> dict[str, Any]:
    """The charter, the heads, and every road map with its text as it stands."""
    return {
        "programme": programme.charter.prog,
        "name": programme.charter.name,
        "marks": programme.charter.marks,
        "parties": list(programme.parties),
        "languages": {
            "authentic": programme.charter.authentic,
            "working": programme.charter.working,
        },
        "as_of": programme.sizes(),
        "road_maps": [_road_map(programme, one) for one in road_maps(programme)],
        "attested": [
            {
                "entry": f"{placed.log}:{placed.n}",
                "fingerprint": act.fingerprint,
                "form": act.form,
                "file": act.file,
                "claimed": placed.at,
            }
            for party in programme.parties
            for placed in programme.by[party].entries
            if isinstance(act := placed.act, Attest) and (party, placed.n) not in programme.voids
        ],
    }


def _road_map(programme: Programme, one: RoadMap) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": one.number,
        "title": one.title,
        "area": one.area,
        "bodies": one.card.bodies,
        "depends_on": one.card.depends_on,
        "marks": one.card.marks,
        "stage": one.stage,
        "counts_as": one.count,
        "turn": one.turn,
        "fingerprint": one.composed.text,
        "items": [
            {
                "id": item.id,
                "number": item.number,
                "kind": item.kind,
                "level": item.level,
                "state": item.state,
                "subjects": [_subject(programme, s) for s in item.standings],
            }
            for item in one.items
        ],
    }


def _subject(programme: Programme, found: agreement.Standing) -> dict[str, Any]:
    return {
        "subject": found.subject,
        "state": found.state,
        "agreed": found.agreed,
        "reserves": [{"party": r.party, "type": r.type} for r in found.reserves],
        "proposals": [
            {
                "id": name,
                "authors": sorted(programme.proposals[name].last),
                "content": msgspec.to_builtins(programme.content(name)),
                "translations": {
                    language: dict(given)
                    for language, given in programme.proposals[name].translations.items()
                },
                "stances": {
                    party: [said.position, said.strength]
                    for party in programme.parties
                    if (said := agreement.stance(programme, party, name)) is not None
                },
            }
            for name in found.live
        ],
    }
