"""The command line says what it does and what went wrong."""

import pytest

from coursekit.cli import main
from coursekit.courses import init_course


@pytest.mark.parametrize("command", ["init", "render", "release", "grade", "demo"])
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"usage: course {command}" in capsys.readouterr().out


def test_the_general_help_shows_an_instructors_way(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    for command in ("course init", "course release ps1", "course grade ps1", "course demo"):
        assert command in out


def test_a_mistake_of_the_user_is_one_line_and_status_2(tmp_path, capsys):
    assert main(["release", "ps1", "--course", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("course release: ")
    assert "Traceback" not in error


def test_an_unknown_problem_set_is_said(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    assert main(["render", "ps77", "--course", str(course.root)]) == 2
    assert "there is no problem set 'ps77'" in capsys.readouterr().err


def test_render_writes_the_instructors_notebook(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    assert main(["render", "ps1", "--course", str(course.root)]) == 0
    assert "4 exercises, 9 points" in capsys.readouterr().out
    assert "### BEGIN SOLUTION" in (course.source("ps1") / "ps1.ipynb").read_text()


def test_grading_before_release_says_what_to_do(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    assert main(["grade", "ps1", "--course", str(course.root)]) == 2
    assert "run `course release ps1` first" in capsys.readouterr().err


def test_an_own_exercise_needs_nothing_of_the_checkout(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    folder = course.root / "exercises"
    (folder / "mine.md").write_text(
        "# Mine\n\n```{code-cell} ipython3\nimport numpy as np\nfrom checks import check, hint\n"
        "```\n\n```{code-cell} ipython3\n---\nexercise:\n"
        "  {id: mine-double, reference: .double, points: 1}\n---\n```\n"
    )
    (folder / "mine.py").write_text(
        "from coursekit.exercises import Cases, Exercise\n\n\n"
        "def double(x):\n    '''Twice x.'''\n    return 2 * x\n\n\n"
        "EXERCISES = {'mine-double': Exercise([Cases('any', lambda rng: (rng.normal(),), 1)])}\n"
    )
    assert main(["release", "mine", "--course", str(course.root)]) == 0
    assert "def double(x):" in (course.release("mine") / "mine.ipynb").read_text()
    assert "return 2 * x" not in (course.release("mine") / "mine.ipynb").read_text()
