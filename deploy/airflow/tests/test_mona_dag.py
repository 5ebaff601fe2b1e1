"""The DAG as Airflow sees it. Needs AIRFLOW_HOME with a migrated database."""

import copy
import itertools
import tempfile
import unittest
from functools import cache
from pathlib import Path
from unittest import mock

from airflow.dag_processing.dagbag import BundleDagBag
from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator
from airflow.sdk import DAG
from airflow.sdk.definitions.taskgroup import MappedTaskGroup
from airflow.sdk.exceptions import ParamValidationError

FOLDER = Path(__file__).resolve().parent.parent
CONF = {"tasks": [{"file": "/t/a.conf"}], "output": "/runs"}


@cache
def bag() -> BundleDagBag:
    """Parse the folder."""
    return BundleDagBag(str(FOLDER), bundle_path=FOLDER, bundle_name="mona")


class ShapeTest(unittest.TestCase):
    """Tasks, operators and parameters."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.bag = bag()
        cls.dag: DAG = cls.bag.dags["mona"]

    def test_no_file_fails_to_import(self) -> None:
        self.assertEqual(self.bag.import_errors, {})
        self.assertEqual(set(self.bag.dags), {"mona"})

    def test_both_clusters_have_every_step(self) -> None:
        steps = ["conversion", "convert", "evaluate", "finished", "train", "validate"]
        expected = [
            f"{cluster}.{task}"
            for cluster in ("kubernetes", "yarn")
            for task in ["comparison", *(f"each.{step}" for step in steps), "report", "runs"]
        ]
        self.assertEqual(sorted(self.dag.task_ids), expected)

    def test_a_group_for_each_task_file(self) -> None:
        for cluster in ("kubernetes", "yarn"):
            group = self.dag.task_group_dict[f"{cluster}.each"]
            self.assertIsInstance(group, MappedTaskGroup)
            self.assertEqual(
                [task.task_id for task in group.iter_mapped_dependencies()], [f"{cluster}.runs"]
            )

    def test_order(self) -> None:
        for cluster in ("kubernetes", "yarn"):
            chain = ["validate", "conversion", "convert", "train", "evaluate", "finished"]
            for before, after in itertools.pairwise(chain):
                upstream = self.dag.get_task(f"{cluster}.each.{after}").upstream_task_ids
                self.assertIn(f"{cluster}.each.{before}", upstream)
            report = self.dag.get_task(f"{cluster}.report")
            self.assertEqual(report.upstream_task_ids, {f"{cluster}.comparison"})

    def test_every_job_has_a_limit_and_retries(self) -> None:
        for task_id in self.dag.task_ids:
            task = self.dag.get_task(task_id)
            self.assertEqual(task.retries, 3)
            if task_id.split(".")[-1] in ("validate", "convert", "train", "evaluate", "report"):
                self.assertIsNotNone(task.execution_timeout, task_id)
        self.assertTrue(self.dag.deadline)

    def test_only_training_and_evaluation_run_on_yarn(self) -> None:
        for step, mode in {
            "each.validate": "client",
            "each.convert": "client",
            "each.train": "cluster",
            "each.evaluate": "cluster",
            "report": "client",
        }.items():
            task = self.dag.get_task(f"yarn.{step}")
            self.assertEqual(task._deploy_mode, mode)
            self.assertEqual(task._yarn_track_via_rm_api, mode == "cluster")
            self.assertTrue(task.durable)

    def test_a_second_application_of_a_name_is_left_to_the_api_server_to_refuse(self) -> None:
        for step in ("validate", "convert", "train", "evaluate"):
            task = self.dag.get_task(f"kubernetes.each.{step}")
            self.assertIsInstance(task, SparkKubernetesOperator)
            self.assertFalse(task.random_name_suffix)
            self.assertTrue(task.reattach_on_restart)


class ParametersTest(unittest.TestCase):
    """What the schema accepts."""

    def check(self, **conf: object) -> None:
        """Validate parameters as a trigger does."""
        params = copy.deepcopy(bag().dags["mona"].params)
        params.update({**CONF, **conf})
        params.validate()

    def test_accepted(self) -> None:
        self.check()
        self.check(
            cluster="kubernetes",
            method="finetune",
            settings={"run.seed": 2},
            spark_conf={"spark.executor.instances": "8", "spark.driver.memory": "4g"},
            tasks=[{"file": "a.conf", "data": "d", "convert": {"input": "i", "one_hot": 4}}],
        )

    def test_refused(self) -> None:
        for wrong in (
            {"tasks": []},
            {"tasks": ["a.conf"]},
            {"tasks": [{"file": "a.txt"}]},
            {"tasks": [{"file": "a.conf,b.conf"}]},
            {"tasks": [{"file": "a.conf", "convert": {"input": "i"}}]},
            {"tasks": [{"file": "a.conf", "other": 1}]},
            {"method": "best"},
            {"cluster": "standalone"},
            {"engine": "torch-cuda"},
            {"engine": "fastest"},
            {"settings": {"a": []}},
            {"output": ""},
            {"application": "/tmp/other.jar"},
            {"application": "hdfs:///tmp/other.jar"},
            {"properties_file": "/tmp/other.conf"},
            {"manifest": "/tmp/other.yaml"},
            {"spark_conf": {"spark.jars": "a.jar"}},
            {"spark_conf": {"spark.driver.extraJavaOptions": "-version"}},
            {"spark_conf": {"spark.executor.memory": "1g --jars=x"}},
        ):
            with self.subTest(wrong), self.assertRaises(ParamValidationError):
                self.check(**wrong)


class PlanTest(unittest.TestCase):
    """What the first task of a cluster hands on."""

    def planned(self, asked: str, folder: Path, **conf: object) -> list[dict]:
        """Call the task outside of a DAG run."""
        (folder / "yarn.conf").write_text(
            "spark.master yarn\nspark.task.cpus 1\n", encoding="utf-8"
        )
        (folder / "yarn-gpu.conf").write_text(
            "spark.task.resource.gpu.amount 1\n", encoding="utf-8"
        )
        for suffix in ("", "-torch", "-torch-cuda"):
            (folder / f"app{suffix}.yaml").write_text(
                "kind: SparkApplication\nmetadata: {name: old}\n"
                f"spec: {{image: mona{suffix}, arguments: [a]}}\n",
                encoding="utf-8",
            )
        params = {
            "method": "mona",
            "engine": "nd4j",
            "settings": {},
            "spark_conf": {"spark.task.cpus": "2"},
            "application": "/opt/mona/mona-spark-job-all.jar",
            "properties_file": str(folder / "yarn.conf"),
            "manifest": str(folder / "app.yaml"),
            **CONF,
            **conf,
        }
        function = bag().dags["mona"].get_task(f"{asked}.runs").python_callable
        context = {"params": params, "run_id": "manual__1"}
        lists = {
            "PROPERTIES_FILES": [str(folder / "yarn.conf")],
            "MANIFESTS": [str(folder / "app.yaml")],
            "INSTALLED": ["nd4j", "torch", "torch-cuda"],
            "get_current_context": lambda: context,
        }
        with mock.patch.dict(function.__globals__, lists):
            return function()

    def test_what_is_run_is_listed(self) -> None:
        """Also where a parameter reaches a task without the schema."""
        other = {
            "application": "hdfs:///tmp/other.jar",
            "properties_file": "/etc/shadow",
            "spark_conf": {"spark.jars.packages": "a:b:1"},
        }
        with tempfile.TemporaryDirectory() as folder:
            for key, value in other.items():
                with self.subTest(key), self.assertRaisesRegex(ValueError, key):
                    self.planned("yarn", Path(folder), cluster="yarn", **{key: value})
            for key, value in {"manifest": "/etc/x", "spark_conf": other["spark_conf"]}.items():
                with self.subTest(key), self.assertRaisesRegex(ValueError, key):
                    self.planned("kubernetes", Path(folder), cluster="kubernetes", **{key: value})

    def test_only_the_chosen_cluster_has_runs(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for cluster, other in (("yarn", "kubernetes"), ("kubernetes", "yarn")):
                self.assertEqual(self.planned(other, Path(folder), cluster=cluster), [])
                (run,) = self.planned(cluster, Path(folder), cluster=cluster)
                self.assertEqual(run["task"], "a")
                self.assertEqual(run["directory"], f"/runs/{run['run_id']}")
                self.assertFalse(run["convert"])

    def test_yarn_gets_the_properties_and_ships_the_task_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (run,) = self.planned("yarn", Path(folder), cluster="yarn")
        self.assertEqual(run["spark_conf"], {"spark.master": "yarn", "spark.task.cpus": "2"})
        self.assertEqual((run["files"], run["scripts"]), ("/t/a.conf", ""))
        self.assertEqual(run["validate"][:3], ["validate", "--task", "/t/a.conf"])
        self.assertEqual(run["train"][:3], ["train", "--task", "a.conf"])

    def test_kubernetes_gets_an_application_for_each_step(self) -> None:
        tasks = [{"file": "/t/a.conf", "data": "/d", "convert": {"input": "/i"}}]
        with tempfile.TemporaryDirectory() as folder:
            runs = self.planned("kubernetes", Path(folder), cluster="kubernetes", tasks=tasks)
        names = set()
        for step in ("validate", "convert", "train", "evaluate"):
            body = runs[0][step]
            names.add(body["metadata"]["name"])
            self.assertEqual(body["spec"]["image"], "mona")
            self.assertEqual(body["spec"]["arguments"][0], step)
            self.assertEqual(body["spec"]["sparkConf"], {"spark.task.cpus": "2"})
        self.assertEqual(len(names), 4)

    def test_an_engine_brings_its_properties_scripts_and_settings(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (run,) = self.planned("yarn", Path(folder), cluster="yarn", engine="torch-cuda")
        self.assertEqual(run["spark_conf"]["spark.task.resource.gpu.amount"], "1")
        self.assertEqual(run["files"], "/t/a.conf,/opt/mona/deploy/gpu/discover-gpus.sh")
        self.assertEqual(run["scripts"], "/opt/mona/deploy/gpu/discover-gpus.sh")
        for step in ("validate", "train"):
            self.assertIn("run.engine=torch", run[step])
            self.assertIn("run.device=gpu", run[step])
        self.assertEqual(run["evaluate"], ["evaluate", run["directory"]])

    def test_an_engine_has_a_manifest_of_its_own(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for engine, image in (("nd4j", "mona"), ("torch", "mona-torch")):
                (run,) = self.planned(
                    "kubernetes", Path(folder), cluster="kubernetes", engine=engine
                )
                self.assertEqual(run["train"]["spec"]["image"], image)
            with self.assertRaisesRegex(ValueError, "engine is 'nd4j-cuda': it must be one of"):
                self.planned("kubernetes", Path(folder), cluster="kubernetes", engine="nd4j-cuda")

    def test_the_jar_is_that_of_the_engine(self) -> None:
        dag = bag().dags["mona"]
        template = dag.get_template_env().from_string(dag.get_task("yarn.report").application)
        for engine, jar in {"nd4j": "/m/a-all.jar", "torch": "/m/a-all-torch.jar"}.items():
            params = {"engine": engine, "application": "/m/a-all.jar"}
            self.assertEqual(template.render(params=params), jar)

    def test_report_compares_one_run_or_several(self) -> None:
        function = bag().dags["mona"].get_task("yarn.comparison").python_callable
        self.assertEqual(function("/runs/a"), ["compare", "/runs/a"])
        self.assertEqual(function(["/runs/a", "/runs/b"]), ["compare", "/runs/a", "/runs/b"])


class ApplicationTest(unittest.TestCase):
    """What the operator for Kubernetes sends to the API server."""

    def test_application_has_the_name_of_the_run_and_the_labels_of_the_task(self) -> None:
        task = copy.copy(bag().dags["mona"].get_task("kubernetes.each.train"))
        body = {
            "apiVersion": "sparkoperator.k8s.io/v1beta2",
            "kind": "SparkApplication",
            "metadata": {"name": "mona-a-1-train"},
            "spec": {"arguments": ["train"], "driver": {}, "executor": {}},
        }
        task.template_spec, task.namespace = body, "mona"
        api, pods = mock.Mock(), mock.Mock()
        pods.list_namespaced_pod.return_value.items = []
        api.create_namespaced_custom_object.side_effect = lambda **sent: sent["body"]
        api.get_namespaced_custom_object_status.return_value = {
            "status": {"applicationState": {"state": "RUNNING"}}
        }
        task.__dict__.update(client=pods, custom_obj_api=api, pod_manager=mock.Mock())
        instance = mock.Mock(dag_id="mona", task_id=task.task_id, map_index=1, try_number=2)
        task.name = task.create_job_name()
        task._setup_spark_configuration(
            {"ti": instance, "run_id": "manual__1", "dag": mock.Mock(parent_dag=None)}
        )
        sent = api.create_namespaced_custom_object.call_args.kwargs
        self.assertEqual(sent["namespace"], "mona")
        self.assertEqual(sent["plural"], "sparkapplications")
        self.assertEqual(sent["body"]["metadata"]["name"], "mona-a-1-train")
        self.assertEqual(sent["body"]["spec"]["arguments"], ["train"])
        labels = sent["body"]["spec"]["driver"]["labels"]
        self.assertEqual((labels["map_index"], labels["try_number"]), ("1", "2"))
        asked = pods.list_namespaced_pod.call_args.kwargs["label_selector"]
        self.assertIn("spark-role=driver", asked)
        self.assertNotIn("try_number", asked, "a later try looks for the pods of all")


class SubmissionTest(unittest.TestCase):
    """The gap between a submission and the note of it."""

    def submitted(self, apps: list[dict[str, str]]) -> tuple[str | None, mock.Mock]:
        """Call submit_job with what the resource manager answers."""
        task = bag().dags["mona"].get_task("yarn.each.train")
        task = copy.copy(task)
        task.tag = "mona-1-train"
        hook = mock.Mock(_resolved_yarn_rm_auth=None)
        hook._get_yarn_rm_base_url.return_value = "http://127.0.0.1:1"
        answer = mock.Mock()
        answer.json.return_value = {"apps": {"app": apps} if apps else None}
        parent = type(task).__mro__[1]
        with (
            mock.patch.object(type(task), "_get_hook", return_value=hook),
            mock.patch("requests.get", return_value=answer) as asked,
            mock.patch.object(parent, "submit_job", return_value="application_2") as submit,
        ):
            found = task.submit_job({})
        self.assertEqual(asked.call_args.kwargs["params"]["applicationTags"], "mona-1-train")
        return found, submit

    def test_a_running_application_is_not_submitted_again(self) -> None:
        found, submit = self.submitted([{"id": "application_1"}])
        self.assertEqual(found, "application_1")
        submit.assert_not_called()

    def test_without_one_it_is(self) -> None:
        found, submit = self.submitted([])
        self.assertEqual(found, "application_2")
        submit.assert_called_once()


if __name__ == "__main__":
    unittest.main()
