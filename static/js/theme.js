// Sets the theme before the first paint, so that a dark page does not flash white. Modules would run too late.
// It also tells the style sheets that modules are being loaded (`data-scripts`), so that what these make of a page has its
// place from the first paint on.
{
  const MODULES_MILLISECONDS = 15_000;
  const root = document.documentElement;
  const unknown = () => [...document.querySelectorAll(":not(:defined)")];
  // Elements without their module are shown as they are without JavaScript.
  const showPlain = () => {
    if (unknown().length) delete root.dataset.scripts;
  };
  const loadAgain = () => {
    for (const { localName } of unknown()) import(`elements/${localName}`).catch(() => {});
    if (unknown().length) import("main").catch(() => {});
  };

  root.dataset.scripts = "";
  document.addEventListener("DOMContentLoaded", showPlain); // the modules of the page have run by then, or have failed
  setTimeout(showPlain, MODULES_MILLISECONDS); // on a line that was cut they neither come nor fail
  addEventListener("online", loadAgain);

  const chosen = localStorage.getItem("theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const show = (isDark) => {
    root.dataset.bsTheme = isDark ? "dark" : "light";
  };
  show(dark);
  // Paper is white.
  let wasDark = false;
  addEventListener("beforeprint", () => {
    wasDark = root.dataset.bsTheme === "dark";
    show(false);
  });
  addEventListener("afterprint", () => show(wasDark));
}
