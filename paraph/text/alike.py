"""Which words look like others, and are not?

A whole word in the other alphabet is lawful and cannot be seen: a Cyrillic СОР beside a Latin COP. It is
told where the other one stands near it; alone it is taken for what it is.
"""

from collections.abc import Iterable

from paraph.text.canonical import skeleton, words_in

SHORTEST = 2  # letters; а and a are both words of their own


def alike_words(words: str, others: Iterable[str] = ()) -> list[tuple[str, str]]:
    """
    The words that look like another one, with that one, in the order in which they come.

    Args:
        words: the text that is looked at.
        others: texts near it; a word of its own text counts too.
    """
    mine = dict.fromkeys(words_in(words))
    near = dict.fromkeys(mine)
    for text in others:
        near |= dict.fromkeys(words_in(text))
    looks: dict[str, list[str]] = {}
    for word in near:
        if len(word) >= SHORTEST:
            looks.setdefault(skeleton(word), []).append(word)
    return [
        (word, next(other for other in looks[skeleton(word)] if other != word))
        for word in mine
        if len(word) >= SHORTEST and len(looks[skeleton(word)]) > 1
    ]
