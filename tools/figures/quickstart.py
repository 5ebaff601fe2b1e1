"""Draws docs/quickstart.svg from docs/quickstart.csv.

    python3 tools/figures/quickstart.py          draws the committed numbers
    python3 tools/figures/quickstart.py RUNS     first takes the numbers from the folder RUNS

RUNS holds the runs `finetune`, `warmup-finetune` and `mona`, as `quickstart.sh` makes them, but
with `evaluation.retention-every = 1`.
"""

import csv
import json
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
METHODS = {
    "finetune": ("naive finetuning", "#7a8592"),
    "warmup-finetune": ("MoNA without outer signal", "#d9822b"),
    "mona": ("MoNA", "#1f6fb5"),
}
MEASURES = ["validation_error", "forgetting_gap", "probe_error"]
WIDTH, HEIGHT = 1000, 372
LEFTS, PANEL, TOP, BOTTOM = [62, 392, 722], 258, 96, 312
STAGES = {"warm-up": (0, 3), "alignment": (3, 7), "finetuning": (7, 15)}


def taken(runs: Path) -> list[dict[str, str]]:
    """One row for each method and epoch; empty where a measure was not taken."""
    rows = []
    for method in METHODS:
        lines = (runs / method / "metrics" / "epochs.jsonl").read_text().splitlines()
        for epoch, line in enumerate(map(json.loads, lines), start=1):
            measured = line["metrics"]
            row = {"method": method, "epoch": str(epoch), "stage": line["stage"]}
            for name in MEASURES:
                row[name] = f"{measured[name]:.6g}" if name in measured else ""
            rows.append(row)
        summary = json.loads((runs / method / "metrics" / "summary.json").read_text())
        pretrained = f"{summary['scores']['probe_error_pretrained']:.6g}"
        rows.append({"method": method, "epoch": "0", "stage": "start", "probe_error": pretrained})
        for row in rows:
            if row["method"] == method and row["stage"] in ("warmup", "alignment"):
                row["probe_error"] = pretrained  # the encoder is frozen
    return sorted(rows, key=lambda row: (list(METHODS).index(row["method"]), int(row["epoch"])))


class Panel:
    """One plot over the first epochs of a run, with values from low to high."""

    def __init__(self, left: int, epochs: int, low: float, high: float) -> None:
        self.left, self.epochs, self.low, self.high = left, epochs, low, high

    def x(self, epoch: float) -> float:
        return self.left + PANEL * epoch / self.epochs

    def y(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low)

    def frame(self, title: str, subtitle: str, ticks: dict[float, str]) -> list[str]:
        """Title, stages, grid and axes."""
        parts = [
            f'<text class="bold" x="{self.left}" y="32">{title}</text>',
            f'<text class="small" x="{self.left}" y="52">{subtitle}</text>',
        ]
        for number, (stage, (first, last)) in enumerate(STAGES.items()):
            if first >= self.epochs:
                continue
            left, right = self.x(first), self.x(last)
            box = f"M{left:.1f} {TOP - 22}H{right:.1f}V{BOTTOM}H{left:.1f}z"
            middle = (left + right) / 2
            parts += [
                f'<path class="stage{number}" d="{box}"/>',
                f'<text class="tiny middle" x="{middle:.1f}" y="{TOP - 8}">{stage}</text>',
            ]
        for value, label in ticks.items():
            y = self.y(value)
            parts += [
                f'<path class="grid" d="M{self.left} {y:.1f}h{PANEL}"/>',
                f'<text class="tiny end" x="{self.left - 6}" y="{y + 4:.1f}">{label}</text>',
            ]
        for epoch in (0, 3, 7, 11, 15):
            if epoch <= self.epochs:
                parts.append(
                    f'<text class="tiny middle" x="{self.x(epoch):.1f}" y="{BOTTOM + 17}">'
                    f"{epoch}</text>"
                )
        return parts

    def line(self, points: list[tuple[float, float]], colour: str) -> list[str]:
        """A curve with a dot for each measurement."""
        placed = [(self.x(epoch), self.y(value)) for epoch, value in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>' for x, y in placed)
        return [
            f'<path class="curve" stroke="{colour}" d="M{path}"/>',
            f'<g fill="{colour}">{dots}</g>',
        ]


def drawn(rows: list[dict[str, str]]) -> str:
    """The picture as SVG."""
    panels = {
        "validation_error": Panel(LEFTS[0], 15, 0, 0.5),
        "forgetting_gap": Panel(LEFTS[1], 7, -0.015, 0.01),
        "probe_error": Panel(LEFTS[2], 15, 0.48, 0.56),
    }
    parts = panels["validation_error"].frame(
        "Error on the target",
        "held-out DNA sequences",
        {0.1 * k: f"{10 * k} %" for k in range(6)},
    )
    parts += panels["forgetting_gap"].frame(
        "Harm of a target step to the source",
        "forgetting gap: rise of L_outer",
        {0.005 * k: f"{0.005 * k:.3f}" for k in range(-3, 3)},
    )
    parts += panels["probe_error"].frame(
        "Source knowledge lost",
        "error of a probe on English texts",
        {0.01 * k: f"{k} %" for k in range(48, 57, 2)},
    )
    for method, (_, colour) in METHODS.items():
        for measure, panel in panels.items():
            points = [
                (int(row["epoch"]), float(row[measure]))
                for row in rows
                if row["method"] == method and row.get(measure)
            ]
            if points:
                parts += panel.line(points, colour)
    x = LEFTS[0]
    for name, colour in METHODS.values():
        parts += [
            f'<path d="M{x} {HEIGHT - 20}h22" stroke="{colour}" stroke-width="3"/>',
            f'<text class="small" x="{x + 28}" y="{HEIGHT - 15}">{name}</text>',
        ]
        x += 60 + 7.3 * len(name)
    parts.append(
        f'<text class="small end" x="{WIDTH - 20}" y="{HEIGHT - 15}">'
        "by epoch, one seed; lower is better everywhere</text>"
    )
    return "\n".join([HEAD, *parts, "</svg>", ""])


HEAD = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"
  font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="14">
<title>The three runs of the quickstart, epoch by epoch</title>
<style>
.card {{ fill: #ffffff; stroke: #aab4bf; }}
.stage0 {{ fill: #f3f5f7; }} .stage1 {{ fill: #e3eef9; }} .stage2 {{ fill: #f9f6f0; }}
.grid {{ stroke: #d5dbe1; }}
.curve {{ fill: none; stroke-width: 2.2; stroke-linejoin: round; }}
text {{ fill: #1b2530; }}
.bold {{ font-weight: 600; }}
.small {{ font-size: 12.5px; fill: #3b4a5a; }}
.tiny {{ font-size: 11.5px; fill: #56646f; }}
.middle {{ text-anchor: middle; }} .end {{ text-anchor: end; }}
</style>
<rect class="card" x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" rx="12"/>"""


def main(arguments: list[str]) -> None:
    """Takes the numbers where runs are named, and draws."""
    numbers = DOCS / "quickstart.csv"
    if arguments:
        rows = taken(Path(arguments[0]))
        with numbers.open("w", newline="") as file:
            fields = ["method", "epoch", "stage", *MEASURES]
            writer = csv.DictWriter(file, fields, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    with numbers.open(newline="") as file:
        (DOCS / "quickstart.svg").write_text(drawn(list(csv.DictReader(file))))


if __name__ == "__main__":
    main(sys.argv[1:])
