"""A small class of problem set 1, graded, with names as people have them."""

import nbformat

from coursekit.authoring.release import read_problem_set, release
from coursekit.courses import init_course
from coursekit.demo.sample_class import answered, hand_in, right_answer, source_of_mistake
from coursekit.grading.class_run import grade_class

CUBED = "def mean_cost(A, Y):\n    return float(np.sum(np.abs(np.array(Y) - A) ** 3))\n"
"""A mistake that nobody declared."""
CUBED_TOO = (
    "def mean_cost(A, Y):\n"
    "    # Ben's own words\n"
    "    total = 0.0\n"
    "    for a, y in zip(np.ravel(A), np.ravel(Y)):\n"
    "        total += abs(y - a) ** 3\n"
    "    return total\n"
)
"""The same in other words."""
PLOT = (
    "import matplotlib.pyplot as plt\n\n\n"
    "def logistic(z):\n    return 1 / (1 + np.exp(-np.asarray(z)))\n\n\n"
    "plt.plot([0, 1], [2, 3])\nplt.show()\n"
)


def graded_class(folder):
    """The course of a class of eight."""
    course = init_course(folder)
    path = release(course, "ps1") / "ps1.ipynb"
    given = nbformat.read(path, as_version=4)
    master = read_problem_set(course, "ps1")
    right = {exercise.id: right_answer(exercise) for exercise in master.exercises}

    def with_answers(**changed):
        answers = right | {f"ps1-{name.replace('_', '-')}": to for name, to in changed.items()}
        return nbformat.writes(answered(given, answers))

    def mistake(exercise, name):
        return source_of_mistake(master.exercise(exercise), name)

    sum_for_mean = mistake("mean-cost", "sum-for-mean")
    hand_in(
        course,
        "ps1",
        {
            "ada": with_answers(logistic=PLOT),
            "Doe, Jane": with_answers(mean_cost=sum_for_mean),
            "o'brien": with_answers(
                mean_cost=sum_for_mean,
                output_deltas=mistake("output-deltas", "output-derivative-missing"),
            ),
            "ben": with_answers(mean_cost=CUBED_TOO),
            "josé": with_answers(mean_cost=CUBED, hidden_deltas=""),
            "mia": with_answers(mean_cost="def mean_cost(A, Y):\n    return undefined\n"),
            "nora": nbformat.writes(given),
            "zed": "no notebook at all\n",
        },
    )
    assert all(result.final for result in grade_class(course, "ps1"))
    return course
