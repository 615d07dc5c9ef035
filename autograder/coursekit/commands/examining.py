"""The commands by which points are asked for where nobody else can answer."""

import argparse
import textwrap

from coursekit.commands.options import (
    Commands,
    add_command,
    add_course_options,
    add_student,
    number_from_one,
)
from coursekit.courses import find_course
from coursekit.names import shown

MOST_FORMS = 8


def add_exam(commands: Commands) -> None:
    text = (
        "Draw questions for paper from the exercises of a problem set: a pass by hand, shapes,\n"
        "one step of a rule, a mistake to find, a message that fits. exams/PROBLEM_SET-SEED gets\n"
        "for each form the paper, the key with the marking scheme, and the same as Moodle XML.\n"
        "Seed and the secret of the course together decide the numbers: the same seed draws the\n"
        "same exam, and nobody else can draw it."
    )
    command = add_command(commands, "exam", run_exam, "draw an exam for paper", text)
    add_course_options(command)
    command.add_argument(
        "--seed", type=number_from_one, required=True, metavar="S", help="a number from 1 up"
    )
    command.add_argument(
        "--forms", type=forms, default=1, metavar="N", help="how many forms (default: 1)"
    )


def forms(text: str) -> int:
    number = number_from_one(text)
    if number > MOST_FORMS:
        raise argparse.ArgumentTypeError(f"{number} came, expected is at most {MOST_FORMS}")
    return number


def run_exam(options: argparse.Namespace) -> int:
    from coursekit.authoring.release import read_problem_set
    from coursekit.course_lock import only_one
    from coursekit.exams.drawing import draw_exam
    from coursekit.exams.files import write_exam

    course = find_course(options.course)
    master = read_problem_set(course, options.problem_set)
    drawn = draw_exam(master, course.secret, options.seed, options.forms)
    with only_one(course, "exam", "another exam is being written"):
        folder = write_exam(course, drawn, options.seed)
    for path in sorted(folder.iterdir()):
        print(path.relative_to(course.root))
    for form in drawn:
        print(
            f"form {form.letter}: {len(form.questions)} questions, {form.points} points, "
            f"about {form.minutes} minutes"
        )
    return 0


def add_viva(commands: Commands) -> None:
    text = (
        "Say three questions for a talk with a student about the lines that the student handed\n"
        "in, each with what a good answer holds. Who wrote the lines can answer them; the same\n"
        "hand-in gives the same questions."
    )
    command = add_command(commands, "viva", run_viva, "questions about a hand-in", text)
    add_student(command)
    add_course_options(command)


def run_viva(options: argparse.Namespace) -> int:
    from coursekit.exams.viva import viva

    course = find_course(options.course)
    for number, question in enumerate(viva(course, options.student, options.problem_set), 1):
        print(f"{number}. {question.exercise}, line {question.line}")
        print(f"     {shown(question.statement)}")
        print(wrapped(shown(question.question), "   "))
        for part in question.good:
            print(wrapped(shown(part), "   - "))
        print(wrapped(f"The book has it in {place_of(question.section)}.", "   - "), end="\n\n")
    return 0


def place_of(section: str) -> str:
    page, _, title = section.partition("#")
    return f'"{title}", {page}'


def wrapped(text: str, begin: str) -> str:
    return textwrap.fill(
        text,
        96,
        initial_indent=begin,
        subsequent_indent=" " * len(begin),
        break_long_words=False,
        break_on_hyphens=False,
    )
