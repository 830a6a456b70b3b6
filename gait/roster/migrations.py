"""The tables of the roster, version by version. A version that was released is never edited: what
changes later is a new entry. All of an entry's statements succeed, or none does.

Everything that is a person's hangs on their row in `athletes` and goes with it. `uid` names a row
the same on every computer, `changed_at` tells which of two copies is the newer one. Days are
ISO dates, moments ISO 8601 in UTC, so that they sort as text.
"""

Migration = tuple[str, ...]

_PEOPLE: Migration = (
    """CREATE TABLE athletes (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL UNIQUE,
        height_m REAL, mass_kg REAL, birth_year INTEGER, sex TEXT,
        changed_at TEXT NOT NULL)""",
    # What others may still call this athlete: the `uid` of everybody merged into them.
    """CREATE TABLE merged (
        uid TEXT PRIMARY KEY,
        athlete INTEGER NOT NULL REFERENCES athletes ON DELETE CASCADE) WITHOUT ROWID""",
    "CREATE INDEX merged_by_athlete ON merged (athlete)",
    """CREATE TABLE groups (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE)""",
    """CREATE TABLE memberships (
        athlete INTEGER NOT NULL REFERENCES athletes ON DELETE CASCADE,
        in_group INTEGER NOT NULL REFERENCES groups ON DELETE CASCADE,
        PRIMARY KEY (athlete, in_group)) WITHOUT ROWID""",
    "CREATE INDEX memberships_by_group ON memberships (in_group)",
    """CREATE TABLE checkups (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        athlete INTEGER NOT NULL REFERENCES athletes ON DELETE CASCADE,
        taken_on TEXT NOT NULL,
        version TEXT NOT NULL,
        answers TEXT NOT NULL,
        changed_at TEXT NOT NULL)""",
    "CREATE INDEX checkups_by_athlete ON checkups (athlete, taken_on)",
    """CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        athlete INTEGER NOT NULL REFERENCES athletes ON DELETE CASCADE,
        day TEXT NOT NULL,
        text TEXT NOT NULL,
        changed_at TEXT NOT NULL)""",
    "CREATE INDEX notes_by_athlete ON notes (athlete, day)",
    """CREATE TABLE goals (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        athlete INTEGER NOT NULL REFERENCES athletes ON DELETE CASCADE,
        text TEXT NOT NULL,
        due TEXT,
        reached TEXT,
        changed_at TEXT NOT NULL)""",
    "CREATE INDEX goals_by_athlete ON goals (athlete)",
)

_RUNNING: Migration = (
    """CREATE TABLE shoes (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        athlete INTEGER NOT NULL REFERENCES athletes ON DELETE CASCADE,
        model TEXT NOT NULL,
        model_key TEXT NOT NULL,
        since TEXT,
        km_before REAL NOT NULL,
        retired TEXT,
        changed_at TEXT NOT NULL,
        UNIQUE (athlete, model_key))""",
    """CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        athlete INTEGER NOT NULL REFERENCES athletes ON DELETE CASCADE,
        shoe INTEGER REFERENCES shoes ON DELETE SET NULL,
        started_at TEXT NOT NULL,
        day TEXT NOT NULL,
        duration_s REAL NOT NULL,
        metres REAL,
        gear TEXT NOT NULL,
        changes INTEGER,
        indoors INTEGER,
        effort REAL,
        notes TEXT NOT NULL,
        source TEXT NOT NULL,
        recording TEXT,
        changed_at TEXT NOT NULL)""",
    "CREATE INDEX sessions_by_athlete ON sessions (athlete, started_at)",
    "CREATE INDEX sessions_by_shoe ON sessions (shoe, started_at)",
    "CREATE INDEX sessions_by_time ON sessions (started_at)",
    # Beside the narrow rows above, so that lists and sums do not read them.
    """CREATE TABLE session_contents (
        session INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
        summary BLOB NOT NULL,
        comparable BLOB NOT NULL)""",
    "CREATE TABLE measures (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE session_measures (
        session INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
        measure INTEGER NOT NULL REFERENCES measures,
        side INTEGER NOT NULL,
        value REAL NOT NULL,
        n INTEGER NOT NULL,
        spread REAL,
        uncertainty REAL,
        quality TEXT NOT NULL,
        PRIMARY KEY (session, measure, side)) WITHOUT ROWID""",
    """CREATE TABLE sensors (
        athlete INTEGER NOT NULL REFERENCES athletes ON DELETE CASCADE,
        sensor TEXT NOT NULL,
        info TEXT NOT NULL,
        last_used TEXT NOT NULL,
        PRIMARY KEY (athlete, sensor)) WITHOUT ROWID""",
    """CREATE TABLE training_log (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        athlete INTEGER NOT NULL REFERENCES athletes ON DELETE CASCADE,
        shoe INTEGER REFERENCES shoes ON DELETE SET NULL,
        day TEXT NOT NULL,
        km REAL,
        minutes REAL,
        changed_at TEXT NOT NULL)""",
    "CREATE INDEX training_log_by_athlete ON training_log (athlete, day)",
    "CREATE INDEX training_log_by_shoe ON training_log (shoe)",
)

# Logged runs may come from the file of another maker's device; `uid` then names the file.
_FOREIGN: Migration = (
    "ALTER TABLE training_log ADD COLUMN maker TEXT",
    "ALTER TABLE training_log ADD COLUMN started_at TEXT",
    "ALTER TABLE training_log ADD COLUMN ended_at TEXT",
    "ALTER TABLE training_log ADD COLUMN source TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE training_log ADD COLUMN measures TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE training_log ADD COLUMN remarks TEXT NOT NULL DEFAULT '[]'",
    """CREATE INDEX training_log_by_time ON training_log (athlete, started_at)
        WHERE started_at IS NOT NULL""",
    # A run counts once: not where more than half of the shorter one is a session's with a
    # distance, or that of another file kept before. Five days are more than any run lasts.
    """CREATE VIEW counted_log AS SELECT * FROM training_log AS log
        WHERE started_at IS NULL OR NOT EXISTS (
            SELECT 1 FROM sessions AS s
            WHERE s.athlete = log.athlete AND s.metres IS NOT NULL
            AND s.started_at < log.ended_at
            AND s.started_at > strftime('%Y-%m-%d', log.started_at, '-5 days')
            AND 2 * (min(julianday(s.started_at) + s.duration_s / 86400, julianday(log.ended_at))
                    - max(julianday(s.started_at), julianday(log.started_at)))
                > min(s.duration_s / 86400, julianday(log.ended_at) - julianday(log.started_at)))
        AND NOT EXISTS (
            SELECT 1 FROM training_log AS o
            WHERE o.athlete = log.athlete AND o.id < log.id AND o.km IS NOT NULL
            AND o.started_at < log.ended_at
            AND o.started_at > strftime('%Y-%m-%d', log.started_at, '-5 days')
            AND 2 * (min(julianday(o.ended_at), julianday(log.ended_at))
                    - max(julianday(o.started_at), julianday(log.started_at)))
                > min(julianday(o.ended_at) - julianday(o.started_at),
                    julianday(log.ended_at) - julianday(log.started_at)))""",
)

# Filled in by the program, which knows how; see checksums.py.
_CHECKED: Migration = tuple(
    f"ALTER TABLE {table} ADD COLUMN checksum INTEGER"
    for table in (
        "athletes",
        "merged",
        "groups",
        "memberships",
        "checkups",
        "notes",
        "goals",
        "shoes",
        "sessions",
        "session_contents",
        "measures",
        "session_measures",
        "sensors",
        "training_log",
    )
)

# What counts as different is found again when the session or one before it changes: compared.py.
# `sessions.changes`, which stayed as it was when a session came, is not used any more. Of two files
# of one run the same one counts in whatever order they came.
_COMPARED: Migration = (
    """CREATE TABLE compared (
        session INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
        changes TEXT,
        checksum INTEGER)""",
    "UPDATE sessions SET changes = NULL",
    "DROP VIEW counted_log",
    """CREATE VIEW counted_log AS SELECT * FROM training_log AS log
        WHERE started_at IS NULL OR NOT EXISTS (
            SELECT 1 FROM sessions AS s
            WHERE s.athlete = log.athlete AND s.metres IS NOT NULL
            AND s.started_at < log.ended_at
            AND s.started_at > strftime('%Y-%m-%d', log.started_at, '-5 days')
            AND 2 * (min(julianday(s.started_at) + s.duration_s / 86400, julianday(log.ended_at))
                    - max(julianday(s.started_at), julianday(log.started_at)))
                > min(s.duration_s / 86400, julianday(log.ended_at) - julianday(log.started_at)))
        AND NOT EXISTS (
            SELECT 1 FROM training_log AS o
            WHERE o.athlete = log.athlete AND o.uid < log.uid AND o.km IS NOT NULL
            AND o.started_at < log.ended_at
            AND o.started_at > strftime('%Y-%m-%d', log.started_at, '-5 days')
            AND 2 * (min(julianday(o.ended_at), julianday(log.ended_at))
                    - max(julianday(o.started_at), julianday(log.started_at)))
                > min(julianday(o.ended_at) - julianday(o.started_at),
                    julianday(log.ended_at) - julianday(log.started_at)))""",
)

# What is remembered of a comparison has a reason where there was none.
_VERDICTS: Migration = ("DELETE FROM compared",)

MIGRATIONS: tuple[Migration, ...] = (
    (*_PEOPLE, *_RUNNING),
    _FOREIGN,
    _CHECKED,
    _COMPARED,
    _VERDICTS,
)
