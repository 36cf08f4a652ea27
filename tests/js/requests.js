// In the place of XMLHttpRequest, for htmx: requests wait in `sent` until the test answers them.
export const sent = [];

class FakeRequest extends EventTarget {
  upload = new EventTarget();
  headers = {};
  answered = {};
  status = 0;
  response = "";

  open(method, url) {
    Object.assign(this, { method, url: new URL(url, location), responseURL: new URL(url, location).href });
  }

  setRequestHeader(name, value) {
    this.headers[name] = value;
  }

  overrideMimeType() {}

  send(body) {
    this.body = new URLSearchParams(body ?? "");
    sent.push(this);
  }

  abort() {
    if (!this.status) this.onabort();
  }

  answer(status, html = "", headers = {}) {
    Object.assign(this, { status, response: html, responseText: html, answered: headers });
    this.onload();
  }

  fail() {
    this.onerror();
  }

  getResponseHeader(name) {
    return this.answered[name] ?? null;
  }

  getAllResponseHeaders() {
    return Object.entries(this.answered)
      .map((pair) => `${pair.join(": ")}\r\n`)
      .join("");
  }
}

globalThis.XMLHttpRequest = FakeRequest;
