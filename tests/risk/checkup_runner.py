"""A runner who answers anything: generated lines for a question, and generated courses."""

from datetime import date

from hypothesis import strategies as st

SKIPS = ("skip", "skip_section", "back", "remove")


def lines(step):
    """Texts that a step must understand."""
    asked = step.asked
    numbers = st.lists(st.integers(1, max(1, len(step.items))), min_size=1, max_size=3)
    if asked.kind == "yes_no":
        return st.sampled_from(["y", "n", "Yes", "NO"])
    if asked.kind == "choice":
        return st.integers(1, len(step.items)).map(str)
    if asked.kind == "several":
        return st.one_of(st.just("n"), numbers.map(lambda n: " ".join(map(str, n))))
    if asked.kind == "checklist":
        marked = st.lists(
            st.tuples(st.integers(1, len(step.items)), st.sampled_from(["", "?"])), max_size=3
        )
        return st.one_of(
            st.just("none"), marked.filter(len).map(lambda m: ", ".join(f"{n}{q}" for n, q in m))
        )
    if asked.kind == "number":
        whole = st.integers(-(-int(asked.low * 10) // 10), int(asked.high))
        return whole.filter(lambda n: asked.low <= n <= asked.high).map(str)
    if asked.kind == "log":
        days = st.dates(date(1970, 1, 1), date(2200, 12, 31))
        runs = st.lists(st.tuples(days, st.integers(0, 50)), max_size=3)
        return runs.map(lambda r: "\n".join(f"{day} {km}" for day, km in r) or "n")
    return st.text("abc d", min_size=1, max_size=9).filter(str.strip)


def walk(flow, data, length):
    """Answer, skip, go back and take back, at random, for at most so many moves."""
    for _ in range(length):
        if flow.step is None:
            break
        move = data.draw(st.sampled_from(["answer"] * 5 + list(SKIPS) + ["go"]))
        if move == "answer":
            flow.answer(data.draw(lines(flow.step)))
        elif move == "go":
            flow.go(data.draw(st.integers(1, len(flow.steps) + 1)))
        else:
            getattr(flow, move)()
