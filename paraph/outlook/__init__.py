"""What blocks everything, when will it be done, what to take next?

Numbers only: structures in, structures out; no database, no clock, no file but the facts beside the code.

network.py     what waits for what, and what can only be settled together
durations.py   how long something may take, as a table that is quick to draw from
draws.py       the random number of a future, a task and a visit: always the same one
schedule.py    when everything is done in each future, what was critical, what it gains to settle one thing
kernel.py      the same, compiled; without numba the NumPy path gives the same bytes, slower
"""
