#!/usr/bin/env python3
"""Looks at a report in Chromium at 400 and 1280 pixels, light and dark.

    tools/report/views.py runs/ID/report/index.html [--pictures DIR]

Fails when a page has an error on its console, asks for anything but itself, is wider than its window,
or is not dark in the dark. Needs Playwright (pip install playwright) and a Chromium: its own (playwright
install chromium), or one on the path. Without them it says so and passes.
"""

import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import chromium  # noqa: E402, after its folder

WIDTHS = (400, 1280)
SCHEMES = ("light", "dark")


def brightness(colour):
    """Mean of red, green and blue of an rgb(...) text, from 0 to 255."""
    parts = colour[colour.index("(") + 1 : colour.index(")")].split(",")[:3]
    return sum(float(part) for part in parts) / 3


def view(browser, page_file, width, scheme, pictures):
    """Problems of one view."""
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, device_scale_factor=1
    )
    problems = chromium.complaints(page)
    page.on(
        "request",
        lambda r: None
        if r.url.startswith(("data:", page_file.as_uri()))
        else problems.append(f"asks for {r.url}"),
    )
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        problems.append(f"is {wide} pixels wide")
    paper = brightness(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    ink = brightness(page.evaluate("getComputedStyle(document.querySelector('h1')).color"))
    if (paper < ink) != (scheme == "dark"):
        problems.append(f"has paper {paper:.0f} and ink {ink:.0f}")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    if pictures:
        page.screenshot(path=str(pictures / f"{width}-{scheme}.png"), full_page=True)
    page.close()
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=pathlib.Path, help="index.html of a report")
    parser.add_argument("--pictures", type=pathlib.Path, help="folder for the four pictures")
    arguments = parser.parse_args()
    page_file = arguments.report.resolve()
    if not page_file.is_file():
        sys.exit(f"{arguments.report} is no file: name the index.html of a report")
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    failed = False
    with chromium.started() as browser:
        for width in WIDTHS:
            for scheme in SCHEMES:
                problems = view(browser, page_file, width, scheme, arguments.pictures)
                failed = failed or bool(problems)
                print(f"{width} {scheme}: {'; '.join(problems) or 'as it should be'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
