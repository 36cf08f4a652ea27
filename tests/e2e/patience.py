"""Waiting for what a page can only tell asynchronously."""

# Milliseconds until a text is on the page: the first one loads the model.
PATIENCE = 60_000
MOST_MILLISECONDS = 30_000


def wait_until(page, predicate, arg=None):
    """Until `predicate`, an async JavaScript function of `arg`, resolves to something true.

    Playwright's own `wait_for_function` takes the promise itself for a yes.
    """
    page.evaluate(
        f"""async (arg) => {{
          const until = performance.now() + {MOST_MILLISECONDS};
          while (!(await ({predicate})(arg))) {{
            if (performance.now() > until) throw new Error("waited in vain");
            await new Promise((resolve) => setTimeout(resolve, 50));
          }}
        }}""",
        arg,
    )


def slow_down(page):
    """Give the page a processor that is six times slower."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
