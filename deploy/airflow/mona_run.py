"""What is submitted for one task file: names, arguments and Kubernetes applications.

Everything is a function of its arguments: a retry of an Airflow task submits the same command again
and finds the run that its predecessor began.
"""

from __future__ import annotations

import copy
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

log = logging.getLogger(__name__)

ENGINES = ("nd4j", "nd4j-cuda", "torch", "torch-cuda")
STEPS = ("validate", "convert", "train", "evaluate")
LONGEST_ID = 128
LONGEST_LABEL = 50


@dataclass(frozen=True)
class Engine:
    """What computes, with which jar, image and settings; docs/engines.md compares the engines.

    :param name: one of ``ENGINES``; those that end with ``-cuda`` give each executor a GPU
    """

    name: str = "nd4j"

    @property
    def gpus(self) -> bool:
        """Whether each executor gets a GPU."""
        return self.name.endswith("-cuda")

    @property
    def settings(self) -> dict[str, str]:
        """Settings of its runs; ``nd4j`` is what a run takes by itself."""
        library = self.name.removesuffix("-cuda")
        settings = {} if library == "nd4j" else {"run.engine": library}
        return {**settings, "run.device": "gpu"} if self.gpus else settings

    def variant(self, file: str) -> str:
        """The jar or manifest of this engine, which lies beside that of ``nd4j``."""
        if self.name == "nd4j":
            return file
        stem, _, extension = file.rpartition(".")
        return f"{stem}-{self.name}.{extension}"

    def properties_files(self, file: str) -> list[str]:
        """Spark properties for YARN, with GPUs also those of ``yarn-gpu.conf``."""
        stem, _, extension = file.rpartition(".")
        return [file, f"{stem}-gpu.{extension}"] if self.gpus else [file]


@dataclass(frozen=True)
class Run:
    """One run of the job.

    :param file: task file
    :param method: training method
    :param output: directory that holds run directories
    :param scheduled: id of the scheduler's run that this one belongs to
    :param settings: settings that beat the task file's, by key
    :param data: data set; the task file's own when None
    :param convert: ``input`` and perhaps ``one_hot`` or ``standardise`` of a conversion to ``data``
    """

    file: str
    method: str
    output: str
    scheduled: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    data: str | None = None
    convert: Mapping[str, Any] | None = None

    @property
    def task(self) -> str:
        """Name of the task: that of its file."""
        return PurePosixPath(self.file).stem

    @property
    def digest(self) -> str:
        """Tells runs apart whose names are alike once they are shortened."""
        identity = "\n".join((self.output, self.task, self.method, self.scheduled))
        return hashlib.sha256(identity.encode()).hexdigest()[:10]

    @property
    def id(self) -> str:
        """Value of run.id: at most 128 letters, digits, ``.``, ``_`` and ``-``."""
        readable = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{self.task}-{self.method}-{self.scheduled}")
        return f"{readable[: LONGEST_ID - len(self.digest) - 1].strip('-')}-{self.digest}"

    @property
    def directory(self) -> str:
        """Where the run's files are."""
        return f"{self.output.rstrip('/')}/{self.id}"

    @property
    def tag(self) -> str:
        """Marks the run's applications in YARN."""
        return f"mona-{self.digest}"

    def arguments(self, step: str, file: str | None = None) -> list[str]:
        """Arguments of a step; none for a conversion that is not asked for.

        :param file: where the step finds the task file, if not where it was named
        """
        if step == "convert":
            return self._conversion()
        if step == "evaluate":
            return ["evaluate", self.directory]
        arguments = [step, "--task", file or self.file, "--output", self.output]
        settings = {**self.settings, "method": self.method, "run.id": self.id}
        if self.data:
            settings["task.data"] = self.data
        if step == "validate":
            arguments.append("--config-only")
        else:
            # starts the run, continues it, or leaves it when it has ended
            settings["run.resume"] = "auto"
        for key, value in settings.items():
            arguments += ["--set", f"{key}={_hocon(value)}"]
        return arguments

    def _conversion(self) -> list[str]:
        if self.convert is None:
            return []
        if self.data is None:
            raise ValueError(f"{self.file} has a conversion but no data: name the data set to make")
        arguments = ["convert", self.convert["input"], "--output", self.data]
        if one_hot := self.convert.get("one_hot"):
            arguments += ["--one-hot", str(one_hot)]
        if self.convert.get("standardise"):
            arguments.append("--standardise")
        return arguments

    def label(self, step: str) -> str:
        """Name of a step's SparkApplication: a DNS label, the same for every try."""
        readable = re.sub(r"[^a-z0-9]+", "-", self.task.lower()).strip("-")
        suffix = f"-{self.digest}-{step}"
        return f"mona-{readable}"[: LONGEST_LABEL - len(suffix)].rstrip("-") + suffix


def runs(
    tasks: Sequence[Mapping[str, Any]], scheduled: str, method: str, output: str, settings: Mapping
) -> list[Run]:
    """One run for each task file; no two may have the same name."""
    planned = [
        Run(
            file=task["file"],
            method=method,
            output=output,
            scheduled=scheduled,
            settings={**settings, **task.get("settings", {})},
            data=task.get("data"),
            convert=task.get("convert"),
        )
        for task in tasks
    ]
    names = [run.task for run in planned]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"task files of the same name: {', '.join(twice)}: name each task once")
    return planned


SIZES = re.compile(
    r"spark\.(driver|executor)\.(cores|memory|memoryOverhead)"
    r"|spark\.executor\.instances"
    r"|spark\.task\.(cpus|maxFailures)"
    r"|spark\.(executor|task)\.resource\.gpu\.amount"
    r"|spark\.driver\.maxResultSize"
    r"|spark\.rpc\.message\.maxSize"
    r"|spark\.scheduler\.(minRegisteredResourcesRatio|maxRegisteredResourcesWaitingTime)"
    r"|spark\.network\.timeout"
    r"|spark\.yarn\.(queue|priority|maxAppAttempts)"
    r"|spark\.(ui|eventLog)\.enabled"
)
PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")


def allowed_conf(asked: Mapping[str, Any], more: Sequence[str] = ()) -> dict[str, str]:
    """Spark properties that whoever triggers a run may set: sizes and limits, no code.

    Other properties name jars, classes, options of a JVM, keytabs or hosts; they belong into the
    properties file or the manifest, which the administrator writes.

    :param more: further names that the administrator allows
    """
    for key, value in asked.items():
        if not (SIZES.fullmatch(key) or key in more):
            raise ValueError(
                f"spark_conf may not set {key!r}: put it into the properties file or the manifest,"
                " or have its name added to MONA_SPARK_CONF"
            )
        if not PLAIN.fullmatch(str(value)):
            raise ValueError(
                f"spark_conf gives {key} the value {value!r}: it must be 1 to 64 letters, digits,"
                " '.', '_' and '-'"
            )
    return {key: str(value) for key, value in asked.items()}


def allowed_file(parameter: str, asked: str, listed: Sequence[str]) -> str:
    """One of the files that the administrator lists; anything else is refused."""
    if asked not in listed:
        raise ValueError(f"{parameter} is {asked!r}: it must be one of {', '.join(listed)}")
    return asked


def listed(variable: str, default: str, environment: Mapping[str, str]) -> list[str]:
    """Names in a variable of the environment, separated by commas."""
    return [name.strip() for name in environment.get(variable, default).split(",") if name.strip()]


def properties(text: str) -> dict[str, str]:
    """Spark properties of a file like conf/clusters/yarn.conf."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs}


def is_permanent(failure: str) -> bool:
    """Whether the same command would fail the same way.

    That holds for wrong usage, configuration, data or weights, and for training that diverged,
    which the job tells by its exit code.
    """
    return re.search(r"(?:\(exit code|Error code is:) [23458]\b", failure) is not None


def application(
    manifest: Mapping[str, Any],
    name: str,
    arguments: Sequence[str],
    spark_conf: Mapping[str, str],
) -> dict[str, Any]:
    """The SparkApplication of a manifest with another name and other arguments."""
    body = copy.deepcopy(dict(manifest))
    body["metadata"] = {**body.get("metadata", {}), "name": name}
    spec = body["spec"]
    spec["arguments"] = list(arguments)
    spec["sparkConf"] = {**spec.get("sparkConf", {}), **spark_conf}
    return body


def late(hours: int, **_: Any) -> None:
    """Says that a DAG run is later than expected; a place to send a message from."""
    log.error("a run of the DAG mona is not done after %d hours", hours)


def _hocon(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
