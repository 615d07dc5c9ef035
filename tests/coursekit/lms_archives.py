"""Archives as learning platforms export them, made by a script: names of files, and what is in."""

import stat
import zipfile
from pathlib import Path

CLASS = ("jdoe", "asmith", "jmunoz")
CANVAS_ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section,Problem set 1 (123)
    Points Possible,,,,,35
"Doe, Jane",1234,S1,jdoe,A,
"O'Neil, Ann Smith",1235,S2,asmith,A,
"Muñoz, José",1236,S3,jmunoz,B,
"Student, Test",1,,,A,
"""
MOODLE_ROSTER = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 901,Jane Doe,S1,jdoe@uni.example,,,100.00,Yes,-,-,
Participant 902,Ann Smith O'Neil,S2,asmith@uni.example,,,100.00,Yes,-,-,
Participant 903,José Muñoz,S3,jmunoz@uni.example,,,100.00,Yes,-,-,
"""
BLACKBOARD_ROSTER = "Last Name\tFirst Name\tUsername\tStudent ID\nDoe\tJane\tjdoe\tS1\n\
O'Neil\tAnn\tasmith\tS2\nMuñoz\tJosé\tjmunoz\tS3\n"
BRIGHTSPACE_ROSTER = """\
OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator
#S1,#jdoe,Doe,Jane,jdoe@uni.example,#
#S2,#asmith,O'Neil,Ann,asmith@uni.example,#
#S3,#jmunoz,Muñoz,José,jmunoz@uni.example,#
"""
GRADESCOPE_ROSTER = "First Name,Last Name,SID,Email,Role\nJane,Doe,S1,jdoe@uni.example,Student\n\
Ann,O'Neil,S2,asmith@uni.example,Student\nJosé,Muñoz,S3,jmunoz@uni.example,Student\n"

ROSTERS = {
    "canvas": CANVAS_ROSTER,
    "moodle": MOODLE_ROSTER,
    "moodle without folders": MOODLE_ROSTER,
    "blackboard": BLACKBOARD_ROSTER,
    "brightspace": BRIGHTSPACE_ROSTER,
    "gradescope": GRADESCOPE_ROSTER,
}
IDENTITY = {"moodle": "Email address", "moodle without folders": "Email address"}

ARCHIVES = {
    "canvas": {
        "doejane_1234_777_ps1-1.ipynb": "jane",
        "oneilannsmith_LATE_1235_778_ps1.ipynb": "ann",
        "muñozjosé_1236_779_homework 1.ipynb": "josé",
        "muñozjosé_1236_780_notes.txt": "josé's notes",
    },
    "moodle": {
        "Jane Doe_901_assignsubmission_file/sub/ps1.ipynb": "jane",
        "Ann Smith O'Neil_902_assignsubmission_file_/ps1.ipynb": "ann",
        "José Muñoz_903_assignsubmission_file/homework 1.ipynb": "josé",
        "José Muñoz_903_assignsubmission_file/notes.txt": "josé's notes",
    },
    "moodle without folders": {
        "Jane Doe_901_assignsubmission_file_ps1.ipynb": "jane",
        "Ann Smith O'Neil_902_assignsubmission_file_ps1.ipynb": "ann",
        "José Muñoz_903_assignsubmission_file_homework 1.ipynb": "josé",
        "José Muñoz_903_assignsubmission_file_notes.txt": "josé's notes",
    },
    "blackboard": {
        "Problem_set 1_jdoe_attempt_2027-01-09-10-00-00_ps1.ipynb": "jane, before",
        "Problem_set 1_jdoe_attempt_2027-01-10-10-00-00_ps1.ipynb": "jane",
        "Problem_set 1_jdoe_attempt_2027-01-10-10-00-00.txt": "Name: Jane Doe (jdoe)",
        "Problem_set 1_asmith_attempt_2027-01-10-11-00-00_ps1.ipynb": "ann",
        "Problem_set 1_jmunoz_attempt_2027-01-10-12-00-00_homework 1.ipynb": "josé",
        "Problem_set 1_jmunoz_attempt_2027-01-10-12-00-00_notes.txt": "josé's notes",
    },
    "brightspace": {
        "27236-46025 - jdoe Jane Doe - 09 January 2027 1000 AM/ps1.ipynb": "jane, before",
        "27236-46025 - jdoe Jane Doe - 10 January 2027 1000 AM/ps1.ipynb": "jane",
        "27236-46026 - asmith Ann O'Neil - Jan 10, 2027 1100 AM/ps1.ipynb": "ann",
        "27236-46027 - S3 Muñoz - Jan 10, 2027 1200 PM/homework 1.ipynb": "josé",
        "27236-46027 - S3 Muñoz - Jan 10, 2027 1200 PM/notes.txt": "josé's notes",
        "index.html": "<html>",
    },
    "gradescope": {
        "assignment_12_export/submission_metadata.yml": """\
submission_1:
  :submitters:
  - :name: Jane Doe
    :sid: S1
    :email: jdoe@uni.example
  :created_at: 2027-01-10 10:00:00.000000000 +01:00
  :score: 3.0
  :history:
  - :id: 9
submission_2:
  :submitters:
  - :name: Ann O'Neil
    :sid:
    :email: asmith@uni.example
  :created_at: 2027-01-10 11:00:00 +01:00
submission_3:
  :submitters:
  - :name: José Muñoz
    :sid: S3
  :created_at: 2027-01-10 12:00:00 +01:00
""",
        "assignment_12_export/submission_1/ps1.ipynb": "jane",
        "assignment_12_export/submission_2/ps1.ipynb": "ann",
        "assignment_12_export/submission_3/homework 1.ipynb": "josé",
        "assignment_12_export/submission_3/notes.txt": "josé's notes",
    },
}
TIMED = ("blackboard", "brightspace", "gradescope")
"""Platforms whose archives say when."""


def pack(path: Path, files: dict[str, str | bytes], links: dict[str, str] | None = None) -> Path:
    """A zip of files by their paths, and of symbolic links."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
        for name, target in (links or {}).items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            packed.writestr(info, target)
    return path


def unpacked(folder: Path, files: dict[str, str]) -> Path:
    """A folder of the same files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder
