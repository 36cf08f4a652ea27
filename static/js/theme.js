// Sets the theme before the first paint, so that a dark page does not flash white. Modules would run too late.
// It also tells the style sheets that modules are being loaded (`data-scripts`), so that what these make of a page has its
// place from the first paint on.
document.documentElement.dataset.scripts = "";
// The modules of the page have run by then, unless one failed: its elements are shown as they are without JavaScript.
document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector(":not(:defined)")) delete document.documentElement.dataset.scripts;
});
{
  const chosen = localStorage.getItem("theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
}
