# Sourced by bin/run, bin/test, bin/schema and bin/client: makes the virtual environment with the pinned packages, and updates it.

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "Roomtone needs Python 3.11 to 3.14; none was found. Install one, or name it: PYTHON=/path/to/python3 $0" >&2
  exit 1
}

# install_requirements FILE: installs the packages of FILE into .venv, unless the same FILE, or one that includes it, is installed already.
install_requirements() {
  local stamp=".venv/.installed" wanted
  wanted="$(cksum < "$1")"
  [ -f "$stamp" ] && grep -qxF "$wanted" "$stamp" && return
  if [ ! -x .venv/bin/python ]; then
    local python
    python="$(find_python)"
    echo "Making a virtual environment with $("$python" --version) ..."
    "$python" -m venv .venv
  fi
  echo "Installing the packages of $1 (a minute, the first time) ..."
  .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --requirement "$1"
  echo "$wanted" > "$stamp"
  # The packages for development include the others.
  if [ "$1" = requirements-dev.txt ]; then cksum < requirements.txt >> "$stamp"; fi
}
