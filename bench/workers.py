"""What do Dask workers gain where a portfolio takes more than ten minutes, and is the answer the same?"""

import time
from datetime import date

from distributed import LocalCluster

from bench.measuring import Row
from paraph.outlook import portfolio
from paraph.outlook.finish import learn_with_weights
from paraph.outlook.past import accessions

SIZE = 3  # road maps of a set; of 28 open ones there are 3,276 sets
BY = date(2012, 1, 1).toordinal()


def measure_workers(futures: int) -> list[Row]:
    """
    Every three chapters of Croatia that were open in 2009: played by two workers, then here.

    Takes some twenty minutes with 8,192 futures; the processor time of the workers is not in it.
    """
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        there, took, used = _played(futures, cluster.scheduler_address)
    here, alone, spent = _played(futures, "")
    return [
        (f"{here.count('Together(')} sets in {futures} futures, here", f"{spent:.0f} CPU s, {alone:.0f} s"),
        ("  by two workers", f"{took:.0f} s, {used:.0f} CPU s of them here"),
        ("  the same bytes", "yes" if here == there else "NO"),
    ]


def _played(futures: int, address: str) -> tuple[str, float, float]:
    """The answer, seconds of the clock, and processor seconds of this process."""
    known = accessions()
    croatia = known.pop("Croatia").upto(date(2009, 1, 1).toordinal())
    learned = learn_with_weights(known.values(), 1)
    begun, used = time.perf_counter(), time.process_time()
    sets = portfolio.together(croatia, learned, SIZE, BY, futures, 1, dask=address)
    return repr(sets), time.perf_counter() - begun, time.process_time() - used
