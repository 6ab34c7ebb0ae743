"""The board of road maps, and whose turn it is."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from paraph.node.access import members
from paraph.node.current import journal
from paraph.pages.frame import reading
from paraph.pages.lineage import told
from paraph.pages.outlook import forecast_of
from paraph.pages.sayings import name_of
from paraph.pages.shown import languages
from paraph.sentences import in_language
from paraph.state import agreement, roadmaps
from paraph.state.programme import Programme
from paraph.state.roadmaps import RoadMap

SORTS = ("number", "waiting", "open", "blocks")


@require_GET
@members
def home(request: HttpRequest) -> HttpResponse:
    """The first page of a party's node is the board."""
    return redirect("board")


@require_GET
@members
def board(request: HttpRequest) -> HttpResponse:
    """All road maps on one screen, the open ones first."""
    programme = journal().programme()
    every = roadmaps.road_maps(programme)
    first = reading(programme)
    maps = _chosen(programme, every, request)
    counts = roadmaps.counted(every)
    blocks = roadmaps.blocks(programme)
    numbers = {one.id: one.number for one in every}
    context = {
        "forecasts": forecast_of([one.id for one in every if one.count != "agreed"]),
        "open_maps": [_card(programme, one, blocks, numbers) for one in maps if one.count != "agreed"],
        "agreed_maps": [_card(programme, one, blocks, numbers) for one in maps if one.count == "agreed"],
        "counts": counts,
        "total": len(every),
        "stages": sorted({one.stage for one in every}, key=(*roadmaps.STAGES, "returned", "suspended").index),
        "areas": sorted({in_language(one.area, first) for one in every if one.area}),
        "chosen": request.GET,
        "sorts": SORTS,
        "table": request.GET.get("view") == "table",
        "found": len(maps),
        "lineage": told(programme, roadmaps.lineage(programme), first),
        "charter": "charter" in programme.on,
    }
    return render(request, "board.html", context)


def _chosen(programme: Programme, every: list[RoadMap], request: HttpRequest) -> list[RoadMap]:
    """The road maps that fit the filters, in the order asked for."""
    asked = request.GET
    maps = every
    if asked.get("turn"):
        maps = [one for one in maps if one.turn == asked["turn"]]
    if asked.get("stage"):
        maps = [one for one in maps if one.stage == asked["stage"]]
    if asked.get("area"):
        maps = [one for one in maps if asked["area"] in one.area.values()]
    if words := asked.get("q", "").casefold().split():
        maps = [one for one in maps if all(word in _haystack(one) for word in words)]
    blocks = roadmaps.blocks(programme)
    match asked.get("sort"):
        case "waiting":
            maps = sorted(maps, key=lambda one: one.waiting_since.at if one.waiting_since else "9")
        case "open":
            maps = sorted(maps, key=lambda one: -(one.counts["bracketed"] + one.counts["proposed"]))
        case "blocks":
            maps = sorted(maps, key=lambda one: -len(blocks.get(one.id, ())))
    return maps


def _haystack(one: RoadMap) -> str:
    bodies = [name for names in one.card.bodies.values() for body in names for name in body.values()]
    return " ".join([str(one.number), one.id, *one.title.values(), *one.area.values(), *bodies]).casefold()


def _card(
    programme: Programme, one: RoadMap, blocks: dict[str, list[str]], numbers: dict[str, int]
) -> dict[str, Any]:
    """What the board says of one road map."""
    first = reading(programme)
    others = [language for language in languages(programme) if language != first]
    open_needs = [
        numbers[needed]
        for needed in one.card.depends_on
        if needed in numbers and roadmaps.road_map(programme, needed).count != "agreed"
    ]
    return {
        "map": one,
        "last": roadmaps.last_movement(programme, one.id),
        "title": in_language(one.title, first),
        "language": first,
        "other_title": next((one.title[other] for other in others if other in one.title), ""),
        "other_language": next((other for other in others if other in one.title), ""),
        "blocks": sorted(numbers[name] for name in blocks.get(one.id, ()) if name in numbers),
        "waits_for": sorted(open_needs),
        "holders": sorted({reserve.party for reserve in one.reserves}),
    }


@require_GET
@members
def turn(request: HttpRequest) -> HttpResponse:
    """Your turn: the own moves by waiting time."""
    programme = journal().programme()
    me = journal().me or ""
    first = reading(programme)
    moves: list[dict[str, Any]] = []
    for one in roadmaps.road_maps(programme):
        standings = [one.card_standing, one.outline_standing, *(s for i in one.items for s in i.standings)]
        for standing in standings:
            placed = standing.waiting.get(me)
            if placed is not None:
                moves.append({"map": one, "standing": standing, "since": placed})
    beside = [agreement.standing(programme, about) for about in programme.beside()]
    moves += [{"standing": one, "since": one.waiting[me]} for one in beside if me in one.waiting]
    moves.sort(key=lambda m: (datetime.fromisoformat(m["since"].at), m["map"].number if "map" in m else 0))
    for move in moves:
        move["name"] = name_of(programme, move["standing"].subject, first)
        if "map" in move:
            move["title"] = in_language(move["map"].title, first)
    turns = [*(one.turns.elements() for one in roadmaps.road_maps(programme)), *(one.turns for one in beside)]
    theirs = Counter(party for parties in turns for party in parties if party != me)
    return render(request, "turn.html", {"moves": moves, "theirs": sorted(theirs.items())})
