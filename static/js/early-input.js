// What is typed and pressed while the page's modules are still on their way is not lost: it counts once they are here.
// Of shortcuts only the last one does, as someone who sees nothing happen presses again. Buttons need none of this:
// without modules they do what HTML does, or are not shown. Not a module itself for that reason.
{
  const arriving = new AbortController();
  const filled = new Set(); // fields
  let press = () => {};

  // A letter or a sign; whether it is meant as a shortcut, lib/shortcuts decides.
  const keepKey = (event) => {
    if (event.key?.length !== 1 || event.key === " " || event.isComposing || event.keyCode === 229) return;
    const { target, key, shiftKey, ctrlKey, metaKey, altKey, repeat } = event;
    const options = { key, shiftKey, ctrlKey, metaKey, altKey, repeat, bubbles: true, cancelable: true };
    press = () => target.dispatchEvent(new KeyboardEvent("keydown", options));
  };

  const tellAgain = () => {
    for (const type of ["input", "change"]) {
      for (const field of filled) field.dispatchEvent(new Event(type, { bubbles: true }));
    }
    press();
  };

  document.addEventListener("keydown", keepKey, { signal: arriving.signal });
  document.addEventListener("input", ({ target }) => filled.add(target), { signal: arriving.signal });
  // Modules have run by then; a task of its own lets what else waits for it begin first.
  document.addEventListener("DOMContentLoaded", () => {
    arriving.abort();
    setTimeout(tellAgain);
  });
}
