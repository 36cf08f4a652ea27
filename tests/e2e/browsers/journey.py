"""What a desk does in its browser, whichever that is. Verbs only."""

import time

PATIENCE_SECONDS = 30  # of a busy machine
LOOK_SECONDS = 0.05
# Functions in the page.
IS_SHOWN = """(selector, words) => [...document.querySelectorAll(selector)].some((element) =>
  element.checkVisibility({ visibilityProperty: true }) && element.textContent.replace(/\\s+/g, " ").includes(words))"""
MARK = """(selector, words) => {
  for (const { dataset } of document.querySelectorAll("[data-pressed]")) delete dataset.pressed;
  const found = [...document.querySelectorAll(selector)].find((element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.textContent.replace(/\\s+/g, " ").includes(words));
  if (found) found.dataset.pressed = "";
  return Boolean(found);
}"""
SET_DATE = """(name, value) => {
  const field = document.querySelector(`[name=${name}]`);
  field.value = value;
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
}"""
LEAVE_FIELD = "() => document.activeElement.blur()"
HAS_STATE = "(state) => document.querySelector('voice-recorder .recorder').dataset.state === state"
RECORDED_SECONDS = "async () => (await (await import('lib/recording-store')).allRecordings())[0].seconds"
SEEK = """(place, seconds) => {
  const bar = document.querySelector(`${place} input[type=range]`);
  bar.value = seconds;
  bar.dispatchEvent(new Event("input", { bubbles: true }));
}"""
HAS_REACHED = "(place, seconds) => document.querySelector(`${place} audio`).currentTime >= seconds"
LISTEN = """(place) => {
  const audio = document.querySelector(`${place} audio`);
  audio.heard = [];
  audio.addEventListener("timeupdate", () => audio.paused || audio.heard.push(audio.currentTime));
}"""
IS_HEARD = """(place, from, to) =>
  document.querySelector(`${place} audio`).heard?.some((seconds) => seconds > from && seconds < to)"""
LENGTH = "(place) => Number(document.querySelector(`${place} input[type=range]`).max)"
NOTES = "() => [...document.querySelectorAll('.note')].map(({ id }) => id)"
WRITTEN = """(known) => {
  const note = [...document.querySelectorAll(".note")].find(({ id }) => !known.includes(id));
  return note?.querySelector("[data-transcript]") ? `#${note.id}` : null;
}"""
NOTE = """(note) => ({
  text: document.querySelector(`${note} [data-transcript]`).textContent,
  seconds: Number(document.querySelector(`${note} voice-player`).dataset.seconds),
  remarks: [...document.querySelectorAll(`${note} > p.quiet`)].map(({ textContent }) => textContent),
})"""
LAST_WORD = """(note) => {
  const word = [...document.querySelectorAll(`${note} .w`)].at(-1);
  word.dataset.last = "";
  return Number(word.dataset.start);
}"""
HAS_PACK = "async () => Boolean(await caches.match('/downtime/'))"


class Journey:
    """`browser` has `go`, `reload`, `js`, `click`, `type`, `choose`, and BETWEEN_PAGES, which `js` may raise."""

    def __init__(self, browser, server, microphone):
        self.browser, self.server, self.microphone = browser, server, microphone
        self.speak = microphone.speak
        self.js = browser.js
        self.known = []

    def until(self, function, *given):
        """Look until the function returns something true, on this page or the next one; returns that."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                value, trouble = self.js(function, *given), None
            except self.browser.BETWEEN_PAGES as error:
                value, trouble = None, error
            if value:
                return value
            if time.monotonic() > deadline:
                shown = self.js("() => document.body.innerText.slice(0, 3000)")
                raise AssertionError(f"never: {function} of {given}: {trouble}\n{shown}")
            time.sleep(LOOK_SECONDS)

    def go(self, path):
        self.browser.go(self.server.url + path)

    def sees(self, words, selector="main"):
        self.until(IS_SHOWN, selector, words)

    def press(self, words, selector="button"):
        self.until(MARK, selector, words)
        self.browser.click("[data-pressed]")

    def sign_in(self):
        name, password = self.server.account
        self.go("/accounts/login/")
        self.browser.type("[name=username]", name)
        self.browser.type("[name=password]", password)
        self.press("Sign in")
        self.sees("Today", "nav a")
        self.until("() => document.readyState === 'complete'")

    def ask_for(self, property, guest, arrival, departure):
        self.go("/reservations/new/")
        self.until("() => window.htmx && document.readyState === 'complete'")
        self.browser.choose("[name=property]", property)
        self.browser.type("[name=guest]", guest)
        self.js(LEAVE_FIELD)
        self.js(SET_DATE, "arrival", arrival.isoformat())
        self.js(SET_DATE, "departure", departure.isoformat())

    def record(self):
        self.known = self.js(NOTES)
        self.press("Record a voice note")
        self.until(HAS_STATE, "recording")

    def press_in_recorder(self, words, state):
        self.press(words, "voice-recorder button")
        self.until(HAS_STATE, state)

    def recorded_seconds(self):
        """What the recorder's clock says."""
        return self.js(RECORDED_SECONDS)

    def length(self, place):
        return self.js(LENGTH, place)

    def seek(self, place, seconds):
        """In what has begun to play, as nobody is quicker than that."""
        self.js(LISTEN, place)
        self.until(IS_HEARD, place, 0, seconds)
        self.js(SEEK, place, seconds)
        self.until(HAS_REACHED, place, seconds)

    def hears(self, place, after, before):
        self.until(IS_HEARD, place, after, before)

    def written_note(self):
        """The new note's selector, once its text is there, and what it says."""
        note = self.until(WRITTEN, self.known)
        return note, self.js(NOTE, note)

    def press_last_word(self, note):
        """Returns when it was spoken."""
        self.js(LISTEN, note)
        start = self.js(LAST_WORD, note)
        self.browser.click("[data-last]")
        return start

    def wait_for_pack(self):
        self.until(HAS_PACK)
