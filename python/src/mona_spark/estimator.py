"""The estimator and its model."""

from typing import Any, Optional

from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel

from ._params import MonaParams, with_getters, with_setters
from ._summary import MonaSummary

_PACKAGE = "dev.mona.ml."


class _Reader(JavaMLReader):
    """Reads what the Java classes saved."""

    @classmethod
    def _java_loader_class(cls, clazz: Any) -> str:
        return _PACKAGE + clazz.__name__


class _Readable(JavaMLReadable):
    @classmethod
    def read(cls) -> _Reader:
        """A reader of saved instances."""
        return _Reader(cls)


@with_getters
@with_setters("featuresCol", "predictionCol", "probabilityCol")
class MonaModel(JavaModel, MonaParams, JavaMLWritable, _Readable):
    """What :class:`MonaEstimator` trains: adds a prediction to each row, on the executors, and
    where there are classes or labels their probabilities."""

    @property
    def summary(self) -> MonaSummary:
        """How it was trained."""
        return MonaSummary.of(self._java_obj.summary().json())

    @property
    def kind(self) -> str:
        """What it predicts: CLASSIFICATION, MULTI_LABEL or DENSE."""
        return self._java_obj.kind().name()

    @property
    def outputs(self) -> int:
        """Number of classes or labels, or values at each point of a field."""
        return self._java_obj.outputs()


@with_getters
@with_setters()
class MonaEstimator(JavaEstimator, MonaParams, JavaMLWritable, _Readable):
    """Trains on a DataFrame as ``mona train`` does on files: the same rows with the same ids, seed
    and workers give the same bytes.

    Params are given by name, ``MonaEstimator(inputShape="3x128", idCol="id")``, or set later;
    ``explainParams()`` says what each means.
    """

    def __init__(self, **params: Any) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(_PACKAGE + "MonaEstimator", self.uid)
        # the defaults
        self._transfer_params_from_java()
        self.setParams(**params)

    def setParams(self, **params: Any) -> "MonaEstimator":
        """Sets params by name."""
        return self._set(**params)

    def _create_model(self, java_model: Optional[Any]) -> MonaModel:
        return MonaModel(java_model)
