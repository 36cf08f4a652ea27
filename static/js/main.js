// The modules of all pages, beside the modules of a page's own elements, which its head names.
import "lib/composing"; // first, because its listener has to run before all others
import "lib/elements";
import "lib/htmx-bridge";
import "lib/read-ahead";
import "lib/restored";
