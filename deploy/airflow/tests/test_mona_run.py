"""What is submitted, without Airflow."""

import re
import unittest

from mona_run import (
    ENGINES,
    LONGEST_ID,
    LONGEST_LABEL,
    Engine,
    Run,
    allowed_conf,
    allowed_file,
    application,
    is_permanent,
    listed,
    properties,
    runs,
)

SCHEDULED = "manual__2026-11-25T02:48:29.205933+00:00"


def run(**changes: object) -> Run:
    """Make a run of the DNA task."""
    arguments = {
        "file": "/opt/mona/conf/tasks/dna_splice.conf",
        "method": "mona",
        "output": "hdfs://name:8020/runs/",
        "scheduled": SCHEDULED,
    }
    return Run(**{**arguments, **changes})


class RunTest(unittest.TestCase):
    """Names and arguments of one run."""

    def test_id_is_the_same_for_every_try_and_for_no_other_run(self) -> None:
        self.assertEqual(run().id, run().id)
        self.assertTrue(run().id.startswith("dna_splice-mona-manual__2026-11-25T02-48-29.205933"))
        others = [
            run(scheduled=SCHEDULED.replace("+", "-")),
            run(method="finetune"),
            run(file="/opt/mona/conf/tasks/dna-splice.conf"),
            run(output="hdfs://name:8020/other"),
        ]
        self.assertEqual(len({other.id for other in [run(), *others]}), 5)

    def test_id_is_a_name_that_the_job_takes(self) -> None:
        accepted = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
        for scheduled in (SCHEDULED, "x" * 300, "a/../b c", "-"):
            self.assertRegex(run(scheduled=scheduled).id, accepted)
            self.assertIsNotNone(accepted.fullmatch(run(scheduled=scheduled).id), scheduled)
            self.assertLessEqual(len(run(scheduled=scheduled).id), LONGEST_ID)
            self.assertNotIn("/", run(scheduled=scheduled).id)

    def test_training_is_one_command_for_start_and_retry(self) -> None:
        trained = run(settings={"run.seed": 2, "evaluation.retention": False}, data="/sets/dna")
        self.assertEqual(
            trained.arguments("train", "dna_splice.conf"),
            [
                *("train", "--task", "dna_splice.conf", "--output", "hdfs://name:8020/runs/"),
                *("--set", "run.seed=2", "--set", "evaluation.retention=false"),
                *("--set", "method=mona", "--set", f"run.id={trained.id}"),
                *("--set", "task.data=/sets/dna", "--set", "run.resume=auto"),
            ],
        )
        self.assertEqual(
            trained.arguments("evaluate"), ["evaluate", f"hdfs://name:8020/runs/{trained.id}"]
        )

    def test_identity_is_not_a_setting(self) -> None:
        changed = run(settings={"run.id": "other", "method": "finetune", "run.resume": False})
        arguments = changed.arguments("train")
        for kept in (f"run.id={changed.id}", "method=mona", "run.resume=auto"):
            self.assertIn(kept, arguments)
        self.assertNotIn("run.id=other", arguments)

    def test_conversion_only_where_it_is_asked_for(self) -> None:
        self.assertEqual(run().arguments("convert"), [])
        converted = run(data="/sets/dna", convert={"input": "/raw/dna", "one_hot": 4})
        self.assertEqual(
            converted.arguments("convert"),
            ["convert", "/raw/dna", "--output", "/sets/dna", "--one-hot", "4"],
        )
        with self.assertRaisesRegex(ValueError, "no data"):
            run(convert={"input": "/raw/dna"}).arguments("convert")

    def test_labels_are_dns_labels(self) -> None:
        label = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
        for file in ("dna_splice.conf", "A.B.conf", "x" * 200 + ".conf"):
            found = run(file=file).label("evaluate")
            self.assertIsNotNone(label.fullmatch(found), found)
            self.assertLessEqual(len(found), LONGEST_LABEL)


class EngineTest(unittest.TestCase):
    """One word picks the jar, the settings and the properties."""

    def test_jar_settings_and_properties(self) -> None:
        found = {
            name: (
                Engine(name).variant("hdfs:///m/mona-0.1.0-all.jar"),
                Engine(name).settings,
                Engine(name).properties_files("/c/yarn.conf"),
            )
            for name in ENGINES
        }
        gpu = ["/c/yarn.conf", "/c/yarn-gpu.conf"]
        self.assertEqual(
            found,
            {
                "nd4j": ("hdfs:///m/mona-0.1.0-all.jar", {}, gpu[:1]),
                "nd4j-cuda": (
                    "hdfs:///m/mona-0.1.0-all-nd4j-cuda.jar",
                    {"run.device": "gpu"},
                    gpu,
                ),
                "torch": ("hdfs:///m/mona-0.1.0-all-torch.jar", {"run.engine": "torch"}, gpu[:1]),
                "torch-cuda": (
                    "hdfs:///m/mona-0.1.0-all-torch-cuda.jar",
                    {"run.engine": "torch", "run.device": "gpu"},
                    gpu,
                ),
            },
        )


class RunsTest(unittest.TestCase):
    """Several task files in one DAG run."""

    def test_own_settings_beat_those_of_all(self) -> None:
        first, second = runs(
            [{"file": "a.conf", "settings": {"run.seed": 7}}, {"file": "b.conf", "data": "/b"}],
            SCHEDULED,
            "mona",
            "/runs",
            {"run.seed": 1},
        )
        self.assertIn("run.seed=7", first.arguments("train"))
        self.assertIn("run.seed=1", second.arguments("train"))
        self.assertIn("task.data=/b", second.arguments("train"))
        self.assertNotEqual(first.directory, second.directory)

    def test_two_files_of_one_name_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "same name: a:"):
            runs([{"file": "x/a.conf"}, {"file": "y/a.conf"}], SCHEDULED, "mona", "/runs", {})


class PropertiesTest(unittest.TestCase):
    """Spark properties of a file."""

    def test_keys_values_and_comments(self) -> None:
        text = "# a\nspark.master   yarn\n\n  spark.x  -Da=1 -Db=2 \n#spark.y 1\nspark.empty\n"
        self.assertEqual(
            properties(text),
            {"spark.master": "yarn", "spark.x": "-Da=1 -Db=2", "spark.empty": ""},
        )


class PermanentTest(unittest.TestCase):
    """Failures that a retry does not mend."""

    def test_told_by_the_exit_code(self) -> None:
        for code, permanent in {1: False, 2: True, 3: True, 4: True, 5: True, 6: False}.items():
            client = f"Cannot execute: spark-submit. Error code is: {code}.\nLast lines"
            cluster = f"ended with FAILED\nDiagnostics: mona failed: no data (exit code {code})"
            self.assertEqual(is_permanent(client), permanent, client)
            self.assertEqual(is_permanent(cluster), permanent, cluster)
        for other in ("(exit code 8)", "Error code is: 8."):
            self.assertTrue(is_permanent(other))
        for other in ("(exit code 7)", "exitCode: 13", "Error code is: 137.", "Killed by user"):
            self.assertFalse(is_permanent(other), other)


class ApplicationTest(unittest.TestCase):
    """The SparkApplication of a step."""

    def test_only_name_arguments_and_properties_change(self) -> None:
        manifest = {
            "kind": "SparkApplication",
            "metadata": {"name": "old", "labels": {"a": "b"}},
            "spec": {"image": "mona", "arguments": ["old"], "sparkConf": {"x": "1", "y": "2"}},
        }
        self.assertEqual(
            application(manifest, "new", ["train"], {"y": "3"}),
            {
                "kind": "SparkApplication",
                "metadata": {"name": "new", "labels": {"a": "b"}},
                "spec": {
                    "image": "mona",
                    "arguments": ["train"],
                    "sparkConf": {"x": "1", "y": "3"},
                },
            },
        )
        self.assertEqual(manifest["spec"]["arguments"], ["old"])


class AllowedTest(unittest.TestCase):
    """What whoever triggers a run may choose."""

    def test_sizes_and_limits(self) -> None:
        asked = {
            "spark.executor.instances": "8",
            "spark.driver.memory": "1500m",
            "spark.executor.memoryOverhead": "2g",
            "spark.yarn.queue": "mona-night",
            "spark.ui.enabled": "false",
        }
        self.assertEqual(allowed_conf(asked), asked)
        self.assertEqual(allowed_conf({}), {})

    def test_nothing_that_runs_code_or_names_a_place(self) -> None:
        for key in (
            "spark.jars",
            "spark.jars.packages",
            "spark.driver.extraJavaOptions",
            "spark.executor.extraClassPath",
            "spark.plugins",
            "spark.extraListeners",
            "spark.yarn.keytab",
            "spark.kubernetes.container.image",
            "spark.hadoop.fs.defaultFS",
            "spark.master",
            "spark.executor.memory\n",
            "xspark.executor.memory",
        ):
            with self.subTest(key), self.assertRaises(ValueError) as refused:
                allowed_conf({key: "x"})
            self.assertIn(repr(key), str(refused.exception))
            self.assertNotIn("\n", str(refused.exception))

    def test_values_are_plain(self) -> None:
        for value in ("", "1g --jars x", "a,b", "$(id)", "x" * 65, "1g\n"):
            with self.subTest(value), self.assertRaises(ValueError):
                allowed_conf({"spark.executor.memory": value})

    def test_an_administrator_adds_names(self) -> None:
        more = listed("MONA_SPARK_CONF", "", {"MONA_SPARK_CONF": "spark.locality.wait, "})
        self.assertEqual(more, ["spark.locality.wait"])
        self.assertEqual(
            allowed_conf({"spark.locality.wait": "3s"}, more), {"spark.locality.wait": "3s"}
        )

    def test_files_are_listed(self) -> None:
        self.assertEqual(allowed_file("application", "/a.jar", ["/a.jar", "/b.jar"]), "/a.jar")
        with self.assertRaisesRegex(ValueError, "application is 'x': it must be one of /a.jar"):
            allowed_file("application", "x", ["/a.jar"])


if __name__ == "__main__":
    unittest.main()
