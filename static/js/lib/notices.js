// What went wrong, in a box that a screen reader reads out at once. Says what happened, then what to do.
// `again` does what was in vain once more, when its button is pressed.
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

// In a new tab: this page holds what is not saved yet.
export function signInLink() {
  const link = document.createElement("a");
  return Object.assign(link, { href: location.href, target: "_blank", textContent: "Sign in" });
}
