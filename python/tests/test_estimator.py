"""The estimator in a real PySpark: fit, transform, save, load, pipelines and cross-validation."""

import json
import math
import os
import random
import unittest

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import StringIndexer
from pyspark.ml.linalg import Vectors
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

from mona_spark import MonaEstimator, MonaModel, MonaSummary, session

# in the order that StringIndexer gives equally frequent names
WAVES = ["quick", "slow", "steady"]
LENGTH = 12


def sample(number, rng):
    label = number % len(WAVES)
    features = []
    for k in range(2 * LENGTH):
        phase = 2 * math.pi * (k % LENGTH) * (1 + label) / LENGTH
        clean = math.sin(phase) if k < LENGTH else math.cos(phase)
        features.append(clean + 0.3 * rng.gauss(0, 1))
    return number, WAVES[label], float(label), features


class EstimatorTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = os.environ["MONA_WORK"]
        cls.spark = (
            session(os.environ["MONA_JAR"])
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            # what runs for a moment is not worth compiling
            .config("spark.sql.codegen.wholeStage", "false")
            .getOrCreate()
        )
        cls.spark.sparkContext.setLogLevel("ERROR")
        rng = random.Random(1)
        columns = ["id", "wave", "label", "features"]
        cls.train = cls.spark.createDataFrame(
            [sample(i, rng) for i in range(48)], columns
        ).cache()
        cls.test = cls.spark.createDataFrame(
            [sample(i, rng) for i in range(30)], columns
        ).cache()
        words = ["river", "stone", "music", "engine", "bread", "winter"]
        texts = [
            (" ".join([rng.choice(words)] + [words[i % 6]] * 3), "class-%d" % (i % 6))
            for i in range(108)
        ]
        source = os.path.join(cls.work, "texts")
        cls.spark.createDataFrame(texts, ["text", "label"]).coalesce(1).write.mode(
            "overwrite"
        ).parquet(source)
        cls.settings = """
            source.max-tokens = 12
            run.threads-per-task = 1
            embedder.kernel = 3
            alignment.source-batch { classes = 4, samples-per-class = 3 }
            averaging { frequency = 2, chunk-size = 1024 }
            evaluation.retention = false
        """
        cls.source = source
        cls.model = cls.estimator().fit(cls.train)

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()

    @classmethod
    def estimator(cls):
        return MonaEstimator(
            backbone=os.environ["MONA_ENCODER"],
            source=cls.source,
            config=cls.settings,
            inputShape="2x12",
            idCol="id",
            workers=2,
            seed=3,
            warmupEpochs=1,
            warmupLearningRate=1e-2,
            warmupBatchSize=6,
            alignmentEpochs=1,
            alignmentLearningRate=1e-2,
            alignmentBatchSize=6,
            finetuningEpochs=3,
            finetuningLearningRate=1e-2,
            finetuningBatchSize=6,
        )

    def predictions(self, model):
        rows = model.transform(self.test).sort("id").select("prediction", "probability")
        return [(row.prediction, list(row.probability)) for row in rows.collect()]

    def accuracy(self, frame):
        return MulticlassClassificationEvaluator(metricName="accuracy").evaluate(frame)

    def test_learns(self):
        self.assertIsInstance(self.model, MonaModel)
        self.assertGreater(self.accuracy(self.model.transform(self.test)), 0.7)
        for prediction, probability in self.predictions(self.model):
            self.assertAlmostEqual(sum(probability), 1, places=9)
            self.assertEqual(probability[int(prediction)], max(probability))
        self.assertEqual(self.model.kind, "CLASSIFICATION")
        self.assertEqual(self.model.outputs, 3)

    def test_summary(self):
        summary = self.model.summary
        self.assertIsInstance(summary, MonaSummary)
        self.assertEqual(summary.stop_reason, "COMPLETED")
        self.assertEqual(
            [e.stage for e in summary.epochs],
            ["warmup", "alignment", "finetuning", "finetuning", "finetuning"],
        )
        losses = summary.history("finetuning", "loss")
        self.assertLess(losses[-1], losses[0])

    def vectors(self, frame):
        """The same rows, with vectors for arrays."""
        rows = [
            (row.id, row.wave, row.label, Vectors.dense(row.features)) for row in frame.collect()
        ]
        return self.spark.createDataFrame(rows, frame.columns)

    def test_vectors_and_arrays_agree(self):
        rows = self.model.transform(self.vectors(self.test)).sort("id").collect()
        self.assertEqual(
            [(row.prediction, list(row.probability)) for row in rows],
            self.predictions(self.model),
        )

    def test_save_and_load(self):
        path = os.path.join(self.work, "model")
        self.model.write().overwrite().save(path)
        loaded = MonaModel.load(path)
        self.assertEqual(self.predictions(loaded), self.predictions(self.model))
        # as text, since NaN differs from itself
        self.assertEqual(repr(loaded.summary), repr(self.model.summary))
        self.assertEqual(loaded.getIdCol(), "id")
        path = os.path.join(self.work, "estimator")
        self.estimator().write().overwrite().save(path)
        again = MonaEstimator.load(path)
        self.assertEqual(again.getFinetuningLearningRate(), 1e-2)
        self.assertEqual(again.getSeed(), 3)

    def test_pipeline(self):
        numbers = StringIndexer(inputCol="wave", outputCol="number")
        pipeline = Pipeline(stages=[numbers, self.estimator().setLabelCol("number")])
        trained = pipeline.fit(self.vectors(self.train))
        self.assertEqual(self.predictions(trained), self.predictions(self.model))
        path = os.path.join(self.work, "pipeline")
        trained.write().overwrite().save(path)
        loaded = PipelineModel.load(path)
        self.assertIsInstance(loaded.stages[1], MonaModel)
        self.assertEqual(self.predictions(loaded), self.predictions(trained))

    def test_cross_validator(self):
        estimator = self.estimator().setMethod("finetune")
        grid = (
            ParamGridBuilder()
            .addGrid(estimator.finetuningLearningRate, [1e-9, 1e-2])
            .build()
        )
        chosen = CrossValidator(
            estimator=estimator,
            estimatorParamMaps=grid,
            evaluator=MulticlassClassificationEvaluator(metricName="accuracy"),
            numFolds=2,
            seed=1,
        ).fit(self.train)
        self.assertEqual(len(chosen.avgMetrics), 2)
        self.assertGreater(chosen.avgMetrics[1], chosen.avgMetrics[0])
        self.assertEqual(chosen.bestModel.getFinetuningLearningRate(), 1e-2)
        self.assertGreater(self.accuracy(chosen.transform(self.test)), 0.5)

    def test_notebook(self):
        path = os.path.join(self.work, "rows")
        self.train.select("id", "label", "features").write.mode("overwrite").parquet(path)
        given = {param.name: value for param, value in self.estimator()._paramMap.items()}
        names = {
            "jar": os.environ["MONA_JAR"],
            "rows": path,
            "params": given,
            "output": os.path.join(self.work, "noted"),
        }
        with open(os.environ["MONA_NOTEBOOK"]) as file:
            cells = json.load(file)["cells"]
        ran = 0
        for cell in cells:
            if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
                exec("".join(cell["source"]), names)
                ran += 1
        self.assertEqual(ran, 5)
        self.assertGreater(names["right"], 0.5)

    def test_params(self):
        estimator = MonaEstimator()
        self.assertEqual(estimator.getMethod(), "mona")
        self.assertEqual(estimator.getFinetuningEpochs(), 8)
        java = {p.name(): p.doc() for p in estimator._java_obj.params()}
        self.assertEqual(java, {p.name: p.doc for p in estimator.params})
        self.assertEqual(MonaEstimator.setEngine.__doc__, "Library that computes.")
        with self.assertRaises(TypeError):
            MonaEstimator(finetuningEpochs="many")
        with self.assertRaisesRegex(Exception, "has no column features"):
            MonaEstimator().fit(self.train.drop("features"))


if __name__ == "__main__":
    unittest.main()
