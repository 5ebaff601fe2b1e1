"""Chromium, for the scripts that look at pages.

Needs Playwright (pip install playwright) and a Chromium: its own (playwright install chromium), or one on the
path. Without them a script says so and passes.
"""

import contextlib
import shutil
import sys

PROGRAMS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")


@contextlib.contextmanager
def started():
    """A browser until the end of the block; where there is none, the script ends here with a sentence."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        passed("Playwright is not installed (pip install playwright)")
    with sync_playwright() as playwright:
        browser = launched(playwright)
        if browser is None:
            passed("there is no Chromium (playwright install chromium)")
        yield browser
        browser.close()


def launched(playwright):
    """A browser, or None where there is none."""
    try:
        return playwright.chromium.launch()
    except Exception:  # Playwright's own is not installed
        for name in PROGRAMS:
            if shutil.which(name):
                return playwright.chromium.launch(
                    executable_path=shutil.which(name), args=["--no-sandbox"]
                )
    return None


def complaints(page):
    """What the page says on its console from now on, and the errors that nothing in it catches."""
    problems = []
    page.on("console", lambda m: problems.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(f"error: {e}"))
    return problems


def passed(reason):
    """Ends the script with success, though nothing was looked at."""
    print(f"skipped: {reason}")
    sys.exit(0)
