"""Entries in, programme out.

programme.py   what is known: proposals, each party's registers, closings
fold.py        one entry changes what is known
void.py        which entries have no effect, and why
agreement.py   is a subject agreed, what is live on it, whose turn is it
forks.py       which logs have two histories, and what still counts of them
closing.py     initials, seals, bound, final
composed.py    the text of a road map that can be initialled, or what is missing
roadmaps.py    road maps as a reader sees them: stage, counts, what blocks what
terms.py       whose full powers have ended by their date
times.py       between which times was an entry written, as others say
publication.py what a party's node has to make public
rules.py       what the writer's node refuses before writing, and what an act would bring about
"""
