"""How are numbers drawn? As SVG from the server, without script and inline style; a table stands beside each.

Every chart is 640 units wide and as wide as its place on the page; colours and strokes are classes of the
stylesheet. Text in a chart is for eyes: `title` says in a sentence what it shows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext_lazy

WIDE, LEFT, RIGHT, TOP, FOOT = 640, 44, 16, 14, 26
Point = tuple[float, float]  # day, value
MONTH = pgettext_lazy("a date in a table", "M Y")


@dataclass(frozen=True)
class Bar:
    """A line of a chart of ranges: from, middle, to, in days; `middle` None for none."""

    label: str
    low: float
    high: float
    middle: float | None = None
    value: str = ""


@dataclass(frozen=True)
class _Days:
    """Days on the way across."""

    first: float
    last: float
    left: float = LEFT

    def x(self, day: float) -> float:
        share = (min(max(day, self.first), self.last) - self.first) / max(1.0, self.last - self.first)
        return round(self.left + share * (WIDE - self.left - RIGHT), 1)

    def ticks(self) -> Iterable[tuple[float, str]]:
        """First days of months, quarters or years, about six of them."""
        months = (self.last - self.first) / 30.44
        step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if months / step <= 7), 120)
        at = date.fromordinal(int(self.first)).replace(day=1)
        while at.toordinal() <= self.last:
            if at.toordinal() >= self.first and (at.year * 12 + at.month - 1) % step == 0:
                yield at.toordinal(), str(at.year) if step >= 12 else date_format(at, str(MONTH))
            at = at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)


def s_curve(
    title: str, curve: Sequence[Point], before: Sequence[Point], today: float, by: float, last: float
) -> SafeString:
    """
    The chance that it is done against the day.

    Args:
        curve: rising points of day and per cent; before: those of a month ago, drawn in grey.
        by: the day that is asked about, drawn as a line.
        last: the day at which the chart ends.
    """
    height = 260
    days = _Days(today, last)

    def y(value: float) -> float:
        return round(TOP + (1 - value / 100) * (height - TOP - FOOT), 1)

    def path(points: Sequence[Point]) -> str:
        inside = [point for point in points if point[0] <= last]
        if not inside:
            return ""
        steps = [f"M{days.x(inside[0][0])} {y(0)}"]
        steps += [f"L{days.x(day)} {y(value)}" for day, value in inside]
        return "".join(steps)

    parts = [_across(days, height), _levels(y, (0, 25, 50, 75, 100), "%")]
    if before:
        parts.append(format_html('<path class="before" d="{}"/>', path(before)))
    parts.append(format_html('<path class="curve" d="{}"/>', path(curve)))
    if today < by <= last:
        parts.append(_mark(days.x(by), height))
    return _svg(title, height, parts)


def ranges(title: str, bars: Sequence[Bar], today: float, last: float, by: float = 0) -> SafeString:
    """A line for each thing: from when to when, and the middle; an arrow where it goes on beyond."""
    step, left = 26, 190
    height = TOP + step * len(bars) + FOOT
    days = _Days(today, last, left)
    parts = [_across(days, height)]
    for place, bar in enumerate(bars):
        y = TOP + step * place + step // 2
        parts.append(_label(bar.label, left - 8, y))
        parts.append(
            format_html(
                '<line class="range" x1="{}" x2="{}" y1="{}" y2="{}"/>',
                days.x(bar.low), days.x(bar.high), y, y,
            )
        )  # fmt: skip
        if bar.high > last:
            parts.append(_beyond(y))
        if bar.middle is not None and bar.middle <= last:
            parts.append(format_html('<circle class="middle" cx="{}" cy="{}" r="4"/>', days.x(bar.middle), y))
    if today < by <= last:
        parts.append(_mark(days.x(by), height))
    return _svg(title, height, parts)


def tornado(title: str, bars: Sequence[Bar], middle: float, last: float) -> SafeString:
    """How far each cause moves a day to either side of the middle, at most to the last day."""
    step, left = 26, 190
    height = TOP + step * len(bars) + FOOT
    days = _Days(min([middle, *(bar.low for bar in bars)]), last, left)
    parts = [_across(days, height)]
    for place, bar in enumerate(bars):
        y = TOP + step * place + 5
        parts.append(_label(bar.label, left - 8, y + 8))
        for name, day in (("early", bar.low), ("late", bar.high)):
            a, b = sorted((days.x(middle), days.x(day)))
            parts.append(
                format_html(
                    '<rect class="{}" x="{}" y="{}" width="{}" height="16"/>', name, a, y, round(b - a, 1)
                )
            )
        if bar.high > last:
            parts.append(_beyond(y + 8))
    parts.append(_mark(days.x(middle), height))
    return _svg(title, height, parts)


def columns(title: str, labels: Sequence[str], counts: Sequence[int], expected: float) -> SafeString:
    """Counts side by side, and as a line what they would be if all were right."""
    height, most = 180, max([*counts, expected, 1])
    width = (WIDE - LEFT - RIGHT) / max(1, len(counts))

    def y(value: float) -> float:
        return round(TOP + (1 - value / most) * (height - TOP - FOOT), 1)

    parts = [_levels(y, sorted({0, round(most)}), "")]
    for place, (label, count) in enumerate(zip(labels, counts, strict=True)):
        x = LEFT + place * width
        parts.append(
            format_html(
                '<rect class="count" x="{}" y="{}" width="{}" height="{}"/>'
                '<text class="at" x="{}" y="{}">{}</text>',
                round(x + width * 0.15, 1), y(count), round(width * 0.7, 1), round(y(0) - y(count), 1),
                round(x + width / 2, 1), height - 8, label,
            )
        )  # fmt: skip
    parts.append(
        format_html(
            '<line class="expected" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            LEFT, WIDE - RIGHT, y(expected), y(expected),
        )
    )  # fmt: skip
    return _svg(title, height, parts)


def series(title: str, lines: Sequence[tuple[str, Sequence[Point]]], first: float, last: float) -> SafeString:
    """Numbers that change on some days and hold between them; at most three lines, told apart by dashes."""
    height = 200
    days = _Days(first, last)
    most = max([1.0, *(value for _name, points in lines for _day, value in points)])

    def y(value: float) -> float:
        return round(TOP + (1 - value / most) * (height - TOP - FOOT), 1)

    parts = [_across(days, height), _levels(y, sorted({0, round(most / 2), round(most)}), "")]
    for place, (name, points) in enumerate(lines):
        if not points:
            continue
        path = f"M{days.x(points[0][0])} {y(points[0][1])}"
        path += "".join(f"H{days.x(day)}V{y(value)}" for day, value in points[1:])
        parts.append(format_html('<path class="series s{}" d="{}H{}"/>', place + 1, path, days.x(last)))
        x = LEFT + 12 + place * 190
        parts.append(
            format_html(
                '<line class="series s{}" x1="{}" x2="{}" y1="8" y2="8"/>'
                '<text class="key" x="{}" y="12">{}</text>',
                place + 1, x, x + 24, x + 30, name,
            )
        )  # fmt: skip
    return _svg(title, height, parts)


# ---------------------------------------------------------------- parts


def _svg(title: str, height: int, parts: Iterable[SafeString]) -> SafeString:
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}">'
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg></div>',
        title, WIDE, height, title, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def _across(days: _Days, height: int) -> SafeString:
    floor = height - FOOT
    axis = format_html(
        '<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>', days.left, WIDE - RIGHT, floor, floor
    )
    ticks = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="at" x="{}" y="{}">{}</text>',
        (
            (x, x, TOP, floor, min(x, WIDE - 28), height - 8, label)
            for day, label in days.ticks()
            for x in [days.x(day)]
        ),
    )
    return mark_safe(axis + ticks)  # noqa: S308 - all parts are escaped


def _levels(y: Callable[[float], float], values: Iterable[float], unit: str) -> SafeString:
    return format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="level" x="{}" y="{}">{}{}</text>',
        (
            (LEFT, WIDE - RIGHT, at, at, LEFT - 6, at + 4, value, unit)
            for value in values
            for at in [y(value)]
        ),
    )


def _label(words: str, x: float, y: float) -> SafeString:
    """Words to the left of a line, cut where they do not fit; the table has them whole."""
    return format_html(
        '<text class="name" x="{}" y="{}">{}</text>',
        x,
        y + 4,
        words if len(words) <= 27 else f"{words[:26]}…",
    )


def _beyond(y: float) -> SafeString:
    """It goes on beyond the chart."""
    return format_html('<path class="beyond" d="M{} {}l9 6l-9 6z"/>', WIDE - RIGHT + 2, y - 6)


def _mark(x: float, height: int) -> SafeString:
    return format_html('<line class="asked" x1="{}" x2="{}" y1="{}" y2="{}"/>', x, x, TOP - 6, height - FOOT)
