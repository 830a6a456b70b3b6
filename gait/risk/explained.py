"""How a level came about, and what would change it, in sentences."""

from gait.model import Level
from gait.risk.score import TINY, Judgement
from gait.risk.table import EvidenceTable


def explained(judgement: Judgement, table: EvidenceTable, *, hurts_here: bool) -> list[str]:
    """The arithmetic in words; the boundaries; what the other readings of the evidence give.

    hurts_here : what is known of overuse in general is shown with the condition itself
    """
    words, levels, level = table.words, table.levels, judgement.level
    if level is Level.CONTEXT:
        return []
    said = [_sum(judgement, table)]
    if level is Level.NOT_ENOUGH:
        pct, least = 100.0 * judgement.coverage, 100.0 * levels.coverage
        return [*said, words["not_enough"].format(pct=pct, least=least)]
    if level is Level.GENERAL_LOAD:
        said.append(words["general_only_here" if hurts_here else "general_only"])
    else:
        said.append(words["boundaries"].format(watch=levels.watch, elevated=levels.elevated))
    if level is Level.WATCH and judgement.score >= levels.elevated - TINY:
        said.append(words["held"].format(own=levels.elevated_specific))
    return [*said, _other_readings(judgement, words)]


def _sum(judgement: Judgement, table: EvidenceTable) -> str:
    words = table.words
    sizes = {k: judgement.groups.get(k, 0.0) for k in table.groups}
    parts = [_part(k, size, table) for k, size in sizes.items() if abs(size) > TINY]
    if not parts:
        return words["nothing_counts"]
    together = ", ".join(parts)
    together = together[:1].upper() + together[1:]
    form = words["counts" if len(parts) == 1 else "counts_together"]
    return form.format(parts=together, score=judgement.score)


def _part(key: str, size: float, table: EvidenceTable) -> str:
    group = table.groups[key]
    form = table.words["part_capped" if size > group.cap + TINY else "part"]
    return form.format(group=group.name, size=size, cap=group.cap)


def _other_readings(judgement: Judgement, words: dict[str, str]) -> str:
    low, high = judgement.low, judgement.high
    if low is judgement.level is high:
        return words["reading_same"]
    if high is judgement.level:
        return words["reading_low"].format(low=low)
    if low is judgement.level:
        return words["reading_high"].format(high=high)
    return words["reading_both"].format(low=low, high=high)
