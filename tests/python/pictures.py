"""What tests read in pictures: their words."""

import re


def words(ax):
    return [text.get_text() for text in ax.texts]


def written(ax):
    """All that stands in a picture, but the numbers of the axes."""
    axis = [ax.get_xlabel(), ax.get_ylabel(), ax.get_title(loc="left")]
    key = ax.get_legend()
    key = [] if key is None else [text.get_text() for text in key.get_texts()]
    ticks = [t.get_text() for t in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    return [*words(ax), *axis, *key, *(t for t in ticks if any(c.isalpha() for c in t))]


def spoken(lines):
    """The words of lines of text, without numbers and marks."""
    return {word for line in lines for word in re.findall(r"[^\W\d_]\w*", line)}
