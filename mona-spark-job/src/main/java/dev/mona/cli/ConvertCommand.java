package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.FactsText;
import dev.mona.convert.ConvertOptions;
import dev.mona.data.Encoding;
import dev.mona.data.Manifest;
import dev.mona.data.Split;
import dev.mona.numpy.NumpyOptions;
import dev.mona.published.PublishedFormat;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mona convert}. */
@Command(
    name = "convert",
    description =
        "Makes a data set, Parquet with a manifest, from NumPy arrays with a card, from files in which a"
            + " set is published, or from any DataFrame in Parquet.")
final class ConvertCommand implements Callable<Integer> {
  private final Commands commands;

  @Mixin private Output printed = new Output();

  @Parameters(
      paramLabel = "INPUT",
      description =
          "Directory with card.json and x_train, y_train, x_test, y_test in an npz or npy files; with"
              + " --format the file or folder of that form.")
  private @Nullable String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory to make; may hold the same data set already, and nothing else.")
  private @Nullable String output;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description =
          "Read files as they are published: pdebench, darcy, fsd50k, cifar100 or spherical; or parquet, any"
              + " DataFrame with features and label. The set is named after the output.")
  private @Nullable InputForm format;

  @Option(
      names = "--stride",
      paramLabel = "POINTS",
      description =
          "Take every POINTSth point of a field, along each axis; with --format pdebench or darcy.",
      defaultValue = "1")
  private int stride;

  @Option(
      names = "--one-hot",
      paramLabel = "SYMBOLS",
      description = "Encode symbols 0 .. SYMBOLS-1 as one channel each.")
  private int symbols;

  @Option(
      names = "--log-mel",
      paramLabel = "HERTZ",
      description = "Make sounds of this sample rate log-mel spectrograms, images of one channel.")
  private int sampleRate;

  @Option(
      names = "--mels",
      paramLabel = "COUNT",
      description = "Rows of a spectrogram (default: 64).")
  private int mels;

  @Option(
      names = "--frame",
      paramLabel = "SAMPLES",
      description = "Frame of a spectrogram, a power of two (default: the next after 25 ms).")
  private int frame;

  @Option(
      names = "--hop",
      paramLabel = "SAMPLES",
      description = "From one frame to the next (default: 10 ms).")
  private int hop;

  @Option(
      names = "--image",
      description = "Read [samples, height, width] as images of one channel, not as series.")
  private boolean image;

  @Option(
      names = "--split",
      paramLabel = "SPLIT=NAME",
      description =
          "Make this split of the arrays x_NAME and y_NAME. Repeatable; only the splits named"
              + " are made.")
  private Map<String, String> splits = new LinkedHashMap<>();

  @Option(
      names = "--standardise",
      description = "Bring each channel to mean 0 and deviation 1 over the train split.")
  private boolean standardise;

  @Option(
      names = "--file-samples",
      paramLabel = "COUNT",
      description =
          "Samples of a file at most; a split of more becomes a folder of files (default: as many as"
              + " make 1 GiB of values).")
  private int fileSamples;

  @Mixin private FrameArguments dataFrame = new FrameArguments();

  ConvertCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() {
    if (!dataFrame.isEmpty() && format != InputForm.PARQUET) {
      throw MonaException.configuration(
          "--shape, --dense, --test-fraction, --seed, --modality, --source and --licence go with --format parquet: leave them out");
    }
    if (format != null) {
      return format.published().isPresent() ? published(format.published().get()) : dataFrame();
    }
    if (stride != 1) {
      throw MonaException.configuration("--stride goes with --format pdebench or darcy: remove it");
    }
    Map<Split, String> arrays = new EnumMap<>(Split.class);
    splits.forEach((split, name) -> arrays.put(Split.of(split), name));
    ConversionRequest request =
        new ConversionRequest(
            new NumpyOptions(
                Addresses.require("input", Objects.requireNonNull(input)),
                encoding(),
                image,
                arrays),
            target());
    return made(commands.convert(request));
  }

  private int dataFrame() {
    if (saysHowArraysAreRead() || stride != 1) {
      throw MonaException.configuration(
          "--format parquet takes features as they are: leave --image, --one-hot, --log-mel, --split, --stride out");
    }
    FrameRequest request =
        dataFrame.request(Addresses.require("input", Objects.requireNonNull(input)), target());
    try (SparkStart spark = new SparkStart("mona convert")) {
      return made(commands.convert(spark, request));
    }
  }

  private int made(Manifest set) {
    printed.print(FactsText.of(set, Objects.requireNonNull(output)));
    return ExitCode.OK.code();
  }

  private boolean saysHowArraysAreRead() {
    return image || symbols != 0 || sampleRate != 0 || !splits.isEmpty();
  }

  private int published(PublishedFormat form) {
    if (saysHowArraysAreRead() || (stride != 1 && !form.hasStride())) {
      throw MonaException.configuration(
          "--format %s says how values and splits are read: leave --image, --one-hot, --log-mel, --split%s out"
              .formatted(form.id(), form.hasStride() ? "" : ", --stride"));
    }
    if (stride < 1) {
      throw MonaException.configuration("--stride is " + stride + ", must be 1 or more");
    }
    PublishedRequest request =
        new PublishedRequest(
            form, Addresses.require("input", Objects.requireNonNull(input)), stride, target());
    return made(commands.convert(request));
  }

  private ConvertOptions target() {
    return new ConvertOptions(
        Addresses.require("--output", Objects.requireNonNull(output)), standardise, fileSamples);
  }

  private Encoding encoding() {
    if (symbols != 0 && sampleRate != 0) {
      throw MonaException.configuration(
          "--one-hot and --log-mel exclude each other: leave one of them out");
    }
    if (sampleRate != 0) {
      Encoding.LogMel usual = Encoding.LogMel.at(sampleRate);
      return new Encoding.LogMel(
          sampleRate,
          frame == 0 ? usual.frame() : frame,
          hop == 0 ? usual.hop() : hop,
          mels == 0 ? usual.mels() : mels);
    }
    if (mels != 0 || frame != 0 || hop != 0) {
      throw MonaException.configuration(
          "--mels, --frame and --hop say how --log-mel works: name its sample rate too");
    }
    if (symbols == 0) {
      return new Encoding.Plain();
    }
    if (symbols < 2 || symbols > 1024) {
      throw MonaException.configuration(
          "--one-hot is " + symbols + ", must be the size of an alphabet from 2 to 1024");
    }
    return new Encoding.OneHot(symbols);
  }
}
