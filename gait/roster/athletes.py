"""The people of the roster: their names, bodies and groups."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from gait.model import Body, UsageError
from gait.roster.database import Database, Row, new_uid, record
from gait.roster.moments import now
from gait.roster.names import folded, key, not_found, tidy

Sex = Literal["female", "male"]


class Athlete(msgspec.Struct, frozen=True, kw_only=True):
    """A person as kept. `id` holds in this roster only, `uid` on every computer."""

    id: int
    uid: str
    name: str
    height_m: float | None = None
    mass_kg: float | None = None
    birth_year: int | None = None
    sex: Sex | None = None
    groups: tuple[str, ...] = ()

    def body(self, on: date) -> Body:
        """The body as a norm needs it; the age is that of the year, so up to one year too high."""
        age = None if self.birth_year is None else float(on.year - self.birth_year)
        return Body(height_m=self.height_m, mass_kg=self.mass_kg, age_years=age, sex=self.sex)


class Athletes:
    """`roster.athletes`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, search: str = "", group: str | None = None) -> list[Athlete]:
        """Everybody whose name contains `search`, with or without accents, in that group, by
        name."""
        sql, values = "SELECT * FROM athletes WHERE instr(folded(name), ?)", [folded(search)]
        if group is not None:
            sql += (
                " AND id IN (SELECT athlete FROM memberships JOIN groups ON id = in_group"
                " WHERE name_key = ?)"
            )
            values.append(self._known_group(group)["name_key"])
        return self._athletes(self._db.rows(f"{sql} ORDER BY name_key", *values))

    def find(self, name: str) -> Athlete:
        """The athlete of that name, upper or lower case, or the only one with that name among
        theirs (a first name is enough). Raises UsageError with near names.
        """
        rows = self._db.rows("SELECT * FROM athletes WHERE name_key = ?", key(name))
        rows = rows or self._of_one_name(name)
        if len(rows) > 1:
            raise UsageError(
                f"{name!r} may be {' or '.join(row['name'] for row in rows[:5])}; say more of the "
                "name."
            )
        if not rows:
            known = self._db.rows("SELECT * FROM athletes ORDER BY name_key")  # whole, so checked
            raise not_found("athlete", name, (row["name"] for row in known))
        return self._athletes(rows)[0]

    def _of_one_name(self, name: str) -> list[Row]:
        """Those of whose names one begins so, without accents; the whole of it where any is."""
        wanted = folded(name)
        rows = self._db.rows("SELECT * FROM athletes ORDER BY name_key")
        names = [(row, folded(row["name"])) for row in rows]
        whole = [row for row, folded_name in names if f" {wanted} " in f" {folded_name} "]
        return whole if wanted else []

    def get(self, id: int) -> Athlete:
        """The athlete with that id. Raises UsageError where there is none (any more)."""
        rows = self._db.rows("SELECT * FROM athletes WHERE id = ?", id)
        if not rows:
            raise UsageError("That athlete is no longer in the roster.")
        return self._athletes(rows)[0]

    def add(
        self,
        name: str,
        *,
        height_m: float | None = None,
        mass_kg: float | None = None,
        birth_year: int | None = None,
        sex: Sex | None = None,
        groups: Sequence[str] = (),
        uid: str | None = None,
    ) -> Athlete:
        """A new athlete. Raises UsageError for a name that is taken or a value that cannot be."""
        new = Athlete(
            id=-1,
            uid=uid or new_uid(),
            name=tidy(name, "an athlete"),
            height_m=height_m,
            mass_kg=mass_kg,
            birth_year=birth_year,
            sex=sex,
        )
        _check(new)
        with self._db.change():
            self._check_free(new.name)
            id = self._db.write(
                "INSERT INTO athletes (uid, name, name_key, height_m, mass_kg, birth_year, sex,"
                " changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *(new.uid, new.name, key(new.name), *_body(new), now()),
            )
            for group in groups:
                self.join(self.get(id), group)
            return self.get(id)

    def edit(self, athlete: Athlete) -> Athlete:
        """Keep the name and body that `athlete` has now. Raises UsageError as `add` does."""
        name = tidy(athlete.name, "an athlete")
        _check(athlete)
        with self._db.change():
            self._check_free(name, besides=athlete.id)
            self._db.write(
                "UPDATE athletes SET name = ?, name_key = ?, height_m = ?, mass_kg = ?,"
                " birth_year = ?, sex = ?, changed_at = ? WHERE id = ?",
                *(name, key(name), *_body(athlete), now(), athlete.id),
            )
            return self.get(athlete.id)

    def delete(self, athlete: Athlete) -> int:
        """This person and everything that is theirs, so that the file holds no trace of it.

        Session files stay where they are. Copies of the file go, for a new one; returns how many.
        Raises GaitError where it is deleted but another program keeps the file from being cleaned.
        """
        with self._db.change():
            self._db.write("DELETE FROM athletes WHERE id = ?", athlete.id)
            self._drop_empty_groups()
        return self._db.forget_deleted()

    def groups(self) -> list[tuple[str, int]]:
        """Every group with the number of its members, by name."""
        rows = self._db.rows(
            "SELECT name, count(athlete) AS members FROM groups"
            " LEFT JOIN memberships ON in_group = id GROUP BY id ORDER BY name_key"
        )
        return [(row["name"], row["members"]) for row in rows]

    def join(self, athlete: Athlete, group: str) -> None:
        """Into a group, which is made where there is none of that name."""
        group = tidy(group, "a group")
        with self._db.change():
            self._db.write(
                "INSERT OR IGNORE INTO groups (name, name_key) VALUES (?, ?)", group, key(group)
            )
            self._db.write(
                "INSERT OR IGNORE INTO memberships (athlete, in_group)"
                " SELECT ?, id FROM groups WHERE name_key = ?",
                *(athlete.id, key(group)),
            )

    def leave(self, athlete: Athlete, group: str) -> None:
        """Out of a group, which ends with its last member. Raises UsageError for an unknown one."""
        with self._db.change():
            in_group = self._known_group(group)["id"]
            self._db.write(
                "DELETE FROM memberships WHERE athlete = ? AND in_group = ?", athlete.id, in_group
            )
            self._drop_empty_groups()

    def _known_group(self, group: str) -> Row:
        row = self._db.row("SELECT * FROM groups WHERE name_key = ?", key(group))
        if row is None:
            raise not_found("group", group, (name for name, _ in self.groups()))
        return row

    def _drop_empty_groups(self) -> None:
        self._db.write("DELETE FROM groups WHERE id NOT IN (SELECT in_group FROM memberships)")

    def _check_free(self, name: str, besides: int = -1) -> None:
        taken = self._db.row(
            "SELECT name FROM athletes WHERE name_key = ? AND id <> ?", key(name), besides
        )
        if taken is not None:
            raise UsageError(f"There is an athlete called {taken['name']} already; add something.")

    def _athletes(self, rows: Sequence[Row]) -> list[Athlete]:
        groups: dict[int, list[str]] = {}
        members = "SELECT athlete, name FROM memberships JOIN groups ON id = in_group"
        if len(rows) == 1:
            found = self._db.rows(f"{members} WHERE athlete = ? ORDER BY name_key", rows[0]["id"])
        else:
            found = self._db.rows(f"{members} ORDER BY name_key") if rows else []
        for row in found:
            groups.setdefault(row["athlete"], []).append(row["name"])
        return [record(row, Athlete, groups=tuple(groups.get(row["id"], ()))) for row in rows]


def _body(athlete: Athlete) -> tuple[float | str | None, ...]:
    return athlete.height_m, athlete.mass_kg, athlete.birth_year, athlete.sex


def _check(athlete: Athlete) -> None:
    """Numbers in another unit are the common slip: 178 for 1.78 m."""
    for what, value, low, high in (
        ("height in metres", athlete.height_m, 1.0, 2.5),
        ("mass in kg", athlete.mass_kg, 20.0, 300.0),
        ("year of birth", athlete.birth_year, 1900, 2200),
    ):
        if value is not None and not low <= value <= high:
            raise UsageError(f"The {what} is {value:g}; it must lie between {low:g} and {high:g}.")
