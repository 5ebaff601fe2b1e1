"""Makes arrays and a card for mona convert of recordings of a wrist accelerometer.

    python accel_hmp.py HMP_DATASET OUTPUT

HMP_DATASET is the folder of UCI's "Dataset for ADL Recognition with Wrist-worn Accelerometer": a folder
for each activity, a text file for each recording, a line of three numbers for each thirty-second of a
second. Needs NumPy.
"""
import argparse
import json
from pathlib import Path

import numpy

LENGTH = 128  # four seconds
STEP = 64  # windows overlap by half
MOST = 12  # windows of a recording, so that long ones do not count for more

parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
)
parser.add_argument("raw", type=Path, metavar="HMP_DATASET")
parser.add_argument("output", type=Path, metavar="OUTPUT")
arguments = parser.parse_args()
raw, output = arguments.raw, arguments.output
# two activities have fewer than six recordings; the _MODEL folders repeat recordings of others
activities = [
    folder
    for folder in sorted(raw.iterdir())
    if len(list(folder.glob("*.txt"))) > 5 and not folder.name.endswith("_MODEL")
]
random = numpy.random.default_rng(0)
x, y = {"train": [], "test": []}, {"train": [], "test": []}
for label, activity in enumerate(activities):
    recordings = sorted(activity.glob("*.txt"))
    held_out = random.permutation(len(recordings))[: round(len(recordings) / 4)]
    for i, recording in enumerate(recordings):
        # a recording is in one split as a whole: its windows are too much alike
        split = "test" if i in held_out else "train"
        axes = numpy.loadtxt(recording, dtype=numpy.int8).T  # [3, samples]
        for start in range(0, axes.shape[1] - LENGTH + 1, STEP)[:MOST]:
            x[split].append(axes[:, start : start + LENGTH])
            y[split].append(label)

output.mkdir()
for split in x:
    numpy.save(output / f"x_{split}.npy", numpy.stack(x[split]))
    numpy.save(output / f"y_{split}.npy", numpy.array(y[split], numpy.int8))
card = {
    "name": "accel_hmp",
    "modality": "wrist accelerometer, 3 axes, 4 s at 32 Hz",
    "task": "classification",
    "classes": len(activities),
    "class_names": [activity.name for activity in activities],
    "source": "UCI, Dataset for ADL Recognition with Wrist-worn Accelerometer",
    "licence": "CC BY 4.0 (Bruno et al.)",
}
(output / "card.json").write_text(json.dumps(card, indent=1))
print(f"{len(activities)} classes, {len(x['train'])} windows to train on, {len(x['test'])} to test on")
