// Run in a page by tests/e2e/test_layout.py: what a person at this window's size cannot read, press, or reach.
// Returns sentences. `chart` selects the one thing that may scroll sideways, and in which bars lie over cells.
async ({ chart }) => {
  for (const _ of "12") await new Promise(requestAnimationFrame); // observers of sizes have drawn
  const faults = [];
  const name = (element) => {
    const text = (element.innerText || element.getAttribute("aria-label") || element.name || "").trim().slice(0, 30);
    return `<${element.localName}${element.id ? `#${element.id}` : ""}${element.className?.trim ? `.${element.className.trim().split(/\s+/).join(".")}` : ""}> “${text}”`;
  };
  const shown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const inChart = (element) => element.closest(chart) !== null;

  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...document.body.querySelectorAll("*")].filter(
      (e) => shown(e) && !inChart(e) && e.getBoundingClientRect().right > innerWidth + 1,
    );
    faults.push(`the page scrolls sideways, for ${wide.slice(-2).map(name).join(", ")}`);
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (element.scrollWidth <= element.clientWidth + 1 || inChart(element) || !shown(element)) continue;
    if (/auto|scroll/.test(getComputedStyle(element).overflowX) && !element.matches("input, textarea, select"))
      faults.push(`${name(element)} scrolls sideways`);
  }

  // Fields have room for what is typed, and stay inside their card.
  const FIELDS = "select, textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=range])";
  for (const element of document.querySelectorAll(FIELDS)) {
    if (!shown(element) || inChart(element) || element.closest(".visually-hidden, dialog:not([open])")) continue;
    const rect = element.getBoundingClientRect(),
      card = element.closest(".panel, .main")?.getBoundingClientRect();
    const needed = element.matches("select, input:is([type=number], [type=date], [type=time], [type=datetime-local])")
      ? 64
      : 120;
    if (rect.width < needed) faults.push(`${name(element)} is ${Math.round(rect.width)} pixels wide`);
    if (card && (rect.right > card.right + 1 || rect.left < card.left - 1))
      faults.push(`${name(element)} runs out of its card`);
  }

  // What can be pressed has nothing over its middle, when it has been scrolled to.
  const PRESSED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=option]";
  const fixed = (element) => {
    for (let e = element; e; e = e.parentElement) if (/fixed|sticky/.test(getComputedStyle(e).position)) return true;
    return false;
  };
  const box = (element) => [...element.getClientRects()].find((rect) => rect.width > 1 && rect.height > 1);
  const controls = [...document.querySelectorAll(PRESSED)].filter(
    (e) =>
      shown(e) &&
      box(e) &&
      !e.disabled &&
      !e.closest("[inert], .visually-hidden, .skip-link") &&
      !e.matches(".visually-hidden, .skip-link, [type=file]"),
  );
  for (const element of controls) {
    if (inChart(element)) continue;
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const rect = box(element);
    const x = rect.left + rect.width / 2,
      y = rect.top + rect.height / 2;
    if (x < 0 || x > innerWidth || y < 0 || y > innerHeight) {
      faults.push(`${name(element)} cannot be scrolled to`);
      continue;
    }
    const hit = document.elementFromPoint(x, y);
    const label = hit?.closest("label");
    if (hit && (element.contains(hit) || label?.control === element)) continue;
    faults.push(`${name(element)} lies under ${hit ? name(hit) : "nothing"}`);
  }

  // For a finger each target is 44 pixels high and wide (WCAG 2.5.5), with its label and what is stretched over its row.
  // A link among words is none of these, nor what has another, larger way: a cell of the chart. Of a month, seven days
  // share the width of a phone.
  const REACH = 21; // pixels from the middle that belong to the target, too
  const isTarget = (element, hit) =>
    hit && (element.contains(hit) || hit.closest("label")?.control === element || hit.contains(element.labels?.[0]));
  const isInWords = (element) => getComputedStyle(element).display === "inline";
  const targets = matchMedia("(pointer: coarse), (max-width: 40rem)").matches ? controls : [];
  for (const element of targets) {
    if (inChart(element) || isInWords(element) || element.matches("[type=range]")) continue;
    const rects = [box(element), ...[...(element.labels ?? [])].map(box)].filter(Boolean);
    const height = Math.max(...rects.map(({ bottom }) => bottom)) - Math.min(...rects.map(({ top }) => top));
    const width = Math.max(...rects.map(({ right }) => right)) - Math.min(...rects.map(({ left }) => left));
    const isWide = width >= 2 * REACH || element.closest(".month");
    if (height >= 2 * REACH && isWide) continue;
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const { left, right, top, bottom } = box(element);
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const short = [
      [x, y - REACH],
      [x, y + REACH],
      [x - REACH, y],
      [x + REACH, y],
    ].some(([atX, atY]) => !isTarget(element, document.elementFromPoint(atX, atY)));
    if (short)
      faults.push(`${name(element)} is ${Math.round(width)} by ${Math.round(height)} pixels: too small for a finger`);
  }

  // Words and controls do not lie on each other. Only what is seen of them counts: not what is cut off.
  scrollTo(0, 0);
  const seen = (element, rect) => {
    let { left, top, right, bottom } = rect;
    for (let e = element; e && e !== document.body; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (e !== element || style.overflow !== "visible") {
        if (style.overflowX !== "visible" || style.overflowY !== "visible") {
          const clip = e.getBoundingClientRect();
          left = Math.max(left, clip.left);
          top = Math.max(top, clip.top);
          right = Math.min(right, clip.right);
          bottom = Math.min(bottom, clip.bottom);
        }
      }
    }
    return { left, top, right, bottom };
  };
  const boxes = [];
  const add = (element, rect, word) => {
    const { left, top, right, bottom } = seen(element, rect);
    if (right - left > 2 && bottom - top > 2) boxes.push({ element, left, top, right, bottom, word });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (
      !node.data.trim() ||
      element.closest("option, script, style, template, svg, .visually-hidden, [inert]") ||
      inChart(element) ||
      !shown(element) ||
      fixed(element)
    )
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) add(element, rect, node.data.trim().slice(0, 30));
  }
  const inField = (element) => element.closest("day-picker"); // its button has its place at the end of the field
  for (const element of controls)
    if (element.matches("button, input, select, textarea") && !inChart(element) && !inField(element) && !fixed(element))
      add(element, element.getBoundingClientRect(), name(element));
  boxes.sort((a, b) => a.top - b.top);
  for (let i = 0; i < boxes.length; i++) {
    const a = boxes[i];
    for (let j = i + 1; j < boxes.length && boxes[j].top < a.bottom - 3; j++) {
      const b = boxes[j];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left),
        down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (
        across <= 3 ||
        down <= 3 ||
        a.element === b.element ||
        a.element.contains(b.element) ||
        b.element.contains(a.element)
      )
        continue;
      if (a.element.closest("label")?.control === b.element || b.element.closest("label")?.control === a.element)
        continue;
      faults.push(`“${a.word}” and “${b.word}” lie on each other`);
      if (faults.length > 40) return faults;
    }
  }
  return faults;
};
