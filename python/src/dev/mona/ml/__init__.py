"""Where PySpark looks for the Python class of a Java class, when it loads a pipeline."""

from mona_spark import MonaEstimator, MonaModel

__all__ = ["MonaEstimator", "MonaModel"]
