#!/usr/bin/env python3
"""Draws the notes of a running Zeppelin in Chromium, as they ended, at 400 and 1280 pixels.

    tools/notebooks/views.py http://localhost:8080 [NOTE...] [--pictures DIR]

NOTE is the id of a note; without one, all notes in the folder MoNA are drawn. Import and run them first.

The outputs of the paragraphs are read by REST and drawn by the code of Zeppelin's own charts, which its makers
publish for plug-ins (npm: zeppelin-vis, zeppelin-tabledata), in a page of ours: Zeppelin's pages themselves are
published in its releases only. Fails when a paragraph has not finished, the page has an error on its console, or a
chart draws nothing, has a vertical axis of equal numbers, or labels that overlap, are cut or are left out.

Needs npm, Playwright (pip install playwright) and a Chromium: its own (playwright install chromium), or one on the
path. Without them it says so and passes.
"""

import argparse
import json
import mimetypes
import pathlib
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
import chromium  # noqa: E402, after its folder

WIDTHS = (400, 1280)
PAGE = "http://notes.invalid"  # answered here, never asked for
SOURCES = ("package.json", "package-lock.json")


def modules():
    """The folder of the packages that draw, fetched once."""
    folder = FOLDER / "target"
    folder.mkdir(exist_ok=True)
    wanted = [(FOLDER / name).read_bytes() for name in SOURCES]
    if [(folder / name).read_bytes() for name in SOURCES if (folder / name).exists()] != wanted:
        if not shutil.which("npm"):
            chromium.passed("npm is not installed")
        for name, text in zip(SOURCES, wanted):
            (folder / name).write_bytes(text)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        if subprocess.run(command, cwd=folder).returncode:
            (folder / SOURCES[0]).unlink()
            chromium.passed("npm does not give the packages of tools/notebooks/package.json")
    return folder / "node_modules"


def answer(server, path):
    """The body of what Zeppelin answers."""
    try:
        with urllib.request.urlopen(f"{server.rstrip('/')}/api/{path}", timeout=60) as response:
            return json.load(response)["body"]
    except (urllib.error.URLError, ValueError, KeyError) as e:
        sys.exit(f"{server} is no Zeppelin that answers, or has no {path}: {e}")


def file(path, packages):
    """The file that an address of the page stands for."""
    parts = path.strip("/").split("/")
    if parts == [""]:
        return FOLDER / "page.html"
    if parts == ["charts.js"]:
        return FOLDER / "charts.js"
    if parts[0] == "zeppelin":
        packaged = {"visualization": "zeppelin-vis", "tabledata": "zeppelin-tabledata"}[parts[1]]
        return packages.joinpath(packaged, *parts[2:]).with_suffix(".js")
    return packages.joinpath(*parts)


def outputs(paragraph):
    """Type, text and chart settings of each output of a paragraph."""
    config = paragraph.get("config", {})
    for k, message in enumerate(paragraph.get("results", {}).get("msg", [])):
        graph = config.get("results", {}).get(str(k), {}).get("graph", {})
        yield message["type"], message["data"], graph


def laid(page, number, paragraph):
    """Puts a paragraph on the page; its title, and the place and settings of each table or chart that it has."""
    title = paragraph.get("title", "")
    config = paragraph.get("config", {})
    if config.get("tableHide"):
        return
    place = f"p{number}"
    heading = title if config.get("title") else ""
    page.evaluate("([id, title, width]) => place(id, title, width)", [place, heading, config.get("colWidth", 12)])
    for k, (kind, text, graph) in enumerate(outputs(paragraph)):
        output = f"{place}-{k}"
        page.evaluate("([place, id, kind, text]) => show(place, id, kind, text)", [place, output, kind, text])
        if kind == "TABLE":
            page.evaluate("([id, graph, text]) => draw(id, graph, text)", [output, graph, text])
            yield title, output, graph


def view(browser, note, width, packages, picture):
    """Problems of a note at a width."""
    page = browser.new_page(viewport={"width": width, "height": 900}, device_scale_factor=1)
    problems = chromium.complaints(page)

    def serve(route):
        asked = file(route.request.url.removeprefix(PAGE), packages)
        if asked.is_file():
            kind = mimetypes.guess_type(asked.name)[0] or "text/plain"
            route.fulfill(body=asked.read_bytes(), content_type=kind)
        else:
            problems.append(f"asks for {route.request.url}")
            route.abort()

    page.route("**/*", serve)
    page.goto(f"{PAGE}/")
    page.wait_for_function("() => Boolean(window.draw)")
    drawn = []
    for number, paragraph in enumerate(note["paragraphs"]):
        if paragraph["status"] != "FINISHED":
            problems.append(f"'{paragraph.get('title', '')}' is {paragraph['status']}")
        drawn += laid(page, number, paragraph)
    page.wait_for_timeout(1000)  # charts come in within 300 ms
    for title, output, graph in drawn:
        faults = page.evaluate("([id, graph]) => faults(id, graph)", [output, graph])
        problems += [f"'{title}' {fault}" for fault in faults]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        problems.append(f"is {wide} pixels wide")
    if picture:
        page.screenshot(path=str(picture), full_page=True)
    page.close()
    return problems


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("server", help="address of Zeppelin, which lets anybody read")
    parser.add_argument("note", nargs="*", help="id of a note")
    parser.add_argument("--pictures", type=pathlib.Path, help="folder for the pictures")
    arguments = parser.parse_args()
    failed = False
    with chromium.started() as browser:
        packages = modules()
        ids = arguments.note or [
            note["id"]
            for note in answer(arguments.server, "notebook")
            if note.get("path", note.get("name", "")).lstrip("/").startswith("MoNA/")
        ]
        if not ids:
            sys.exit("there is no note in the folder MoNA: import notebooks/*.zpln, or name the ids of notes")
        if arguments.pictures:
            arguments.pictures.mkdir(parents=True, exist_ok=True)
        for note_id in ids:
            note = answer(arguments.server, f"notebook/{note_id}")
            for width in WIDTHS:
                picture = arguments.pictures and arguments.pictures / f"{note_id}-{width}.png"
                problems = view(browser, note, width, packages, picture)
                failed = failed or bool(problems)
                print(f"{note['name']} {width}: {'; '.join(problems) or 'as it should be'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
