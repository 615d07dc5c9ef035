"""Formgrader, shown only what can be shown.

Formgrader lists the folders of ``submitted/`` and writes their names into its pages and addresses
as they are: a name can run there. It opens each ``timestamp.txt``, whatever that is. A course's
``nbgrader_config.py`` is run when formgrader starts; there it calls :func:`guard`.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from coursekit.courses import Course
from coursekit.names import fault_of_name
from coursekit.nbgrader_plugin.every_hand_in import see_every_hand_in

FORMGRADER = "nbgrader.server_extensions.formgrader.base"


def guard() -> None:
    """Where formgrader runs, let it see no name that a course would not take.

    Where hand-ins are graded, let them all be seen.
    """
    see_every_hand_in()
    base: Any = sys.modules.get(FORMGRADER)
    if base is not None and not hasattr(base.NbGraderAPI, "takes"):
        base.NbGraderAPI = guarded(base.NbGraderAPI)


def guarded(api: Any) -> type:
    """nbgrader's interface to a course, without what cannot be shown or read.

    Parameters
    ----------
    api : type
        :class:`nbgrader.apps.api.NbGraderAPI`, which takes seconds to import.
    """
    from coursekit.nbgrader_out.roster import as_known
    from coursekit.nbgrader_out.timestamps import read_timestamp
    from coursekit.submissions.handed_in import handed_in

    class Guarded(api):  # type: ignore[misc]  # known only where formgrader runs
        @staticmethod
        def takes(student: str) -> bool:
            return not fault_of_name(student)

        def get_submitted_students(self, assignment_id: str) -> set[str]:
            folders = filter(self.takes, super().get_submitted_students(assignment_id))
            with self.gradebook as gradebook:
                known = [student.id for student in gradebook.students]
            return set(as_known(sorted(folders), known))

        def get_students(self) -> list[dict[str, Any]]:
            return [student for student in super().get_students() if self.takes(student["id"])]

        def get_submitted_timestamp(self, assignment_id: str, student_id: str) -> datetime | None:
            course, step = Course(Path(self.coursedir.root)), self.coursedir.submitted_directory
            with handed_in(course, student_id, assignment_id, course.root / step) as hand_in:
                return read_timestamp(hand_in)

    return Guarded
