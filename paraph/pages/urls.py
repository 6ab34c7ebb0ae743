"""All addresses of the pages."""

from django.urls import path

from paraph.pages import (
    board,
    closing,
    decisions,
    frame_views,
    lineage,
    packages,
    provision,
    public,
    record,
    roadmap,
)

urlpatterns = [
    path("", board.home, name="home"),
    path("board", board.board, name="board"),
    path("turn", board.turn, name="turn"),
    path("map/new", roadmap.new, name="new-road-map"),
    path("map/<slug:name>", roadmap.text, name="road-map"),
    path("map/<slug:name>/outline", roadmap.outline, name="outline"),
    path("map/<slug:name>/return", roadmap.send_back, name="return"),
    path("map/<slug:name>/resume", roadmap.resume, name="resume"),
    path("map/<slug:name>/closing", closing.page, name="closing"),
    path("packages", packages.page, name="packages"),
    path("packages/new", packages.new, name="new-package"),
    path("packages/gather", packages.gather, name="gather"),
    path("decisions", decisions.page, name="decisions"),
    path("decisions/<slug:kind>/new", decisions.new, name="new-paper"),
    path("lineage/new", lineage.new, name="new-lineage"),
    path("closing/<path:about>", closing.closing_of, name="closing-of"),
    path("on/<path:about>/propose", provision.propose, name="propose"),
    path("on/<path:about>/stance", provision.stance, name="stance"),
    path("on/<path:about>/reserve", provision.reserve, name="reserve"),
    path("on/<path:about>/remark", provision.remark, name="remark"),
    path("on/<path:about>/note", provision.note, name="note"),
    path("on/<path:about>", provision.page, name="subject"),
    path("record", record.timeline, name="timeline"),
    path("record/exchange", record.exchange, name="exchange"),
    path("record/bundle/<str:to>", record.bundle, name="bundle"),
    path("record/<str:log>/<int:n>", record.entry, name="entry"),
    path("record/<str:log>/<int:n>/note", record.raw_note, name="raw-note"),
    path("pulse", frame_views.pulse, name="pulse"),
    path("display", frame_views.display, name="display"),
    path("public", public.page, name="public"),
]
