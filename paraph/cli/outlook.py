"""When will all be agreed? Forecasts, their record, plans."""

import argparse
from datetime import UTC, date
from pathlib import Path

from paraph.acts import Forecast
from paraph.cli.common import Commands, command, with_home
from paraph.cli.people import delegate_key
from paraph.node.errors import HomeError
from paraph.node.startup import open_journal
from paraph.outlook.errors import OutlookRefused


def add(commands: Commands) -> None:
    """The commands of this area."""
    outlook = commands.add_parser("outlook", help="when will all be agreed? forecast, put on record, score")
    ways = outlook.add_subparsers(metavar="forecast|together|ledger|backtest|calibrate|plan", required=True)
    told = command(ways, "forecast", _forecast, "say when each open road map, and all, will be agreed")
    told.add_argument("--by", action="append", default=[], type=_date, metavar="DATE",
                      help="say the chance by this date too; may be given again")  # fmt: skip
    told.add_argument("--futures", type=int, default=4000, help="4000 where left out")
    told.add_argument("--seed", type=int, default=1, help="another one gives other futures")
    told.add_argument(
        "--estimate", action="append", default=[], type=_estimate, metavar="MAP=20,30,90",
        help="what an expert says, in days: at least, most likely, at most; stays here",
    )  # fmt: skip
    told.add_argument("--publish", metavar="NAME", help="put it on record, as this delegate")
    sets = command(ways, "together", _together, "which road maps, settled today together, help most")
    sets.add_argument("size", type=int, metavar="NUMBER", help="how many road maps a set has")
    sets.add_argument("--by", required=True, type=_date, metavar="DATE", help="when all is to be agreed")
    sets.add_argument("--futures", type=int, default=4000, help="4000 where left out")
    sets.add_argument("--seed", type=int, default=1, help="another one gives other futures")
    sets.add_argument(
        "--dask", metavar="ADDRESS", help="of a Dask scheduler; that of node.toml where left out"
    )
    ledger = command(ways, "ledger", _ledger, "compute the forecasts on record again, and score them")
    for one in (told, sets, ledger):
        with_home(one)
    backtest = command(ways, "backtest", _backtest, "what it would have said of known programmes")
    backtest.add_argument("--futures", type=int, default=1000, help="1000 where left out")
    backtest.add_argument("--seed", type=int, default=1, help="another one gives other futures")
    told = command(ways, "calibrate", _calibrate, "is it as often right as it says, where its model is true?")
    told.add_argument("--programmes", type=int, default=200, help="generated ones; 200 where left out")
    told.add_argument("--futures", type=int, default=500, help="500 where left out")
    told.add_argument("--seed", type=int, default=1, help="another one gives other programmes")
    told.add_argument("--dask", metavar="ADDRESS", default="", help="of a Dask scheduler, for long ones")
    plan = command(ways, "plan", _plan, "how soon jobs that share resources can be done")
    plan.add_argument("file", type=Path, metavar="FILE.sm", help="a project in the format of PSPLIB")
    plan.add_argument("--seconds", type=float, default=10, help="10 where left out")
    plan.add_argument("--workers", type=int, default=2, help="threads; 2 where left out")
    plan.add_argument("--without-solver", action="store_true", help="by breeding orders of jobs alone")
    plan.add_argument("--days", action="store_true", help="print too when each job begins and ends")


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no date like 2021-12-31") from None


def _estimate(written: str) -> tuple[str, tuple[float, float, float]]:
    name, _equals, days = written.partition("=")
    try:
        low, likely, high = map(float, days.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no estimate like gas-market=20,30,90") from None
    return name, (low, likely, high)


def _forecast(given: argparse.Namespace) -> None:
    from paraph.outlook import ledger
    from paraph.outlook.finish import forecast, taught
    from paraph.outlook.recorded import held, recorded

    if not 1 <= given.futures <= ledger.MOST:
        raise HomeError(f"the number of futures lies between 1 and {ledger.MOST}")
    estimates = dict(given.estimate)
    if given.publish and estimates:
        raise HomeError("what experts estimate stays here: leave out --estimate, or --publish")
    journal = open_journal(given.home)
    read = recorded(held(journal.programme()), journal.clock().astimezone(UTC).date())
    if not read.past.standings:
        raise HomeError("the programme has no road map yet")
    if unknown := sorted(estimates.keys() - read.past.standings.keys()):
        raise HomeError(f"no road map {unknown[0]} is open; `paraph export` names them")
    found = forecast(read.past, taught(), given.futures, given.seed, estimates=estimates)
    left = [name for name, one in sorted(read.past.standings.items()) if one.stage < read.past.stages]
    acts = [ledger.answer(found, read, name, given.by, given.seed) for name in ("", *left)]
    if not left:
        acts = []
        print("All road maps are agreed.")
    for act in acts:
        days = {share: _later(act, share) for share in ("100", "500", "900")}
        chances = "".join(f"  by {day} {chance / 1000:.1%}" for day, chance in act.chances.items())
        print(f"{act.question:28} {days['100']}  {days['500']}  {days['900']}{chances}")
    if given.publish and acts:
        placed = journal.record(acts, [delegate_key(given.publish)])
        print(f"On record: {placed[-1].log}:{placed[-1].n}")


def _together(given: argparse.Namespace) -> None:
    from paraph.node.homes import open_home
    from paraph.outlook import ledger
    from paraph.outlook.finish import taught
    from paraph.outlook.portfolio import together
    from paraph.outlook.recorded import held, recorded

    if not 1 <= given.futures <= ledger.MOST:
        raise HomeError(f"the number of futures lies between 1 and {ledger.MOST}")
    dask = open_home(given.home).dask if given.dask is None else given.dask
    journal = open_journal(given.home)
    read = recorded(held(journal.programme()), journal.clock().astimezone(UTC).date())
    found = together(
        read.past, taught(), given.size, given.by.toordinal(), given.futures, given.seed, dask=dask
    )
    print(f"Sets of {given.size}: {len(found)}. Likelier by {given.by}, and days earlier in the median:")
    for one in found[:10]:
        likelier, days = one.probability, one.median
        print(
            f"{likelier.value:+7.1%} ({likelier.low:+.1%} to {likelier.high:+.1%})"
            f"  {days.value:5.0f} ({days.low:.0f} to {days.high:.0f})  {', '.join(one.items)}"
        )


def _later(act: Forecast, share: str) -> str:
    """The date of a share of the futures; how far they go where it is beyond."""
    from paraph.outlook.finish import HORIZON

    days = act.quantiles[share]
    when = date.fromordinal(date.fromisoformat(act.as_of).toordinal() + days)
    return f"after {when.year}" if days >= int(HORIZON) else f"{when}"


def _ledger(given: argparse.Namespace) -> int:
    from paraph.outlook import ledger
    from paraph.outlook.recorded import held, recorded

    journal = open_journal(given.home)
    programme = journal.programme()
    read = recorded(held(programme), journal.clock().astimezone(UTC).date())
    found = ledger.ledgers(programme, read)
    differs = False
    for one in (one for group in found for one in group.scored):
        try:
            again = ledger.again(programme, one.act)
            said = (
                "reproduced"
                if again.reproduced
                else f"differs by {again.days} days, {again.per_mille} per mille"
            )
            differs = differs or not again.reproduced
        except OutlookRefused as refused:
            said = str(refused)
        crps = "open" if one.crps is None else f"CRPS {one.crps:.0f} days, PIT {one.pit:.2f}"
        print(f"{one.placed.log}:{one.placed.n}  {one.act.as_of}  {one.act.question:28} {crps}  {said}")
    total = ledger.summed(found)
    print(f"{total.known} known, {total.waiting} open, {total.missing} months without one")
    if total.known:
        print(f"in the range of 80 %: {total.inside} of {total.known}; PIT in fifths: {list(total.pits)}")
    if total.brier is not None:
        print(f"mean Brier {total.brier:.3f} over {total.briers} dates that have passed")
    return 1 if differs else 0


def _backtest(given: argparse.Namespace) -> None:
    from paraph.demo.facts import table
    from paraph.outlook.backtest import report

    for line in report(table("demo_events"), table("public_forecasts"), max(1, given.futures), given.seed):
        print(line, flush=True)


def _calibrate(given: argparse.Namespace) -> None:
    from paraph.outlook.calibration import MODEL, calibrate, with_what_is_left

    if not 1 <= given.programmes <= 10_000 or not 1 <= given.futures <= 100_000:
        raise HomeError("from 1 to 10000 programmes are forecast in 1 to 100000 futures")
    for line in calibrate(MODEL, given.programmes, given.futures, given.seed, dask=given.dask).lines():
        print(line)
    read, unread = with_what_is_left(MODEL, given.programmes, given.futures, given.seed, given.dask)
    print(read.line("where more left takes longer, and what is left is read"))
    print(unread.line("where more left takes longer, and it is not read"))


def _plan(given: argparse.Namespace) -> None:
    from paraph.outlook.planning import plan, read_sm

    if not 0 < given.seconds <= 86_400 or not 1 <= given.workers <= 64:
        raise HomeError("a plan is searched for up to 86400 seconds by 1 to 64 workers")
    try:
        project = read_sm(given.file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise HomeError(f"{given.file} is no text") from None
    found = plan(project, given.seconds, given.workers, solver=not given.without_solver)
    print(found)
    for job, begins in enumerate(found.begins if given.days else (), 1):
        print(f"{job:6} {begins:6} {begins + project.jobs[job - 1].days:6}")
