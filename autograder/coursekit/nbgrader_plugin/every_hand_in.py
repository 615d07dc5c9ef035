"""``nbgrader autograde`` sees a hand-in whatever its file is called.

nbgrader looks for ``*.ipynb`` before it asks anything of ours, and passes over a student who has
handed in ``PS1.IPYNB``, a script or a zip. So it is told of the folders, and the exporter finds
what lies in them. A course's ``nbgrader_config.py`` calls this, through
:func:`coursekit.nbgrader_plugin.formgrader.guard`, when a command starts.
"""

import glob
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbgrader.converters import Autograde

AUTOGRADE = "nbgrader.converters.autograde"
EXPORTER = "RebuildingExporter"


def see_every_hand_in() -> None:
    """Where nbgrader's converter is loaded, change how it looks for hand-ins, once."""
    module = sys.modules.get(AUTOGRADE)
    if module is None or hasattr(module.Autograde, "look_for_notebooks"):
        return
    module.Autograde.look_for_notebooks = module.Autograde.init_notebooks
    module.Autograde.init_notebooks = look_for_folders


def look_for_folders(converter: "Autograde") -> None:
    """Take the folders of the students who were asked for.

    The exporter makes copies of what lies in them, and has the converter look for notebooks there.
    """
    coursedir = converter.coursedir
    pattern = converter._format_source(coursedir.assignment_id, coursedir.student_id)
    folders = sorted(glob.glob(pattern))
    if converter.exporter_class.__name__ == EXPORTER and folders:
        converter.notebooks, converter.assignments = [], dict.fromkeys(folders, ())
    else:
        converter.look_for_notebooks()
