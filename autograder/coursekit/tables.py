"""Tables as files: read with errors that name the line, and written so that nothing computes."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.replacing import write_whole

FORMULA = re.compile(r"[=+@\t\r-]")
"""With these begins what a spreadsheet computes."""

NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?|-")
"""What begins in the same way and computes nothing: a number, or the dash for none."""

DELIMITERS = ",;\t"
MAX_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Row:
    """A line of a table.

    Attributes
    ----------
    line : int
        Where it ends in the file.
    cells : dict of str to str
        By the name of the column.
    """

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """What stands in a column, without blanks around it; nothing if there is none."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True)
class TextTable:
    """A table as it stood in a file.

    Attributes
    ----------
    path : Path
    columns : tuple of str
    rows : tuple of Row
    delimiter : str
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str = ","

    def require(self, *columns: str) -> None:
        """Refuse a table that lacks a column.

        Raises
        ------
        CourseError
        """
        missing = [column for column in columns if column not in self.columns]
        if missing:
            raise CourseError(
                f"{self.path} has no column {' and no column '.join(missing)}; "
                f"it has {', '.join(self.columns)}"
            )

    def refuse(self, row: Row, words: str) -> CourseError:
        """An error about a line."""
        return CourseError(f"{self.path}, line {row.line}: {words}")


def read_table(path: Path, lower: bool = False) -> TextTable:
    """The table in a file, whatever separates its columns; empty lines are passed over.

    Parameters
    ----------
    path : Path
    lower : bool
        Whether names of columns are read in small letters, as people write them.

    Raises
    ------
    CourseError
        If it cannot be read, or is no table.
    """
    text = read_text(path)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise CourseError(
            f"{path}, line {reader.line_num} is no line of a table: {error}"
        ) from error
    if not lines:
        raise CourseError(f"{path} is empty; a table with the names of its columns is expected")
    columns = tuple(name.strip().lower() if lower else name.strip() for name in lines[0][1])
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        raise CourseError(f"{path} has the column {min(twice)} twice")
    rows = []
    for line, cells in lines[1:]:
        if any(map(str.strip, cells[len(columns) :])):
            raise CourseError(
                f"{path}, line {line} has {len(cells)} cells, and there are {len(columns)} "
                "columns: a text with a comma needs quotation marks around it"
            )
        rows.append(Row(line, dict(zip(columns, cells, strict=False))))
    return TextTable(path, columns, tuple(rows), delimiter)


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, or in UTF-16 where its first bytes say so.

    Raises
    ------
    CourseError
        If it is not there, too large, or written in another way.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise CourseError(f"{path} has more than {MAX_BYTES // 2**20} MB; a table is expected")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(
            f"{path} is no text in UTF-8 (byte {error.start + 1}); save it as CSV UTF-8"
        ) from error


def as_text(name: str | None) -> str:
    """A text that a spreadsheet does not compute: an apostrophe stands before it."""
    return f"'{name}" if FORMULA.match(name or "") else name or ""


def harmless(cell: str) -> str:
    """The same for a cell that may hold a number, which stays one."""
    return cell if NUMBER.fullmatch(cell) else as_text(cell)


def write_table(
    path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]], delimiter: str = ","
) -> None:
    """Write a table, whole or not at all, that nobody else can read; missing cells are empty."""
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, columns, restval="", delimiter=delimiter, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    write_whole(path.resolve(), file.getvalue().encode())
