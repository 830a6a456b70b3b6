"""Days and moments as they are kept: ISO 8601 text, moments in UTC, so that they sort as text."""

from datetime import UTC, date, datetime

from gait.model import UsageError


def now() -> str:
    """This moment."""
    return moment_text(datetime.now(UTC))


def moment_of(text: str | None) -> datetime:
    """The moment of an ISO 8601 text; without an offset it is this computer's time.

    Raises UsageError where there is none, or it is not one.
    """
    if not text:
        raise UsageError("It is not known when the recording was made; say so with --date.")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text} is no date and time such as 2026-05-17T18:30.") from error


def moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def local_day(moment: datetime) -> date:
    """The date of a moment where this computer is."""
    return moment.astimezone().date()


def day_of(text: str) -> str:
    """The date of an ISO 8601 text where it says it was; the text has an offset of its place."""
    return datetime.fromisoformat(text).date().isoformat()


def day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
