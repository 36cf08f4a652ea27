// Reads a cookie at the moment of the request: the token of a page that was open all night is out of date.
export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export function csrfToken() {
  return cookie("__Host-csrftoken") || cookie("roomtone_csrftoken");
}
