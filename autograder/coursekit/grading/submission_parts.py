"""What a student handed in, in the parts in which it is graded."""

from dataclasses import dataclass

from nbformat import NotebookNode

from coursekit.grading.folder_files import Files
from coursekit.submissions.finding import SubmittedFile, what_to_hand_in
from coursekit.submissions.rebuild import Rebuilt


@dataclass(frozen=True)
class Submission:
    """What a student handed in.

    Attributes
    ----------
    student : str
    files : list of SubmittedFile
        The notebooks.
    beside : Files, optional
        The other files, which count where the notebook is an ordinary one.
    oddities : tuple of str
        About these.
    """

    student: str
    files: list[SubmittedFile]
    beside: Files | None = None
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One notebook of a submission, as it was handed in and rebuilt."""

    file: SubmittedFile
    rebuilt: Rebuilt

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def notebook(self) -> NotebookNode:
        return self.rebuilt.notebook

    @property
    def missing(self) -> bool:
        return self.file.content is None

    @property
    def oddities(self) -> tuple[str, ...]:
        """What was odd about the file, and about the notebook in it."""
        return self.file.oddities + (() if self.missing else self.rebuilt.oddities)

    @property
    def advice(self) -> tuple[str, ...]:
        """What the student should know about the file."""
        if self.missing or self.rebuilt.readable:
            return self.file.advice
        return (*self.rebuilt.oddities, *(self.file.advice or [what_to_hand_in(self.name)]))
