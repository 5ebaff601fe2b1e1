"""How a model was trained."""

import json
import math
from dataclasses import dataclass
from typing import Any, Dict, List


def _figures(values: Dict[str, Any]) -> Dict[str, float]:
    # a figure that is not there is the text NaN in JSON
    return {name: float(value) for name, value in values.items()}


@dataclass(frozen=True)
class Epoch:
    """An epoch of a stage.

    ``stage`` is warmup, alignment or finetuning, ``index`` counts from 0 within it, ``seconds`` is
    wall-clock time with the validation, and ``figures`` has training means and validation scores by
    name, among them ``loss`` and ``validation_error``.
    """

    stage: str
    index: int
    seconds: float
    figures: Dict[str, float]


@dataclass(frozen=True)
class MonaSummary:
    """How a model was trained.

    ``stop_reason`` is COMPLETED, EARLY_STOPPING, or DIVERGED where the best epoch was kept;
    ``seconds`` is the time of training; ``epochs`` are those of all stages in their order;
    ``scores`` has what was measured at the end.
    """

    stop_reason: str
    seconds: float
    epochs: List[Epoch]
    scores: Dict[str, float]

    @staticmethod
    def of(text: str) -> "MonaSummary":
        """Reads the JSON form of the Java class."""
        found = json.loads(text)
        return MonaSummary(
            found["stopReason"],
            float(found["seconds"]),
            [
                Epoch(e["stage"], e["index"], float(e["seconds"]), _figures(e["figures"]))
                for e in found["epochs"]
            ],
            _figures(found["scores"]),
        )

    def history(self, stage: str, figure: str) -> List[float]:
        """A figure over the epochs of a stage; NaN where an epoch has none of that name."""
        return [e.figures.get(figure, math.nan) for e in self.epochs if e.stage == stage]
