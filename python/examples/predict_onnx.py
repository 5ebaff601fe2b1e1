"""Repeats the predictions of a run with ONNX Runtime, whatever the encoder and the task.

    mona predict RUN --output PREDICTIONS
    mona export RUN --onnx MODEL.onnx
    python predict_onnx.py MODEL.onnx DATA PREDICTIONS

DATA is the folder of the run's data set.
"""
import argparse
import sys
from pathlib import Path

import numpy
import onnxruntime
from pyarrow import parquet

parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
for name in ("model", "data", "predictions"):
    parser.add_argument(name, type=Path)
given = parser.parse_args()
session = onnxruntime.InferenceSession(given.model)
stored = parquet.read_table(given.predictions).to_pydict()
samples = parquet.read_table(given.data / "test.parquet").to_pydict()
rows = dict(zip(samples["id"], samples["features"]))
shape = session.get_inputs()[0].shape[1:]
x = numpy.array([rows[i] for i in stored["id"]], numpy.float32).reshape(-1, *shape)
# logits of classes and labels, or a field
predicted = session.run(None, {"features": x})[0].reshape(len(x), -1)
apart = abs(predicted - numpy.array(stored["logits"])).max()
if "probability" in stored:
    shares = session.run(["probability"], {"features": x[:1]})[0]
    apart = max(apart, abs(shares - numpy.array(stored["probability"][:1])).max())
print(f"{len(x)} samples, outputs at most {apart:.1e} apart")
sys.exit(bool(apart > 1e-4))
