// A shortcut that is pressed while the page's modules are still on their way is not lost: it acts once they are here.
// Only the last one counts, as someone who sees nothing happen presses again. Buttons need none of this: without
// modules they do what HTML does, or are not shown. Not a module itself for that reason.
{
  const arriving = new AbortController();
  let again = () => {};

  // A letter or a sign; whether it is meant as a shortcut, lib/shortcuts decides.
  const keep = (event) => {
    if (event.key?.length !== 1 || event.key === " ") return;
    const { target, key, shiftKey, ctrlKey, metaKey, altKey, repeat, isComposing } = event;
    const options = { key, shiftKey, ctrlKey, metaKey, altKey, repeat, isComposing, bubbles: true, cancelable: true };
    again = () => target.dispatchEvent(new KeyboardEvent("keydown", options));
  };

  document.addEventListener("keydown", keep, { signal: arriving.signal });
  // Modules have run by then; a task of its own lets what else waits for it begin first.
  document.addEventListener("DOMContentLoaded", () => {
    arriving.abort();
    setTimeout(() => again());
  });
}
