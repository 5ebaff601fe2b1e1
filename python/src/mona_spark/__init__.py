"""MoNA on Spark as an estimator of Spark ML.

The classes are those of the package ``dev.mona.ml`` in the project's jar, which has to be among
the jars of the Spark session; see :func:`session`.
"""

from ._params import MonaParams
from ._session import JVM_OPTIONS, session
from ._summary import Epoch, MonaSummary
from .estimator import MonaEstimator, MonaModel

__all__ = [
    "JVM_OPTIONS",
    "Epoch",
    "MonaEstimator",
    "MonaModel",
    "MonaParams",
    "MonaSummary",
    "session",
]
