"""Who is in the class, and what each is like: a mix that is stated, and the same each time."""

from dataclasses import dataclass

KINDS = {
    "right": "all right, a second before the due date",
    "partner": "all right; on Gradescope it hands in together with the one before",
    "hours late": "all right, twenty hours late: two late days, and then a penalty",
    "days late": "all right, three days and a second late",
    "granted more": "all right, forty hours late, with two days more for every set",
    "excused": "excused from one set, has nothing for another, else all right",
    "a mistake": "a known mistake in one exercise of each set",
    "mistakes": "known mistakes in two exercises of each set",
    "half": "every second exercise unanswered",
    "again": "the release as it is, and a day later, still in time, all right",
    "odd files": "another name, a zip, a text, half a file; when it came is not known",
    "hostile": "all right but one function, which attacks the grader",
}
"""Each kind with what it does; the class goes through them in turn."""

NAMES = (
    ("Ada", "Doe, van der"), ("José", "Muñoz"), ("=Anna", "Wert"), ("Seán", "O'Neil"),
    ("Zoë", "Smith-Jones"), ("Li", "王"), ("Ömer", "Çelik"), ("Jo \"Jo\"", "Lee"),
    ("Nils", "Åberg"), ("Ann", "Smith"), ("Ann", "Smith"), ("Ivan", "Иванов"),
)  # fmt: skip
"""First and last names, as people have them and tables do not like them."""


@dataclass(frozen=True)
class Student:
    """A member of the class.

    Attributes
    ----------
    number : int
        From 0.
    kind : str
        One of :data:`KINDS`.
    """

    number: int
    kind: str

    @property
    def login(self) -> str:
        """The account, after which the student's folder is called."""
        return f"s{self.number:03}"

    @property
    def first(self) -> str:
        return NAMES[self.number % len(NAMES)][0]

    @property
    def last(self) -> str:
        """The last name; where the names begin again it has a number, but for one pair."""
        again = self.number // len(NAMES)
        return NAMES[self.number % len(NAMES)][1] + (f" {again}" if again else "")

    @property
    def email(self) -> str:
        return f"{self.login}@uni.example"

    @property
    def lms_id(self) -> str:
        return str(4000 + self.number)

    @property
    def participant(self) -> str:
        return str(700_000 + self.number)


def class_of(students: int) -> list[Student]:
    """A class with as many of each kind as there can be."""
    kinds = list(KINDS)
    return [Student(number, kinds[number % len(kinds)]) for number in range(students)]
