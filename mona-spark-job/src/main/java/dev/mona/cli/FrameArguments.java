package dev.mona.cli;

import dev.mona.convert.ConvertOptions;
import dev.mona.data.Origin;
import dev.mona.dataframe.FrameOptions;
import dev.mona.task.SampleShape;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code mona convert --format parquet}. */
final class FrameArguments {
  private static final double TEST_FRACTION = 0.2;
  private static final String UNKNOWN = "not stated";

  @Option(
      names = "--shape",
      paramLabel = "CxL",
      description =
          "With --format parquet: shape of a sample, 3x1000 or 3x32x32 for images (default: one channel).")
  private @Nullable String shape;

  @Option(
      names = "--dense",
      description =
          "With --format parquet: labels are fields on the grid of the features, not 0 and 1 for each label.")
  private boolean dense;

  @Option(
      names = "--test-fraction",
      paramLabel = "PART",
      description =
          "With --format parquet and no column split: part of each class to report on (default: 0.2).")
  private @Nullable Double testFraction;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "With --format parquet and no column split: chooses that part (default: 0).")
  private @Nullable Long seed;

  @Option(
      names = "--modality",
      paramLabel = "TEXT",
      description = "With --format parquet: what was measured, for the manifest.")
  private @Nullable String modality;

  @Option(
      names = "--source",
      paramLabel = "TEXT",
      description = "With --format parquet: where the data come from (default: the input).")
  private @Nullable String source;

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "With --format parquet: under what terms.")
  private @Nullable String licence;

  /** Whether none was given. */
  boolean isEmpty() {
    return shape == null
        && !dense
        && testFraction == null
        && seed == null
        && modality == null
        && source == null
        && licence == null;
  }

  FrameRequest request(String input, ConvertOptions target) {
    Optional<SampleShape> of = Optional.ofNullable(shape).map(FrameOptions::shape);
    return new FrameRequest(
        new FrameOptions(
            input,
            of,
            dense,
            testFraction == null ? TEST_FRACTION : testFraction,
            seed == null ? 0 : seed),
        new Origin(
            modality == null ? UNKNOWN : modality,
            source == null ? input : source,
            licence == null ? UNKNOWN : licence),
        target);
  }
}
