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
    looks = {word: skeleton(word) for word in near if len(word) >= SHORTEST}
    same: dict[str, list[str]] = {}
    for word, look in looks.items():
        same.setdefault(look, []).append(word)
    return [
        (word, next(other for other in same[looks[word]] if other != word))
        for word in mine
        if word in looks and len(same[looks[word]]) > 1
    ]
