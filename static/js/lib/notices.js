// Shows an error in a box that a screen reader announces at once; an empty text removes it. `again` is called by the
// button Send again.
export function showProblem(box, text, { signIn = false, again = null } = {}) {
  const notice = document.createElement("p");
  notice.className = "notice is-problem";
  notice.append(text);
  if (signIn) notice.append(" ", signInLink());
  if (again) notice.append(" ", againButton(again));
  box.replaceChildren(...(text ? [notice] : []));
}

function againButton(again) {
  const button = document.createElement("button");
  button.addEventListener("click", again);
  return Object.assign(button, {
    type: "button",
    className: "btn btn-sm btn-outline-secondary",
    textContent: "Send again",
  });
}

// Opens a new tab, because this page has what is not saved yet.
export function signInLink() {
  const link = document.createElement("a");
  return Object.assign(link, { href: location.href, target: "_blank", textContent: "Sign in" });
}
