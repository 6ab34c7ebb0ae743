"""
What does a file that came back propose, in whose name, and what of it is not understood?

`reader` goes through a file once for each party that changed it. On the way: `basis` what is known before,
`wordings` what is on the table, `mapping` what each paragraph stands for; of tables `merged` the cells over
several rows, `tables` and `heads` the columns, `rows` the rows, `lines` and `cells` what a cell says, `named`
which party; then `subjects` what changed in a provision or cell, `contents` what it makes, `fresh` what is
new, `outline` the order; `languages` joins two of them.
"""

from paraph.papers.returned.found import NEW, NOT, Candidate, Known, Mapped, Returned, Upload
from paraph.papers.returned.merged import spread
from paraph.papers.returned.reader import returned
from paraph.papers.returned.wordings import known

__all__ = ["NEW", "NOT", "Candidate", "Known", "Mapped", "Returned", "Upload", "known", "returned", "spread"]
