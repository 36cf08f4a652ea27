// The modules of all pages; `collectstatic` joins them and what they need as one file. The head of a page names the
// modules of its other elements.
import "lib/composing"; // first, because its listener has to run before all others
import "lib/elements";
import "lib/htmx-bridge";
import "lib/read-ahead";
import "lib/restored";
import "elements/keyboard-help";
import "elements/main-navigation";
import "elements/search-box";
import "elements/sign-out";
import "elements/toast-stack";
import "elements/unsent-recordings";
import "elements/voice-dock";
