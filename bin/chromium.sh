# Sourced by bin/test: installs a Chromium for the browser tests, from Debian's packages or Playwright's own.

has_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || has_playwrights_own
} > /dev/null 2>&1

has_playwrights_own() {
  .venv/bin/python - << 'PYTHON'
import pathlib, sys
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
PYTHON
}

ensure_chromium() {
  has_chromium && return
  echo "Installing Chromium for the browser tests ..."
  if command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null && return
  fi
  .venv/bin/playwright install chromium
}
