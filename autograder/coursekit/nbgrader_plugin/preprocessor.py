"""The judge in the place of nbgrader's execution, for ``nbgrader autograde``."""

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from coursekit.grading.executors import LostError
from coursekit.grading.one_submission import in_words
from coursekit.nbgrader_plugin.judging import judged, judging_process, unjudged


class JudgePreprocessor(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Judge a rebuilt notebook and write the points where nbgrader looks for them.

    A notebook that is not one of ours is run in the sandbox with its own tests.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        root, names = Path(self.parent.parent.coursedir.root), resources["nbgrader"]
        place, student = (root, names["assignment"], names["notebook"]), names["student"]
        try:
            notebook, notes = judging_process(*place[:2]).done(judged, *place, student, nb)
        except LostError as loss:
            notebook, notes = unjudged(*place, str(loss)), (in_words(str(loss)),)
        for note in notes:
            self.log.warning("%s: %s", student, note)
        return notebook, resources
