// What went wrong, in a box that a screen reader reads out at once. Says what happened, then what to do.
export function showProblem(box, text, { signIn = false } = {}) {
  const notice = document.createElement("p");
  notice.className = "notice is-problem";
  notice.append(text);
  if (signIn) notice.append(" ", signInLink());
  box.replaceChildren(...(text ? [notice] : []));
}

// In a new tab: this page holds what is not saved yet.
export function signInLink() {
  const link = document.createElement("a");
  return Object.assign(link, { href: location.href, target: "_blank", textContent: "Sign in" });
}
