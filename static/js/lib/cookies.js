// Reads a cookie when it is needed, because the CSRF token in a page that was open for long may be out of date.
export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export function csrfToken() {
  return cookie("__Host-csrftoken") || cookie("roomtone_csrftoken");
}
