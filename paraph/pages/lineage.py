"""What becomes of road maps: withdrawn, merged, divided, succeeded. The charter's lineage, step by step."""

from typing import Any

import msgspec
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paraph import acts as a
from paraph.node.access import negotiators
from paraph.node.current import journal
from paraph.pages.acting import noted, record, strength_of
from paraph.pages.frame import reading
from paraph.pages.sayings import CHANGES, said
from paraph.pages.shown import languages, road_map_name
from paraph.sentences import in_language
from paraph.state import agreement, roadmaps, rules
from paraph.state.errors import Refused
from paraph.state.programme import Programme

DRAFT = "lineage"  # the steps that a person has written, in the session: they stay on this node


def told(programme: Programme, steps: list[a.Step], language: str) -> list[dict[str, Any]]:
    """Steps for a reader: the road maps by their names."""
    return [
        {
            "change": CHANGES[step.change],
            "old": [(name, road_map_name(programme, name, language)) for name in step.old],
            "new": [(name, road_map_name(programme, name, language)) for name in step.new],
            "date": step.date,
            "note": in_language(step.note, language),
        }
        for step in steps
    ]


def steps_of(programme: Programme, proposal: str, language: str) -> list[dict[str, Any]]:
    """The steps that a charter proposal carries; those that are in force already say so."""
    content = programme.content(proposal)
    steps = content.steps if isinstance(content, a.Lineage) else []
    standing = roadmaps.lineage(programme)
    found = told(programme, steps, language)
    for place, one in enumerate(found):
        one["in_force"] = steps[: place + 1] == standing[: place + 1]
    return found


def around(programme: Programme, road_map: str, language: str) -> list[dict[str, Any]]:
    """The steps in force that ended a road map, or from which it goes on."""
    mine = [step for step in roadmaps.lineage(programme) if road_map in (*step.old, *step.new)]
    return told(programme, mine, language)


class StepForm(forms.Form):
    """One step: what happens to which road maps."""

    change = forms.ChoiceField(choices=list(CHANGES.items()), label=gettext_lazy("What happens"))
    old = forms.MultipleChoiceField(required=False)
    new = forms.MultipleChoiceField(required=False)
    date = forms.DateField(required=False, label=gettext_lazy("Date"))

    def __init__(self, data: Any, road_maps: list[str]) -> None:
        super().__init__(data)
        for name in ("old", "new"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(one, one) for one in road_maps]


@negotiators
def new(request: HttpRequest) -> HttpResponse:
    """Write the steps of a charter one by one, read them, and propose the whole."""
    programme = journal().programme()
    first = reading(programme)
    standing = roadmaps.lineage(programme)
    draft = _draft(request)
    form = StepForm(None, [])
    match request.POST.get("do"):
        case "add":
            form = StepForm(request.POST, roadmaps.opened(programme))
            if form.is_valid() and _add(request, programme, standing, draft, form.cleaned_data):
                return _keep(request, draft)
        case "take" if request.POST.get("step", "").isdecimal():
            del draft[int(request.POST["step"]) : int(request.POST["step"]) + 1]
            return _keep(request, draft)
        case "send" if draft:
            content = {"steps": msgspec.to_builtins([*standing, *draft])}
            acts: list[a.Act] = [a.Propose("charter", content, note=noted(request))]
            if strength := strength_of(request):
                acts.append(a.TakeStance(a.proposal_id("charter", content), "accepts", strength))
            if record(request, acts, _("The charter is proposed.")):
                request.session.pop(DRAFT, None)
                return redirect("subject", about="charter")
    gone = {name for step in [*standing, *draft] for name in step.old}
    maps = [one for one in roadmaps.road_maps(programme) if one.id not in gone]
    context = {
        "in_force": told(programme, standing, first),
        "draft": told(programme, draft, first),
        "form": form,
        "changes": CHANGES.items(),
        "maps": [(one.id, one.number, road_map_name(programme, one.id, first)) for one in maps],
        "languages": languages(programme),
        "posted": request.POST,
        "old": request.POST.getlist("old"),
        "new": request.POST.getlist("new"),
        "on_table": "charter" in programme.on and agreement.standing(programme, "charter").state != "agreed",
    }
    return render(request, "new_lineage.html", context)


def _draft(request: HttpRequest) -> list[a.Step]:
    return msgspec.convert(request.session.get(DRAFT, []), list[a.Step])


def _keep(request: HttpRequest, draft: list[a.Step]) -> HttpResponse:
    request.session[DRAFT] = msgspec.to_builtins(draft)
    return redirect("new-lineage")


def _add(
    request: HttpRequest,
    programme: Programme,
    standing: list[a.Step],
    draft: list[a.Step],
    asked: dict[str, Any],
) -> bool:
    """Add a step to the draft where the rules allow it; what goes on under its own name is not ended."""
    note = {
        language: words
        for language in languages(programme)
        if (words := request.POST.get(f"note_{language}", "").strip()[:2000])
    }
    old = [name for name in asked["old"] if name not in asked["new"]]
    date = asked["date"].isoformat() if asked["date"] else ""
    draft.append(a.Step(asked["change"], old, asked["new"], date, note))
    try:
        rules.check_lineage(programme, a.Lineage([*standing, *draft]))
    except Refused as refused:
        draft.pop()
        messages.error(request, said(refused.sentence))
        return False
    return True
