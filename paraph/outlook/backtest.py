"""What would the outlook have said, and what happened?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from paraph.outlook.finish import forecast, learn_with_weights
from paraph.outlook.learning import Learned
from paraph.outlook.past import Event, Past, accessions, day_of
from paraph.outlook.scores import brier, counts, crps, crps_censored, pit

_ENTERS = {"opened": 1, "opened by merger": 1, "opened by split, agreed text kept": 2}


def union_state(rows: Iterable[Mapping[str, str]], name: str = "Union State") -> Past:
    """
    The road maps from the rows of demo_events.csv: open (1), agreed (2).

    Which road map was agreed when is a reconstruction; the counts on published dates are sourced.
    """
    events: list[Event] = []
    settled: set[str] = set()
    for row in rows:
        day, item, event = day_of(row["date"]), row["id"], row["event"]
        sourced = row["basis"].startswith("sourced")
        if event in _ENTERS:
            events.append(Event(day, item, "enters", _ENTERS[event], sourced=sourced))
            settled |= {item} if _ENTERS[event] == 2 else set()
        elif event in ("agreed", "signed") and item not in settled:
            events.append(Event(day, item, "step", sourced=sourced))
            settled.add(item)
        elif event == "returned to refinement" and item in settled:
            events.append(Event(day, item, "returned", sourced=sourced))
            settled.discard(item)
        elif event.startswith(("withdrawn", "merged into", "split into")):
            events.append(Event(day, item, "gone", sourced=sourced))
    return Past(name, 2, events[0].day, events[-1].day, tuple(events))


def report(
    events: Iterable[Mapping[str, str]], public: Iterable[Mapping[str, str]], futures: int, seed: int
) -> Iterator[str]:
    """
    The lines of the back-test: each programme is forecast with what the others teach, and its own past.

    Args:
        events: the rows of demo_events.csv.
        public: the rows of public_forecasts.csv.
    """
    programmes = {**accessions(), "Union State": union_state(events)}
    taught = {
        name: learn_with_weights([one for one in programmes.values() if one.name != name], seed)
        for name in ("Croatia", "Montenegro", "Serbia", "Turkey", "Union State")
    }
    yield from public_forecasts(programmes["Union State"], taught["Union State"], list(public), futures, seed)
    yield from _croatia(programmes["Croatia"], taught["Croatia"], futures, seed)
    yield from _stalls(programmes, taught, futures, seed)


def public_forecasts(
    past: Past, learned: Learned, rows: Sequence[Mapping[str, str]], futures: int, seed: int
) -> Iterator[str]:
    """The public forecasts of the Union State with a known outcome, and the burn-down that they stood on."""
    yield "Union State: public forecasts with known outcome. Which road map was agreed when is reconstructed."
    yield "said        forecast    happened    probability  Brier  of the forecast itself"
    known = [row for row in rows if row["actual_date"]]
    ours, theirs = [], []
    for row in known:
        said, by, actual = (day_of(row[key]) for key in ("said_on", "forecast_date", "actual_date"))
        found = forecast(past.upto(said), learned, futures, seed).probability(by)
        ours.append(brier(found, actual <= by))
        theirs.append(brier(1.0, actual <= by))
        yield (
            f"{row['said_on']:11} {row['forecast_date']:11} {row['actual_date']:11} {found:11.3f}"
            f"  {ours[-1]:5.2f}  {theirs[-1]:5.2f}"
        )
    yield f"{len(known)} forecasts: mean Brier {_mean(ours):.3f}, themselves {_mean(theirs):.3f}"
    yield ""


def _croatia(past: Past, learned: Learned, futures: int, seed: int) -> Iterator[str]:
    """Croatia on six New Year's days, by the stack and by each model alone."""
    truth = past.finished
    if truth is None:
        raise ValueError("the facts know when Croatia had closed all chapters")
    steps = [one for one in past.events if one.what == "step"]
    memory = sum(1 for one in steps if not one.sourced) / len(steps)
    yield f"Croatia: all chapters closed on {_date(truth)}; {memory:.0%} of the dates are from memory."
    yield f"Months from the origin; learned from others, weight of the stage hazards {learned.hazards:.2f}."
    yield "origin      closed  truth  2.5 %   50 %  97.5 %   CRPS    PIT  CRPS of burn-down, of hazards"
    scores: list[float] = []
    inside, covered, places = 0, 0, 0
    pits: list[float] = []
    for year in range(2006, 2012):
        day = float(date(year, 1, 1).toordinal())
        then = past.upto(day)
        found = forecast(then, learned, futures, seed)
        low, middle, high = (found.at(share) for share in (0.025, 0.5, 0.975))
        scores.append(_months(crps(found.done, truth)))
        pits.append(pit(found.done, truth))
        inside += low <= truth <= high
        alone = [
            _months(crps(forecast(then, replace(learned, hazards=weight), futures, seed).done, truth))
            for weight in (0.0, 1.0)
        ]
        for item, days in found.of.items():
            if then.standings[item].stage < past.stages:
                covered += 0.1 <= pit(days, past.standings[item].since) <= 0.9
                places += 1
        yield (
            f"{_date(day)}  {then.settled(day):6}  {_months(truth - day):5.0f}  {_months(low - day):5.0f}"
            f"  {_months(middle - day):5.0f}  {_months(high - day):6.0f}  {scores[-1]:5.1f}  {pits[-1]:5.2f}"
            f"  {alone[0]:5.1f}, {alone[1]:5.1f}"
        )
    yield f"CRPS, months: last five {_mean(scores[1:]):.0f} (goal 12), all {_mean(scores):.0f} (goal 24)"
    yield f"inside the band of 95 %: {inside} of 6 (goal 5)"
    yield f"80 % coverage of chapters: {covered / places:.2f} of {places} (goal 0.72 to 0.90)"
    yield f"PIT counts in fifths: {counts(pits)}"
    yield "On sourced dates alone there is no score: that of the last closing is from memory."
    yield ""


def _stalls(
    programmes: Mapping[str, Past], taught: Mapping[str, Learned], futures: int, seed: int
) -> Iterator[str]:
    """Programmes that have not finished are censored at the last day that the facts know of."""
    yield "Stalls: probability of all closed within two and five years; CRPS up to the last known day, months"
    for name in ("Montenegro", "Serbia", "Turkey"):
        for year in (2016, 2020):
            past, day = programmes[name], float(date(year, 1, 1).toordinal())
            found = forecast(past.upto(day), taught[name], futures, seed)
            yield (
                f"{name:11} {_date(day)}"
                f"  {found.probability(day + 730):.3f}  {found.probability(day + 1826):.3f}"
                f"  {_months(crps_censored(found.done, past.as_of)):5.1f}"
            )


def _months(days: float) -> float:
    return days / 30.44


def _date(day: float) -> str:
    return date.fromordinal(int(day)).isoformat()


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
