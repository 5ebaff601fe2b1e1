"""The params that estimator and model share: those of the Java classes, under the same names."""

from typing import Any, Callable, Type, TypeVar

from pyspark.ml.param import Param, Params, TypeConverters

T = TypeVar("T")


class MonaParams(Params):
    """Params of the estimator and of its model; ``explainParams()`` says what each means."""

    method: "Param[Any]" = Param(
        Params._dummy(),
        "method",
        "Training method: mona runs warm-up, alignment and finetuning, the others are "
        "what it is compared with",
        typeConverter=TypeConverters.toString,
    )
    backbone: "Param[Any]" = Param(
        Params._dummy(),
        "backbone",
        "Pretrained encoder: minilm for the one in the jar, or a Hugging Face directory "
        "with config.json and model.safetensors",
        typeConverter=TypeConverters.toString,
    )
    source: "Param[Any]" = Param(
        Params._dummy(),
        "source",
        "Samples of the encoder's own modality: wordnet for the texts in the jar, or a "
        "Parquet file or directory",
        typeConverter=TypeConverters.toString,
    )
    warmupEpochs: "Param[Any]" = Param(
        Params._dummy(),
        "warmupEpochs",
        "Epochs of warmup over the training samples; 0 skips it",
        typeConverter=TypeConverters.toInt,
    )
    warmupLearningRate: "Param[Any]" = Param(
        Params._dummy(),
        "warmupLearningRate",
        "Peak learning rate of warmup",
        typeConverter=TypeConverters.toFloat,
    )
    warmupBatchSize: "Param[Any]" = Param(
        Params._dummy(),
        "warmupBatchSize",
        "Samples of one forward and backward pass of a worker in warmup",
        typeConverter=TypeConverters.toInt,
    )
    alignmentEpochs: "Param[Any]" = Param(
        Params._dummy(),
        "alignmentEpochs",
        "Epochs of alignment over the training samples; 0 skips it",
        typeConverter=TypeConverters.toInt,
    )
    alignmentLearningRate: "Param[Any]" = Param(
        Params._dummy(),
        "alignmentLearningRate",
        "Peak learning rate of alignment",
        typeConverter=TypeConverters.toFloat,
    )
    alignmentBatchSize: "Param[Any]" = Param(
        Params._dummy(),
        "alignmentBatchSize",
        "Samples of one forward and backward pass of a worker in alignment",
        typeConverter=TypeConverters.toInt,
    )
    finetuningEpochs: "Param[Any]" = Param(
        Params._dummy(),
        "finetuningEpochs",
        "Epochs of finetuning over the training samples; 0 skips it",
        typeConverter=TypeConverters.toInt,
    )
    finetuningLearningRate: "Param[Any]" = Param(
        Params._dummy(),
        "finetuningLearningRate",
        "Peak learning rate of finetuning",
        typeConverter=TypeConverters.toFloat,
    )
    finetuningBatchSize: "Param[Any]" = Param(
        Params._dummy(),
        "finetuningBatchSize",
        "Samples of one forward and backward pass of a worker in finetuning",
        typeConverter=TypeConverters.toInt,
    )
    featuresCol: "Param[Any]" = Param(
        Params._dummy(),
        "featuresCol",
        "Column of the features: an array of numbers or a vector",
        typeConverter=TypeConverters.toString,
    )
    labelCol: "Param[Any]" = Param(
        Params._dummy(),
        "labelCol",
        "Column of the label: the number of a class from 0, or an array of 0 and 1 for "
        "each label, or, with dense, a field",
        typeConverter=TypeConverters.toString,
    )
    predictionCol: "Param[Any]" = Param(
        Params._dummy(),
        "predictionCol",
        "Column of the prediction: the number of a class, those of the labels that hold, "
        "or a field",
        typeConverter=TypeConverters.toString,
    )
    probabilityCol: "Param[Any]" = Param(
        Params._dummy(),
        "probabilityCol",
        "Column of the probabilities of classes or labels, a vector; empty for none",
        typeConverter=TypeConverters.toString,
    )
    idCol: "Param[Any]" = Param(
        Params._dummy(),
        "idCol",
        "Column of a whole number that is each sample's own; empty to number rows as they "
        "come, so that the result depends on their order",
        typeConverter=TypeConverters.toString,
    )
    splitCol: "Param[Any]" = Param(
        Params._dummy(),
        "splitCol",
        "Column that says train, val or test; empty to hold out a part of all rows to "
        "choose the best epoch on (task.validation-fraction)",
        typeConverter=TypeConverters.toString,
    )
    inputShape: "Param[Any]" = Param(
        Params._dummy(),
        "inputShape",
        "Shape of a sample, row-major: 3x1000, or 3x32x32 for images; empty for one "
        "channel",
        typeConverter=TypeConverters.toString,
    )
    dense: "Param[Any]" = Param(
        Params._dummy(),
        "dense",
        "Whether labels are fields on the grid of the features, not 0 and 1 for each "
        "label",
        typeConverter=TypeConverters.toBoolean,
    )
    seed: "Param[Any]" = Param(
        Params._dummy(),
        "seed",
        "Seed of everything random",
        typeConverter=TypeConverters.toInt,
    )
    workers: "Param[Any]" = Param(
        Params._dummy(),
        "workers",
        "Partitions of the training data, each trained by one task; 0 for Spark's default "
        "parallelism",
        typeConverter=TypeConverters.toInt,
    )
    engine: "Param[Any]" = Param(
        Params._dummy(),
        "engine",
        "Library that computes",
        typeConverter=TypeConverters.toString,
    )
    config: "Param[Any]" = Param(
        Params._dummy(),
        "config",
        "Any other setting, as HOCON text with the keys of docs/configuration.md; a param "
        "that is set beats it",
        typeConverter=TypeConverters.toString,
    )
    output: "Param[Any]" = Param(
        Params._dummy(),
        "output",
        "Directory that keeps the run's own directory, on any file system; empty for a "
        "temporary one of the driver",
        typeConverter=TypeConverters.toString,
    )


def _own_params() -> "list[Param[Any]]":
    return [value for value in vars(MonaParams).values() if isinstance(value, Param)]


def _accessor(name: str, doc: str, call: Callable[..., Any]) -> Callable[..., Any]:
    call.__name__ = call.__qualname__ = name
    call.__doc__ = doc
    return call


def with_getters(cls: Type[T]) -> Type[T]:
    """Adds a getter for each param, ``getMethod`` and so on."""
    for param in _own_params():
        name = "get" + param.name[0].upper() + param.name[1:]

        def get(self: Params, _name: str = param.name) -> Any:
            return self.getOrDefault(_name)

        setattr(cls, name, _accessor(name, param.doc + ".", get))
    return cls


def with_setters(*names: str) -> Callable[[Type[T]], Type[T]]:
    """Adds setters for params, ``setMethod`` and so on; for all of them where none is named."""

    def add(cls: Type[T]) -> Type[T]:
        for param in _own_params():
            if names and param.name not in names:
                continue
            name = "set" + param.name[0].upper() + param.name[1:]

            def set_(self: Params, value: Any, _name: str = param.name) -> Any:
                return self._set(**{_name: value})

            setattr(cls, name, _accessor(name, param.doc + ".", set_))
        return cls

    return add
