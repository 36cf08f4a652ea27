# Sourced by bin/test: installs Firefox and WebKitGTK for tests in other browsers than Chromium, from Debian's packages.

BROWSER_PACKAGES=(
  firefox-esr
  webkit2gtk-driver gir1.2-webkit2-4.1 gir1.2-gtk-3.0 python3-gi xvfb
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav gstreamer1.0-pulseaudio
  pulseaudio pulseaudio-utils
)

has_browsers() {
  command -v firefox-esr && command -v WebKitWebDriver && command -v Xvfb && command -v pulseaudio && command -v paplay
} > /dev/null 2>&1

# If they cannot be installed, their tests are skipped, and the report says so.
ensure_browsers() {
  has_browsers && return
  if command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing Firefox and WebKitGTK for the browser tests ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${BROWSER_PACKAGES[@]}" > /dev/null
  fi
}

tell_of_browsers() {
  has_browsers || echo "Firefox and WebKitGTK are not tested: not all of ${BROWSER_PACKAGES[*]} are installed (bin/test --full does it as root on Debian)."
}
