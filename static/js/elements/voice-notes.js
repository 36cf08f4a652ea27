// The list: rows that look for their text by themselves, say so when it comes, and keep the keyboard where it was.
const DONE = 200;
const GONE = 404;

class VoiceNotes extends HTMLElement {
  #before = new Map(); // how a row was before it was swapped, by its id

  connectedCallback() {
    this.news = this.querySelector("[data-news]");
    this.list = this.querySelector(".notes");
    this.addEventListener("click", this);
    for (const type of ["beforeRequest", "responseError", "sendError", "timeout", "beforeSwap", "afterSettle"]) {
      this.addEventListener(`htmx:${type}`, this);
    }
  }

  handleEvent(event) {
    if (event.type === "click") this.#playFrom(event.target.closest("[data-start]"));
    else if (event.type === "htmx:beforeSwap") this.#remember(event.target, event.detail);
    else if (event.type === "htmx:afterSettle") this.#onNewRow(event.target);
    else if (event.target.closest("[data-look]")) this.#onLook(event);
  }

  #playFrom(word) {
    word?.closest(".note").querySelector("voice-player").playFrom(Number(word.dataset.start));
  }

  // A look that fails is no news for the desk: the next one follows.
  #onLook(event) {
    if (event.type === "htmx:beforeRequest") {
      if (document.hidden) event.preventDefault();
      return;
    }
    event.stopPropagation();
    if (event.detail.xhr.status === GONE) event.target.closest(".note").remove();
  }

  #remember(row, { xhr }) {
    const hadFocus = row.contains(document.activeElement);
    const isGoing = xhr.status === DONE && !xhr.response;
    if (hadFocus && isGoing) (row.nextElementSibling ?? row.previousElementSibling ?? this.list).focus();
    this.#before.set(row.id, { hadFocus, wasPending: isPending(row) });
  }

  #onNewRow(row) {
    const before = this.#before.get(row.id);
    this.#before.delete(row.id);
    if (!before || !row.matches(".note")) return;
    if (before.hadFocus && document.activeElement === document.body) row.focus();
    if (before.wasPending && !isPending(row)) this.#announce(row);
  }

  #announce(row) {
    this.news.textContent = `Voice note: ${row.querySelector(".transcript, .notice strong").textContent}`;
  }
}

function isPending(row) {
  return Boolean(row.querySelector("[data-look]"));
}
customElements.define("voice-notes", VoiceNotes);
