// What every page has. A page's own elements are in the list too: unused ones cost a cached file.
import "lib/htmx-bridge";
import "elements/find-dialog";
import "elements/guest-picker";
import "elements/keyboard-help";
import "elements/offline-pack";
import "elements/stay-picker";
import "elements/tape-card";
import "elements/tape-chart";
import "elements/tape-dialog";
import "elements/tape-grid";
import "elements/tape-live";
import "elements/theme-switch";
import "elements/toast-stack";
import "elements/voice-notes";
import "elements/voice-player";
import "elements/voice-recorder";
import "elements/voice-upload";
