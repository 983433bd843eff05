"""What Schemathesis sends in the place of an id: for half of those it makes up, one of something that is there.

It makes up ids that nothing has, and would see little but "not found".
"""

import os
import sqlite3
import uuid

import schemathesis

DATABASE = f"file:{os.environ['PANEL_SCHEMA_DATABASE']}?mode=ro"
KEPT = sqlite3.connect(DATABASE, uri=True, timeout=30, check_same_thread=False)

# The table of what an id in a path names.
TABLES = {
    "action": "actions",
    "agency": "agencies",
    "case": "cases",
    "change": "marking_changes",
    "glass": "glass",
    "import": "imports",
    "item": "agenda_items",
    "meeting": "meetings",
    "note": "case_notes",
    "other": "people",
    "panel": "panels",
    "person": "people",
    "referral": "referrals",
    "reply": "info_replies",
    "request": "info_requests",
    "seat": "seats",
    "series": "series",
    "user": "users",
}

# A line is of what stands before it.
LINES = {"attendance": "attendance", "lists": "case_lists", "readers": "whereabouts_readers"}

# Versions that are looked at: a thing that was changed more often than that is left alone.
VERSIONS = 3


def table(name, path):
    """The table of an id; an id that is not known here ends the run."""
    if name == "line":
        return next(kept for part, kept in LINES.items() if f"/{part}/" in path)
    return TABLES[name]


def instead(name, path, made_up):
    """An id to send: which one follows from what was made up, so that a run can be repeated."""
    try:
        number = uuid.UUID(str(made_up)).int
    except ValueError:
        return made_up
    there = KEPT.execute(f"SELECT id FROM {table(name, path)} ORDER BY id").fetchall()
    takes, place = number % 2, number // 2
    return there[place % len(there)][0] if takes and there else made_up


@schemathesis.hook
def before_call(context, case, kwargs):
    for name, made_up in (case.path_parameters or {}).items():
        case.path_parameters[name] = instead(name, case.operation.path, made_up)
    version = (case.headers or {}).get("if-match", "").strip('"')
    if version.isdigit():
        case.headers["if-match"] = f'"{1 + int(version) % VERSIONS}"'
