"""The DAG ``mona``: validate, convert, train, evaluate and report, on YARN or on Kubernetes."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
import yaml
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator
from airflow.sdk import (
    DeadlineAlert,
    DeadlineReference,
    Param,
    RetryDecision,
    RetryPolicy,
    SyncCallback,
    TaskGroup,
    dag,
    get_current_context,
    task,
    task_group,
)

from mona_run import (
    ENGINES,
    SIZES,
    STEPS,
    Engine,
    Run,
    allowed_conf,
    allowed_file,
    application,
    is_permanent,
    late,
    listed,
    properties,
    runs,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airflow.sdk import Context

DOC = """
One DAG run trains one method on each of the given task files: a mapped task group for each file,
with the steps *validate* (the configuration), *convert* (where it is asked for), *train* and
*evaluate*. At the end *report* prints the runs side by side.

**A retry is the same command again.** The id of a run follows from the DAG run and the task file,
and training starts with `run.resume = auto`: it begins the run, continues it from its last
checkpoint, or leaves it as it is when it has ended. A try that finds the application of an earlier
one still running waits for it and submits none.

**XCom** of `yarn.runs` and `kubernetes.runs`: `task`, `run_id`, `directory` and the arguments of
the steps for each task file; of `each.finished`: the directory of the run.

`deploy/airflow/README.md` explains installation, connections and parameters.
"""

LIMITS = {
    "validate": timedelta(minutes=10),
    "convert": timedelta(hours=6),
    "train": timedelta(days=7),
    "evaluate": timedelta(hours=6),
    "report": timedelta(minutes=10),
}
# of a DAG run, after which mona_run.late is called; 0 for none
DEADLINE_HOURS = int(os.environ.get("MONA_DEADLINE_HOURS", "72"))

# What is run and with which settings is the administrator's: lists, separated by commas.
APPLICATIONS = listed("MONA_APPLICATIONS", "/opt/mona/mona-spark-job-all.jar", os.environ)
PROPERTIES_FILES = listed("MONA_PROPERTIES_FILES", "/opt/mona/conf/clusters/yarn.conf", os.environ)
MANIFESTS = listed(
    "MONA_MANIFESTS", "/opt/mona/deploy/kubernetes/spark-application.yaml", os.environ
)
SPARK_CONF = listed("MONA_SPARK_CONF", "", os.environ)
# the engines whose jars or manifests lie beside those of nd4j
INSTALLED = [
    allowed_file("MONA_ENGINES", engine, ENGINES)
    for engine in listed("MONA_ENGINES", "nd4j", os.environ)
]
DISCOVERY_SCRIPT = os.environ.get("MONA_DISCOVERY_SCRIPT", "/opt/mona/deploy/gpu/discover-gpus.sh")

TASK = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "pattern": r"^[^\s,#]+\.conf$"},
        "data": {"type": "string", "minLength": 1},
        "settings": {
            "type": "object",
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        },
        "convert": {
            "type": "object",
            "required": ["input"],
            "additionalProperties": False,
            "properties": {
                "input": {"type": "string", "minLength": 1},
                "one_hot": {"type": "integer", "minimum": 2, "maximum": 1024},
                "standardise": {"type": "boolean"},
            },
        },
    },
    "dependentRequired": {"convert": ["data"]},
}

# those of the job: ConfigurationDocumentTest holds them equal
METHODS = [
    "mona",
    "warmup-finetune",
    "finetune",
    "mona-shuffled",
    "orca",
    "layernorm",
    "scratch",
]

PARAMS = {
    "tasks": Param(
        type="array",
        minItems=1,
        items=TASK,
        description="Task files; each may name its data set, a conversion that makes it, settings",
    ),
    "method": Param("mona", enum=METHODS),
    "output": Param(
        type="string",
        minLength=1,
        description="Directory that holds run directories, e.g. hdfs:///mona/runs",
    ),
    "settings": Param(
        {},
        type="object",
        additionalProperties={"type": ["string", "number", "boolean"]},
        description="Settings of all runs by key, e.g. {'run.seed': 2}",
    ),
    "cluster": Param("yarn", enum=["yarn", "kubernetes"]),
    "engine": Param(
        INSTALLED[0],
        enum=INSTALLED,
        description="What computes: picks jar or manifest, run.engine, and GPUs for executors",
    ),
    "conn_id": Param(
        None,
        type=["null", "string"],
        description="Connection; spark_default or kubernetes_default where none is given",
    ),
    "spark_conf": Param(
        {},
        type="object",
        additionalProperties={"type": "string", "pattern": r"^[A-Za-z0-9._-]{1,64}$"},
        propertyNames={"anyOf": [{"pattern": f"^(?:{SIZES.pattern})$"}, {"enum": SPARK_CONF}]}
        if SPARK_CONF
        else {"pattern": f"^(?:{SIZES.pattern})$"},
        description="Sizes and limits of Spark beside those of the file or manifest",
    ),
    "application": Param(APPLICATIONS[0], enum=APPLICATIONS, description="YARN: the job's jar"),
    "properties_file": Param(
        PROPERTIES_FILES[0], enum=PROPERTIES_FILES, description="YARN: Spark properties"
    ),
    "manifest": Param(
        MANIFESTS[0],
        enum=MANIFESTS,
        description="Kubernetes: SparkApplication whose name and arguments are replaced",
    ),
    "namespace": Param("mona", type="string", description="Kubernetes: namespace of the runs"),
}


class MonaSubmitOperator(SparkSubmitOperator):
    """Submits with the connection of the parameters, and never a run that is running already.

    The provider keeps the id of the application that it has submitted and goes on with it after a
    crash. Between the submission and the note of it there is a gap; the tag closes it.

    :param tag: tag that only applications of this run and step have
    """

    template_fields = (*SparkSubmitOperator.template_fields, "_conn_id", "tag")

    def __init__(self, *, tag: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tag = tag

    def execute(self, context: Context) -> None:
        if self.tag:
            self.tag = f"{self.tag}-{self.task_id.rpartition('.')[2]}"
            self.conf = {
                **(self.conf or {}),
                "spark.yarn.tags": self.tag,
                # the operator follows the application itself
                "spark.yarn.submit.waitAppCompletion": "false",
            }
        super().execute(context)

    def submit_job(self, context: Context) -> str | None:
        if running := self._running():
            self.log.info("application %s of this run is running already: waiting for it", running)
            return running
        return super().submit_job(context)

    def _running(self) -> str | None:
        hook = self._get_hook()
        answer = requests.get(
            f"{hook._get_yarn_rm_base_url()}/ws/v1/cluster/apps",
            params={
                "applicationTags": self.tag,
                "states": "NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING",
            },
            auth=hook._resolved_yarn_rm_auth,
            timeout=30,
        )
        answer.raise_for_status()
        found = (answer.json().get("apps") or {}).get("app", [])
        return found[0]["id"] if found else None


class Repeatable(RetryPolicy):
    """Retries only what can end otherwise the next time."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Context | None = None,
    ) -> RetryDecision:
        if is_permanent(str(exception)):
            return RetryDecision.fail("the same command would fail the same way")
        return RetryDecision.default()


def planned() -> list[Run]:
    """The runs of the current DAG run."""
    context = get_current_context()
    params = context["params"]
    return runs(
        params["tasks"],
        context["run_id"],
        params["method"],
        params["output"],
        {**Engine(params["engine"]).settings, **params["settings"]},
    )


def described(run: Run) -> dict[str, str]:
    """What later tasks and people look up by XCom."""
    return {"task": run.task, "run_id": run.id, "directory": run.directory}


def manifest_of(params: Any) -> dict[str, Any]:
    """The SparkApplication that the administrator has written."""
    file = allowed_file("manifest", params["manifest"], MANIFESTS)
    file = Engine(allowed_file("engine", params["engine"], INSTALLED)).variant(file)
    return yaml.safe_load(Path(file).read_text(encoding="utf-8"))


@task(task_id="runs")
def runs_yarn() -> list[dict[str, Any]]:
    """Arguments of every step for each task file; empty when YARN is not the cluster."""
    params = get_current_context()["params"]
    if params["cluster"] != "yarn":
        return []
    allowed_file("application", params["application"], APPLICATIONS)
    engine = Engine(allowed_file("engine", params["engine"], INSTALLED))
    file = allowed_file("properties_file", params["properties_file"], PROPERTIES_FILES)
    text = "\n".join(
        Path(name).read_text(encoding="utf-8") for name in engine.properties_files(file)
    )
    scripts = [DISCOVERY_SCRIPT] if engine.gpus else []
    # one by one they are joined with the cluster's spark-defaults.conf, as a file they replace it
    spark_conf = {**properties(text), **allowed_conf(params["spark_conf"], SPARK_CONF)}
    return [
        {
            **described(run),
            **{step: run.arguments(step) for step in STEPS},
            # on the driver the task file lies in the working directory
            "train": run.arguments("train", Path(run.file).name),
            "files": ",".join([run.file, *scripts]),
            "scripts": ",".join(scripts),
            "tag": run.tag,
            "spark_conf": spark_conf,
        }
        for run in planned()
    ]


@task(task_id="runs")
def runs_kubernetes() -> list[dict[str, Any]]:
    """Applications of every step for each task file; empty when Kubernetes is not the cluster."""
    params = get_current_context()["params"]
    if params["cluster"] != "kubernetes":
        return []
    manifest = manifest_of(params)
    spark_conf = allowed_conf(params["spark_conf"], SPARK_CONF)
    planned_runs = []
    for run in planned():
        steps = {}
        for step in STEPS:
            arguments = run.arguments(step)
            steps[step] = arguments and application(
                manifest, run.label(step), arguments, spark_conf
            )
        planned_runs.append({**described(run), **steps})
    return planned_runs


@task.short_circuit(ignore_downstream_trigger_rules=False)
def conversion(convert: Any) -> bool:
    """Whether a conversion is asked for."""
    return bool(convert)


@task
def finished(directory: str) -> str:
    """Directory of a run that has been trained and evaluated."""
    return directory


def variant(engine: str, file: str) -> str:
    """The jar of an engine; known to templates."""
    return Engine(engine).variant(file)


def compare(directories: str | Iterable[str]) -> list[str]:
    """Arguments of the report; Airflow hands on the value of a single group alone."""
    return ["compare", *([directories] if isinstance(directories, str) else directories)]


@task(task_id="comparison")
def comparison_yarn(directories: str | Iterable[str]) -> list[str]:
    """Arguments of the report."""
    return compare(directories)


@task(task_id="comparison")
def comparison_kubernetes(directories: str | Iterable[str]) -> dict[str, Any]:
    """Application of the report."""
    params = get_current_context()["params"]
    first = planned()[0]
    return application(
        manifest_of(params),
        first.label("report"),
        compare(directories),
        allowed_conf(params["spark_conf"], SPARK_CONF),
    )


def submit(step: str, arguments: Any, **kwargs: Any) -> MonaSubmitOperator:
    """A step on YARN. Without ``tag`` its driver runs here and asks YARN for nothing."""
    return MonaSubmitOperator(
        task_id=step,
        application="{{ variant(params.engine, params.application) }}",
        application_args=arguments,
        java_class="dev.mona.cli.Main",
        conn_id="{{ params.conn_id or 'spark_default' }}",
        name=f"mona {step} {{{{ run_id }}}}",
        deploy_mode="cluster" if "tag" in kwargs else "client",
        yarn_track_via_rm_api="tag" in kwargs,
        status_poll_interval=10,
        execution_timeout=LIMITS[step],
        **kwargs,
    )


def apply(step: str, body: Any, **kwargs: Any) -> SparkKubernetesOperator:
    """A step on Kubernetes. Its name is the same for every try: the API server refuses a second."""
    return SparkKubernetesOperator(
        task_id=step,
        template_spec=body,
        namespace="{{ params.namespace }}",
        kubernetes_conn_id="{{ params.conn_id or 'kubernetes_default' }}",
        random_name_suffix=False,
        reattach_on_restart=True,
        execution_timeout=LIMITS[step],
        **kwargs,
    )


@task_group(group_id="each")
def on_yarn(
    directory: str,
    files: str,
    scripts: str,
    tag: str,
    spark_conf: dict[str, str],
    validate: list[str],
    convert: list[str],
    train: list[str],
    evaluate: list[str],
) -> Any:
    """The steps of one task file on YARN; only training and evaluation are applications there."""
    checked = submit("validate", validate, conf=spark_conf)
    converted = submit("convert", convert, conf=spark_conf)
    trained = submit(
        "train", train, conf=spark_conf, tag=tag, files=files, trigger_rule="none_failed"
    )
    evaluated = submit("evaluate", evaluate, conf=spark_conf, tag=tag, files=scripts)
    done = finished(directory)
    checked >> conversion(convert) >> converted >> trained >> evaluated >> done
    return done


@task_group(group_id="each")
def on_kubernetes(
    directory: str,
    validate: dict[str, Any],
    convert: dict[str, Any],
    train: dict[str, Any],
    evaluate: dict[str, Any],
) -> Any:
    """The steps of one task file on Kubernetes."""
    checked = apply("validate", validate)
    converted = apply("convert", convert)
    trained = apply("train", train, trigger_rule="none_failed")
    evaluated = apply("evaluate", evaluate)
    done = finished(directory)
    checked >> conversion(convert) >> converted >> trained >> evaluated >> done
    return done


@dag(
    dag_id="mona",
    schedule=None,
    catchup=False,
    params=PARAMS,
    doc_md=DOC,
    tags=["mona", "spark"],
    user_defined_macros={"variant": variant},
    # the delay between tries is that of Airflow's configuration
    default_args={"retries": 3, "retry_policy": Repeatable()},
    deadline=DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=DEADLINE_HOURS),
        callback=SyncCallback(late, kwargs={"hours": DEADLINE_HOURS}),
    )
    if DEADLINE_HOURS
    else None,
)
def mona() -> None:
    """Both clusters; the one that is not chosen has no task files and is skipped."""
    with TaskGroup("yarn"):
        submit("report", comparison_yarn(on_yarn.expand_kwargs(runs_yarn())))
    with TaskGroup("kubernetes"):
        apply("report", comparison_kubernetes(on_kubernetes.expand_kwargs(runs_kubernetes())))


mona()
