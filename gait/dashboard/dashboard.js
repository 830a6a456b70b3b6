// The token is kept as a cookie, so it need not stay in the address; "/" goes to the search.
if (location.search.includes("token=")) history.replaceState(null, "", location.pathname);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  document.querySelector(".find input")?.focus();
});

// A part of a figure is drawn over with a mouse: the event "brushed" has its two ends on the axis,
// or nothing for a click. A finger moves the page.
document.addEventListener("pointerdown", (event) => {
  const drawing = event.target.closest("svg[data-brush]");
  if (!drawing || event.button !== 0 || event.pointerType === "touch") return;
  event.preventDefault();
  const [low, high, left, right, top, bottom] = JSON.parse(drawing.dataset.brush);
  const place = (moved) => {
    const box = drawing.getBoundingClientRect();
    const x = (moved.clientX - box.left) * drawing.viewBox.baseVal.width / box.width;
    return Math.min(Math.max(x, left), right);
  };
  const start = place(event);
  drawing.querySelector(".brush")?.remove();
  const shade = document.createElementNS(drawing.namespaceURI, "rect");
  const put = (names) => Object.entries(names).forEach(([name, value]) => shade.setAttribute(name, value));
  put({ class: "brush", x: start, y: top, width: 0, height: bottom - top });
  drawing.append(shade);
  const draw = (moved) => put({ x: Math.min(start, place(moved)), width: Math.abs(place(moved) - start) });
  const end = (moved) => {
    removeEventListener("pointermove", draw);
    const ends = [start, place(moved)].sort((a, b) => a - b);
    const nothing = ends[1] - ends[0] < 3;
    if (nothing) shade.remove();
    const values = ends.map((x) => low + (high - low) * (x - left) / (right - left));
    const detail = nothing ? null : values;
    drawing.dispatchEvent(new CustomEvent("brushed", { bubbles: true, detail }));
  };
  addEventListener("pointermove", draw);
  addEventListener("pointerup", end, { once: true });
});
