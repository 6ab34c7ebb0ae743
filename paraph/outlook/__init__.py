"""What blocks everything, when will it be done, what to take next?

Numbers only: structures in, structures out; no database, no clock, no file but the facts beside the code.

network.py     what waits for what, and what can only be settled together
durations.py   how long something may take, as a table that is quick to draw from
draws.py       the random number of a future, a task and a visit: always the same one
schedule.py    when everything is done in each future, what was critical, what it gains to settle one thing
rounds.py      the same where road maps need expert teams, under calendars and a limit of work at a time
choice.py      which to take next, and what binds; the best set of things that fit
agenda.py      what goes on the agenda of a meeting, when, and what falls off at what cost
delivery.py    measures: deadlines, what can start, who waits for whom, the chain that decides
planning.py    how soon jobs that share resources can be done (planning_kernel.py places them)
clearance.py   a party's own forecast: what is not cleared at home waits for it
whatif.py      before and after a change, in the same futures
past.py        what has happened in a programme, and what was known of it on a day
recorded.py    the same of the programme at hand, read from its joint record
learning.py    what programmes teach the next one: rates, paces, batches, gaps, freezes
own.py         what a programme's own record leaves open: pace, gaps, freezes, what nobody saw
progress.py    whether fewer brackets, options and reserves mean that a road map is settled sooner
finish.py      when each item is settled, and when all
causes.py      on what the day depends, and what it gains to settle one thing today
hindcast.py    what would have been said in earlier months
ledger.py      forecasts on record: computed again, and scored
scores.py      how good a forecast was
calibration.py are they as often right as they say, on generated programmes
backtest.py    what would have been said of programmes of the past
portfolio.py   very many futures: sets of road maps, played here or by Dask workers
warm.py        compile and learn before somebody asks
kernel.py, finish_kernel.py   the same, compiled; without numba the NumPy path gives the same bytes, slower
dispatch.py    rounds, in one text that runs compiled or as it stands
"""
