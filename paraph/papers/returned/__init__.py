"""What does a file that came back propose, in whose name, and what of it is not understood?"""

from paraph.papers.returned.found import NEW, NOT, Candidate, Known, Mapped, Returned, Upload
from paraph.papers.returned.reader import known, returned

__all__ = ["NEW", "NOT", "Candidate", "Known", "Mapped", "Returned", "Upload", "known", "returned"]
