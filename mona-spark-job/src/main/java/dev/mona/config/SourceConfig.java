package dev.mona.config;

import dev.mona.corpus.TagPooling;
import dev.mona.corpus.TokenizerLimits;

/**
 * The labelled samples of the source modality, texts or images as the encoder takes them.
 *
 * @param set where they come from
 * @param perClass most samples kept of a class; 0 for all
 * @param maxTokens longest text in tokens, special tokens included
 * @param tokenizer limits of the process that tokenises texts
 * @param probe sizes of the retention probe
 */
public record SourceConfig(
    SourceSet set, int perClass, int maxTokens, TokenizerLimits tokenizer, Probe probe) {

  /** Kinds of source samples. */
  public enum Kind {
    /** Glosses of WordNet 3.1, classed by lexicographer file. */
    WORDNET,
    /** A Parquet set of texts or images. */
    PARQUET
  }

  /**
   * Where source samples come from.
   *
   * @param kind which kind of set
   * @param path Parquet file or directory; empty for {@link Kind#WORDNET}
   * @param pooling how a class on every token becomes classes of texts; {@link TagPooling#SENTENCE}
   *     for {@link Kind#WORDNET}
   */
  public record SourceSet(Kind kind, String path, TagPooling pooling) {
    public SourceSet {
      if (kind == Kind.WORDNET && pooling != TagPooling.SENTENCE) {
        throw new IllegalArgumentException(
            "pooling goes with the source kind parquet and no other");
      }
      if ((kind == Kind.PARQUET) == path.isEmpty()) {
        throw new IllegalArgumentException("a path goes with the source kind parquet and no other");
      }
    }
  }

  /**
   * Sizes of the retention probe.
   *
   * @param trainPerClass samples of a class that fit it
   * @param testPerClass samples of a class that score it
   */
  public record Probe(int trainPerClass, int testPerClass) {
    public Probe {
      if (trainPerClass < 1 || testPerClass < 1) {
        throw new IllegalArgumentException("probe sizes must be >= 1");
      }
    }
  }

  /** Lexicographer files of WordNet. */
  static final int WORDNET_CLASSES = 45;

  public SourceConfig {
    if (perClass < 0 || maxTokens < 3) {
      throw new IllegalArgumentException("samples per class must be >= 0 and tokens >= 3");
    }
  }

  static final Section SECTION =
      new Section("Source proxy") {
        @Override
        void check(Values values, Problems problems) {
          if (!values.has(KIND, PATH, POOLING)) {
            return;
          }
          boolean parquet = values.get(KIND) == Kind.PARQUET;
          if (!parquet && values.get(POOLING) != TagPooling.SENTENCE) {
            problems.add(
                values.quote(POOLING)
                    + " but only pools texts of source.kind = parquet: remove it");
          }
          if (parquet && values.get(PATH).isEmpty()) {
            problems.add(
                values.quote(KIND) + " but source.path is empty: name the set of texts or images");
          }
          if (!parquet && !values.get(PATH).isEmpty()) {
            problems.add(
                values.quote(PATH) + " but is only read with source.kind = parquet: remove it");
          }
        }
      };

  static final Key<Kind> KIND =
      SECTION.add(
          Key.choice(
              Kind.class,
              "source.kind",
              "`wordnet` for the WordNet 3.1 glosses that come with the job, `parquet` for your"
                  + " own samples: texts in the columns text/label or tokens/tags, or, for encoders"
                  + " of images, encoded images with a label"));
  static final Key<String> PATH =
      SECTION.add(
          Key.of(
              new ValueType.Location(true),
              "source.path",
              "Parquet file or directory; only with `source.kind = parquet`"));
  static final Key<TagPooling> POOLING =
      SECTION.add(
          Key.choice(
              TagPooling.class,
              "source.pooling",
              "What a text is where every token has a class of its own (columns tokens/tags):"
                  + " `sentence` for the whole row with the class of most of its tokens, `span` for"
                  + " each run of tokens of one class; only with `source.kind = parquet`"));
  static final Key<Integer> PER_CLASS =
      SECTION.add(
          Key.atLeast(
              0,
              "source.per-class",
              "At most this many samples of a class for source batches; 0 for all"));
  static final Key<Integer> MAX_TOKENS =
      SECTION.add(
          Key.between(
              3, 4096, "source.max-tokens", "Longest text in tokens, special tokens included"));
  static final Key<Integer> TOKENIZER_SECONDS =
      SECTION.add(
          Key.atLeast(
              1,
              "source.tokenizer.seconds",
              "Time limit in seconds for tokenising the source texts, which a separate process"
                  + " does"));
  static final Key<Integer> TOKENIZER_MEMORY =
      SECTION.add(
          Key.atLeast(
              TokenizerLimits.LEAST_MEBIBYTES,
              "source.tokenizer.memory",
              "Memory limit of that process in MiB, on top of the driver's"));
  static final Key<Integer> PROBE_TRAIN =
      SECTION.add(
          Key.atLeast(
              1,
              "source.probe.train-per-class",
              "At most this many samples of a class fit the retention probe"));
  static final Key<Integer> PROBE_TEST =
      SECTION.add(
          Key.atLeast(
              1,
              "source.probe.test-per-class",
              "At most this many samples of a class score the probe"));

  static SourceConfig from(Values values) {
    return new SourceConfig(
        new SourceSet(values.get(KIND), values.get(PATH), values.get(POOLING)),
        values.get(PER_CLASS),
        values.get(MAX_TOKENS),
        new TokenizerLimits(values.get(TOKENIZER_SECONDS), values.get(TOKENIZER_MEMORY)),
        new Probe(values.get(PROBE_TRAIN), values.get(PROBE_TEST)));
  }
}
