"""The files of an exam, in a folder that is closed to others."""

from pathlib import Path

from coursekit.courses import Course, close
from coursekit.exams.drawing import Form
from coursekit.exams.moodle import moodle_xml
from coursekit.exams.paper import key, paper
from coursekit.replacing import new_folder_for, put_in_place


def write_exam(course: Course, forms: list[Form], seed: int) -> Path:
    """Write paper, key and Moodle XML of each form; what the same draw wrote is replaced."""
    above = course.root / "exams"
    above.mkdir(mode=0o700, exist_ok=True)
    close(above, 0o077)
    place = above / f"{forms[0].problem_set}-{seed}"
    new = new_folder_for(place)
    for form in forms:
        for name, content in (
            (f"form-{form.letter}.html", paper(form)),
            (f"form-{form.letter}-key.html", key(form, seed)),
            (f"form-{form.letter}-moodle.xml", moodle_xml(form, seed)),
        ):
            (new / name).write_text(content, encoding="utf-8")
    put_in_place(new, place)
    return place
