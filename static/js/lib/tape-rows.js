// Rows of the tape chart that the server drew again take the place of the old ones, each by its id. What is not on this
// page is left alone. The keyboard stays on the bar it was on, or where that bar was.
export function swapRows(chart, html) {
  const drawn = document.createElement("template");
  drawn.innerHTML = html;
  const focused = chart.contains(document.activeElement) ? document.activeElement : null;
  const row = focused?.closest(".tape-row");
  for (const part of [...drawn.content.children]) {
    const old = part.id && document.getElementById(part.id);
    if (!old) continue;
    part.removeAttribute("hx-swap-oob");
    if (!old.isEqualNode(part)) old.replaceWith(part);
  }
  chart.dispatchEvent(new CustomEvent("tape:swapped", { bubbles: true }));
  if (!focused || focused.isConnected) return;
  const again = document.getElementById(focused.id) ?? document.getElementById(row?.id)?.querySelector(".bar");
  (again ?? chart.querySelector(".tape")).focus({ preventScroll: true });
}
