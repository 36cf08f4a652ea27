// What every page has, beside the modules of its own elements, which its head names.
import "lib/composing"; // first: before all that listens to keys
import "lib/elements";
import "lib/htmx-bridge";
import "lib/restored";
