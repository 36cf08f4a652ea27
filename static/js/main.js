// What every page has. A page's own elements are in the list too: unused ones cost a cached file.
import "lib/composing"; // first: before all that listens to keys
import "lib/htmx-bridge";
import "lib/restored";
import "elements/copy-text";
import "elements/find-dialog";
import "elements/guest-picker";
import "elements/keyboard-help";
import "elements/offline-pack";
import "elements/shown-once";
import "elements/sign-out";
import "elements/spoken-words";
import "elements/stay-picker";
import "elements/tape-card";
import "elements/tape-chart";
import "elements/tape-dialog";
import "elements/tape-grid";
import "elements/tape-live";
import "elements/theme-switch";
import "elements/toast-stack";
import "elements/unsent-recording";
import "elements/unsent-recordings";
import "elements/voice-dock";
import "elements/voice-notes";
import "elements/voice-player";
import "elements/voice-recorder";
import "elements/voice-upload";
