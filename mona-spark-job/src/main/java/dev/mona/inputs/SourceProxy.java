package dev.mona.inputs;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.config.MonaConfig;
import dev.mona.config.SourceConfig;
import dev.mona.corpus.CorpusSplit;
import dev.mona.corpus.LabelledImages;
import dev.mona.corpus.LabelledTexts;
import dev.mona.corpus.ParquetImages;
import dev.mona.corpus.ParquetTexts;
import dev.mona.corpus.TextTokenizer;
import dev.mona.corpus.WordNetGlosses;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.TextEncoder;
import dev.mona.source.SourceImages;
import dev.mona.source.SourceSamples;
import dev.mona.source.SourceTexts;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * The source samples of a run, in the form that its encoder takes.
 *
 * @param train samples of the alignment
 * @param probeTrain samples that fit the retention probe, a part of those
 * @param probeTest samples that score it
 */
public record SourceProxy(SourceSamples train, SourceSamples probeTrain, SourceSamples probeTest) {
  /** They are sent to the executors too, and so lie in the driver's heap more than once. */
  private static final double PIXELS_SHARE_OF_HEAP = 0.5;

  static SourceProxy open(SparkSession spark, MonaConfig config, Encoder encoder) {
    return encoder instanceof TextEncoder text ? texts(spark, config, text) : images(spark, config);
  }

  private static SourceProxy texts(SparkSession spark, MonaConfig config, TextEncoder encoder) {
    SourceConfig source = config.source();
    LabelledTexts all =
        switch (source.kind()) {
          case WORDNET -> WordNetGlosses.read();
          case PARQUET -> ParquetTexts.read(spark, source.path(), source.pooling());
        };
    CorpusSplit<LabelledTexts> split =
        all.split(perClass(source), source.probeTest(), config.run().seed());
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (TextTokenizer tokenizer =
        Backbones.tokenizer(config.backbone(), hadoop, encoder, source)) {
      return new SourceProxy(
          split.train().tokenise(tokenizer),
          split.train().firstPerClass(source.probeTrain()).tokenise(tokenizer),
          split.probe().tokenise(tokenizer));
    }
  }

  private static SourceProxy images(SparkSession spark, MonaConfig config) {
    SourceConfig source = config.source();
    if (source.kind() == SourceConfig.Kind.WORDNET) {
      throw MonaException.configuration(
          "%s is an encoder of images and source.kind is wordnet: set source.kind = parquet and source.path to a set of labelled images"
              .formatted(config.backbone().weights()));
    }
    CorpusSplit<LabelledImages> split =
        ParquetImages.read(spark, source.path())
            .split(perClass(source), source.probeTest(), config.run().seed());
    ByteBudget budget =
        ByteBudget.ofHeap(MonaException.Category.DATA, source.path(), PIXELS_SHARE_OF_HEAP);
    return new SourceProxy(
        split.train().decode(budget),
        split.train().firstPerClass(source.probeTrain()).decode(budget),
        split.probe().decode(budget));
  }

  private static int perClass(SourceConfig source) {
    return source.perClass() == 0 ? Integer.MAX_VALUE : source.perClass();
  }

  /** Values of the largest sample of a batch: tokens of a text, bytes of an image. */
  long largestSample() {
    return train instanceof SourceImages images
        ? (long) SourceImages.COLOURS * images.height() * images.width()
        : ((SourceTexts) train).longest();
  }

  public List<SourceSamples> all() {
    return List.of(train, probeTrain, probeTest);
  }
}
