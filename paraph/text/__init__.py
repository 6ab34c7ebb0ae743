"""Words and their fingerprints, outlines, comparison, brackets.

canonical.py     c14n-1: the one way to write words, and what is refused
unicode14.py     the code points it knows
fingerprints.py  what stands for words
outline.py       one nested list, and computed numbers
words.py         word-level comparison of two texts
brackets.py      square brackets from any number of alternatives
"""
