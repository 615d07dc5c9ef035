"""Each answer with the names around it as they stood when its own cell had run.

All functions of a notebook look up their names in one dictionary. So a helper that a later cell
defines anew would change the answers before it, and a cell that binds the name of an answer to a
number would take it away. Here the names that an answer saw are kept, and brought back into the
dictionary before it is called; what was not yet there is taken from what came later.
"""

from __future__ import annotations

from collections.abc import Mapping

Names = dict[str, object]


class KeptAnswers:
    """The answers in a namespace, each as it stood.

    Parameters
    ----------
    namespace : dict
        In which the cells run.
    """

    def __init__(self, namespace: Names) -> None:
        self.namespace = namespace
        self.kept: dict[str, Names] = {}
        self.at_the_end: Names | None = None
        self.present = ""

    def keep(self, answers: Mapping[str, bool], before: Names) -> None:
        """Note how answers stand now that a cell has run which is a part of them.

        Parameters
        ----------
        answers : mapping of str to bool
            The names of the functions, and whether the cell is meant to define them.
        before : dict
            The namespace as it was before the cell.
        """
        for name, defines in answers.items():
            if callable(self.namespace.get(name)) and (defines or name not in self.kept):
                self.kept[name] = dict(self.namespace)
            elif name in self.kept:
                self.kept[name] |= changed(before, self.namespace, name)

    def bring_back(self, name: str) -> None:
        """Make the namespace as it was for an answer; for other names, as it was at the end."""
        if self.at_the_end is None:
            self.at_the_end = dict(self.namespace)
        elif name == self.present:
            return
        self.present = name
        self.namespace.clear()
        self.namespace.update(self.at_the_end | self.kept.get(name, {}))
        for other, names in self.kept.items():
            if not callable(self.namespace.get(other)):
                self.namespace[other] = names[other]


def changed(before: Names, now: Names, but: str) -> Names:
    """The names, but one, that were bound since."""
    return {
        name: value
        for name, value in now.items()
        if name != but and (name not in before or before[name] is not value)
    }
