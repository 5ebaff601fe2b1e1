package dev.mona.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.SmallModel;
import dev.mona.compute.TestDevice;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.Bert;
import dev.mona.encoder.SourceClassifier;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.hypergradient.Estimator;
import dev.mona.learner.Alignment;
import dev.mona.learner.Augmentation;
import dev.mona.learner.FinetuningOptions;
import dev.mona.learner.FrozenModel;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.NonFinite;
import dev.mona.learner.Replay;
import dev.mona.learner.SourceOptions;
import dev.mona.learner.StageOptions;
import dev.mona.learner.StagePlan;
import dev.mona.learner.Stages;
import dev.mona.learner.TargetOptions;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.OuterPoint;
import dev.mona.metalearning.Strength;
import dev.mona.network.Initializer;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Pooling;
import dev.mona.objective.OuterOptions;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.optimizer.Sgd;
import dev.mona.source.SourceTexts;
import dev.mona.source.TextBatch;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.WeightTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Retention and the forgetting gap against {@link ReferenceModel} and {@link ReferenceProbe}. */
class RetentionTest {
  private static final long SEED = 31;
  private static final int CLASSES = 4;
  private static final int BATCHES = 3;
  private static final int KERNEL = 3;
  private static final double T = 1.5;
  private static final double ALPHA = 0.3;
  private static final Bert CONFIG =
      new Bert(
          Bert.Variant.BERT,
          new TransformerShape(6, 2, 3, 10, 1e-5),
          new TextTables(SmallModel.VOCABULARY, 20, 2, 0));

  private final PretrainedWeights weights = SmallModel.weights(CONFIG, SEED);
  private final TaskSpec task = SmallModel.task(TaskKind.CLASSIFICATION);
  private final SourceTexts probeTrain = SmallModel.texts(CLASSES, 9, SEED + 1);
  private final SourceTexts probeTest = SmallModel.texts(CLASSES, 12, SEED + 2);
  private final FrozenModel frozen = frozen(weights);
  private final ReferenceModel reference = new ReferenceModel(weights);
  private final ReferenceModel.Group pretrained = encoder(weights.encoder());

  /** What an encoder may have become: every parameter has moved. */
  private final float[] trained = moved(weights.encoder());

  private FrozenModel frozen(PretrainedWeights weights) {
    StageOptions stage =
        new StageOptions(
            1, 4, 1, new OptimizerOptions(new Sgd(0, 0), 0.1, 0), new ScheduleOptions(0, 0));
    MetaStepOptions step =
        new MetaStepOptions(
            new Strength.Ratio(ALPHA, 1),
            Estimator.EXACT,
            new OuterPoint.Virtual(1),
            MetaStepOptions.HeadGradient.INNER);
    StagePlan plan =
        new StagePlan(
            new Stages(stage, stage, stage),
            new Alignment.Bilevel(step, false),
            FinetuningOptions.ALL);
    OuterOptions outer = new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, T, 0.1);
    return FrozenModel.of(
        new LearnerOptions(
            SEED,
            new TargetOptions(task, embedder(), Augmentation.NONE),
            plan,
            new SourceOptions(3, 2, outer, ALPHA, Replay.NONE),
            NonFinite.STOP),
        weights,
        SmallModel.texts(CLASSES, 8, SEED + 3),
        TestDevice.floats());
  }

  private static EmbedderOptions embedder() {
    return new EmbedderOptions(KERNEL, 64, EmbedderOptions.Init.RANDOM);
  }

  private static float[] moved(float[] from) {
    Random random = new Random(SEED);
    float[] to = from.clone();
    for (int i = 0; i < to.length; i++) {
      to[i] += (float) (0.3 * random.nextGaussian());
    }
    return to;
  }

  private ReferenceModel.Group encoder(float[] flat) {
    return ReferenceModel.Group.of(frozen.network().layout(ParameterGroup.ENCODER), flat);
  }

  private double[][] represent(ReferenceModel.Group encoder, SourceTexts texts) {
    double[][] z = new double[texts.size()][];
    for (int i = 0; i < z.length; i++) {
      int[] text = Arrays.copyOfRange(texts.tokens(), texts.offsets()[i], texts.offsets()[i + 1]);
      z[i] = reference.represent(encoder, text);
    }
    return z;
  }

  /** Mean over the fixed batches, which have keys that no training batch has. */
  private double outerLoss(ReferenceModel.Group encoder) {
    double sum = 0;
    for (int b = 0; b < BATCHES; b++) {
      TextBatch batch = (TextBatch) frozen.source().sampler().batch(-1, b);
      double[][] z = new double[batch.size()][];
      for (int i = 0; i < z.length; i++) {
        int from = i * batch.length();
        z[i] =
            reference.represent(
                encoder, Arrays.copyOfRange(batch.tokens(), from, from + batch.lengths()[i]));
      }
      sum += alignment(z, batch.labels()) + uniformity(z);
    }
    return sum / BATCHES;
  }

  private static double alignment(double[][] z, int[] labels) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < z.length; i++) {
      for (int j = 0; j < i; j++) {
        if (labels[i] == labels[j]) {
          sum += 2 - 2 * ReferenceModel.dot(z[i], z[j]);
          pairs++;
        }
      }
    }
    return sum / pairs;
  }

  private static double uniformity(double[][] z) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < z.length; i++) {
      for (int j = 0; j < i; j++) {
        sum += Math.exp(-T * (2 - 2 * ReferenceModel.dot(z[i], z[j])));
        pairs++;
      }
    }
    return Math.log(sum / pairs);
  }

  @Test
  void outerLossIsTheMeanOverFixedBatches() {
    try (SourceRetention retention =
        new SourceRetention(frozen, TestDevice.floats(), probeTrain, probeTest, BATCHES)) {
      double before = outerLoss(pretrained);
      double after = outerLoss(encoder(trained));
      assertThat(retention.measure(weights.encoder()).outerLoss()).isCloseTo(before, within(2e-6));
      assertThat(retention.measure(trained).outerLoss()).isCloseTo(after, within(2e-6));
      assertThat(retention.measure(weights.encoder()).outerLoss())
          .as("measuring leaves nothing behind")
          .isCloseTo(before, within(2e-6));
      assertThat(Math.abs(after - before)).isGreaterThan(1e-3);
    }
  }

  /** The probe of the pretrained encoder scores the trained one, standardised as it was fitted. */
  @Test
  void theProbeIsNotRefitted() {
    double[][] train = represent(pretrained, probeTrain);
    double[][] test = represent(pretrained, probeTest);
    double[][] trainedTest = represent(encoder(trained), probeTest);
    ReferenceProbe probe = ReferenceProbe.fit(train, probeTrain.labels(), CLASSES);
    ReferenceProbe refitted =
        ReferenceProbe.fit(represent(encoder(trained), probeTrain), probeTrain.labels(), CLASSES);
    double kept = probe.error(trainedTest, probeTest.labels());
    double anew = refitted.error(trainedTest, probeTest.labels());
    try (SourceRetention retention =
        new SourceRetention(frozen, TestDevice.floats(), probeTrain, probeTest, BATCHES)) {
      assertThat(retention.measure(weights.encoder()).probeError())
          .isEqualTo(probe.error(test, probeTest.labels()));
      assertThat(retention.measure(trained).probeError()).isEqualTo(kept);
      RetentionChange change = retention.change(trained);
      assertThat(change.before()).isEqualTo(retention.measure(weights.encoder()));
      assertThat(change.after()).isEqualTo(retention.measure(trained));
      assertThat(change.refittedProbeError()).isEqualTo(anew);
      assertThat(retention.change(trained)).as("again").isEqualTo(change);
      assertThat(retention.measure(trained).probeError())
          .as("refitting left the probe alone")
          .isEqualTo(kept)
          .isNotEqualTo(anew);
    }
  }

  @Test
  void classesAreAsFarApartAsTheLoopsSay() {
    double[][] z = represent(encoder(trained), probeTest);
    double[][] centres = new double[CLASSES][CONFIG.shape().width()];
    double[] spreads = new double[CLASSES];
    int perClass = z.length / CLASSES;
    for (int i = 0; i < z.length; i++) {
      for (int w = 0; w < z[i].length; w++) {
        centres[probeTest.labels()[i]][w] += z[i][w] / perClass;
      }
    }
    for (int i = 0; i < z.length; i++) {
      spreads[probeTest.labels()[i]] += distance(z[i], centres[probeTest.labels()[i]]) / perClass;
    }
    double index = 0;
    for (int a = 0; a < CLASSES; a++) {
      double worst = 0;
      for (int b = 0; b < CLASSES; b++) {
        if (a != b) {
          worst = Math.max(worst, (spreads[a] + spreads[b]) / distance(centres[a], centres[b]));
        }
      }
      index += worst / CLASSES;
    }
    try (SourceRetention retention =
        new SourceRetention(frozen, TestDevice.floats(), probeTrain, probeTest, BATCHES)) {
      assertThat(retention.measure(trained).daviesBouldin()).isCloseTo(index, within(1e-4 * index));
    }
  }

  private static double distance(double[] a, double[] b) {
    double[] difference = new double[a.length];
    Arrays.setAll(difference, w -> a[w] - b[w]);
    return Math.sqrt(ReferenceModel.dot(difference, difference));
  }

  /** The step follows differences of the loss, one parameter of the encoder after the other. */
  @Test
  void theGapIsWhatOneStepOfFixedLengthDoesToTheOuterLoss() {
    Map<ParameterGroup, float[]> initial =
        Initializer.initial(frozen.network(), embedder(), weights, SEED);
    float[] embedder = Objects.requireNonNull(initial.get(ParameterGroup.EMBEDDER));
    float[] head = Objects.requireNonNull(initial.get(ParameterGroup.HEAD));
    SampleBlock batch = SmallModel.samples(task, 4, SEED);
    ParameterLayout layout = pretrained.layout();
    double[] gradient = new double[pretrained.values().length];
    for (int i = 0; i < gradient.length; i++) {
      double step = 1e-5;
      double[] plus = pretrained.values().clone();
      double[] minus = pretrained.values().clone();
      plus[i] += step;
      minus[i] -= step;
      gradient[i] =
          (taskLoss(embedder, new ReferenceModel.Group(layout, plus), head, batch)
                  - taskLoss(embedder, new ReferenceModel.Group(layout, minus), head, batch))
              / (2 * step);
    }
    double norm = Math.sqrt(ReferenceModel.dot(gradient, gradient));
    double[] moved = pretrained.values().clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] -= ALPHA * gradient[i] / norm;
    }
    double gap = outerLoss(new ReferenceModel.Group(layout, moved)) - outerLoss(pretrained);
    try (SourceRetention retention =
            new SourceRetention(frozen, TestDevice.floats(), probeTrain, probeTest, BATCHES);
        ForgettingGap measured = new ForgettingGap(frozen, retention, batch)) {
      retention.measure(trained);
      assertThat(measured.measure(embedder, head)).isCloseTo(gap, within(5e-6));
      assertThat(measured.measure(embedder, head)).as("again").isCloseTo(gap, within(5e-6));
    }
    assertThat(Math.abs(gap)).isGreaterThan(1e-3);
  }

  private double taskLoss(
      float[] embedder, ReferenceModel.Group encoder, float[] head, SampleBlock batch) {
    ReferenceModel.Group phi =
        ReferenceModel.Group.of(frozen.network().layout(ParameterGroup.EMBEDDER), embedder);
    ReferenceModel.Group h =
        ReferenceModel.Group.of(frozen.network().layout(ParameterGroup.HEAD), head);
    double sum = 0;
    int features = task.featureLength();
    for (int i = 0; i < batch.size(); i++) {
      float[] sample = Arrays.copyOfRange(batch.features(), i * features, (i + 1) * features);
      sum +=
          reference.loss(
              phi, encoder, h, sample, task.shape().channels(), KERNEL, (int) batch.labels()[i]);
    }
    return sum / batch.size();
  }

  private float[] initialEmbedder() {
    return Objects.requireNonNull(
        Initializer.initial(frozen.network(), embedder(), weights, SEED)
            .get(ParameterGroup.EMBEDDER));
  }

  private double[] representTarget(float[] embedder, SampleBlock samples, int i) {
    return ReferenceModel.mean(encodeTarget(embedder, samples, i));
  }

  private double[][] encodeTarget(float[] embedder, SampleBlock samples, int i) {
    ReferenceModel.Group phi =
        ReferenceModel.Group.of(frozen.network().layout(ParameterGroup.EMBEDDER), embedder);
    int n = task.featureLength();
    float[] sample = Arrays.copyOfRange(samples.features(), i * n, (i + 1) * n);
    return reference.encodeTarget(phi, pretrained, sample, task.shape().channels(), KERNEL);
  }

  /** The least cost over all maps of 3 target to 4 source classes, and what it comes to. */
  private static double discrepancy(double[][] logits, int[] labels) {
    double least = Double.POSITIVE_INFINITY;
    double value = Double.NaN;
    for (int map = 0; map < CLASSES * CLASSES * CLASSES; map++) {
      int[] to = {map % CLASSES, map / CLASSES % CLASSES, map / CLASSES / CLASSES};
      if (to[0] == to[1] || to[1] == to[2] || to[0] == to[2]) {
        continue;
      }
      double cost = 0;
      double kept = 0;
      for (int i = 0; i < labels.length; i++) {
        double all = Arrays.stream(logits[i]).map(Math::exp).sum();
        double matched = 0;
        for (int s : to) {
          matched += Math.exp(logits[i][s]);
        }
        cost -= Math.log(Math.exp(logits[i][to[labels[i]]]) / all) / labels.length;
        kept -= Math.log(Math.exp(logits[i][to[labels[i]]]) / matched) / labels.length;
      }
      if (cost < least) {
        least = cost;
        value = kept;
      }
    }
    return value;
  }

  private static int[] labels(SampleBlock samples) {
    int[] labels = new int[samples.size()];
    Arrays.setAll(labels, i -> (int) samples.labels()[i]);
    return labels;
  }

  /** More samples than a batch; the probe reads representations of length 1. */
  @Test
  void discrepancyIsThatOfTheProbeUnderTheCheapestMap() {
    SampleBlock samples = SmallModel.samples(task, 70, SEED + 4);
    ReferenceProbe probe =
        ReferenceProbe.fit(represent(pretrained, probeTrain), probeTrain.labels(), CLASSES);
    try (SourceRetention retention =
            new SourceRetention(frozen, TestDevice.floats(), probeTrain, probeTest, BATCHES);
        DiscrepancyMeasure measure = new DiscrepancyMeasure(frozen, retention, samples)) {
      for (float[] embedder : List.of(initialEmbedder(), moved(initialEmbedder()))) {
        double[][] logits = new double[samples.size()][];
        for (int i = 0; i < logits.length; i++) {
          double[] z = representTarget(embedder, samples, i);
          double length = Math.sqrt(ReferenceModel.dot(z, z));
          Arrays.setAll(z, w -> z[w] / length);
          logits[i] = probe.logits(z);
        }
        assertThat(measure.measure(embedder))
            .hasValueCloseTo(discrepancy(logits, labels(samples)), within(1e-4));
      }
    }
  }

  /** What a classifier reads, of tokens that are all on the map. */
  private static double[] pooled(Pooling pooling, double[][] tokens) {
    double[] mean = ReferenceModel.mean(tokens);
    return switch (pooling) {
      case MEAN -> mean;
      case FIRST -> tokens[0];
      case FIRST_TWO -> sideBySide(tokens[0], tokens[1]);
      case FIRST_AND_MAP -> sideBySide(tokens[0], mean);
    };
  }

  private static double[] sideBySide(double[] left, double[] right) {
    return DoubleStream.concat(Arrays.stream(left), Arrays.stream(right)).toArray();
  }

  /** The checkpoint's own classifier reads what it was made for as it is. */
  @ParameterizedTest
  @EnumSource
  void discrepancyIsThatOfTheClassifierWhereThereIsOne(Pooling pooling) {
    int width = pooling.parts() * CONFIG.shape().width();
    Random random = new Random(SEED + 5);
    float[] weight = new float[CLASSES * width];
    float[] bias = new float[CLASSES];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextGaussian();
    }
    for (int k = 0; k < CLASSES; k++) {
      bias[k] = (float) random.nextGaussian();
    }
    SourceClassifier classifier =
        new SourceClassifier(
            new WeightTensor("classifier.weight", new long[] {CLASSES, width}, weight),
            new WeightTensor("classifier.bias", new long[] {CLASSES}, bias),
            pooling);
    FrozenModel classified =
        frozen(
            new PretrainedWeights(
                weights.shape(), weights.encoder(), weights.embeddings(), classifier));
    SampleBlock samples = SmallModel.samples(task, 20, SEED + 6);
    float[] embedder = initialEmbedder();
    double[][] logits = new double[samples.size()][CLASSES];
    for (int i = 0; i < logits.length; i++) {
      double[] z = pooled(pooling, encodeTarget(embedder, samples, i));
      for (int k = 0; k < CLASSES; k++) {
        logits[i][k] = bias[k];
        for (int w = 0; w < width; w++) {
          logits[i][k] += weight[k * width + w] * z[w];
        }
      }
    }
    try (SourceRetention retention =
            new SourceRetention(classified, TestDevice.floats(), probeTrain, probeTest, BATCHES);
        DiscrepancyMeasure measure = new DiscrepancyMeasure(classified, retention, samples)) {
      assertThat(measure.measure(embedder))
          .hasValueCloseTo(discrepancy(logits, labels(samples)), within(1e-5));
    }
  }

  /** Both kinds of samples, as one encoder sees them: unit means of tokens. */
  @Test
  void samplesOfBothModalitiesAreRepresentedByThePretrainedEncoder() {
    SampleBlock samples = SmallModel.samples(task, 70, SEED + 4);
    float[] phi = moved(initialEmbedder());
    try (SourceRetention retention =
            new SourceRetention(frozen, TestDevice.floats(), probeTrain, probeTest, BATCHES);
        DiscrepancyMeasure measure = new DiscrepancyMeasure(frozen, retention, samples)) {
      retention.measure(trained);
      Represented source = retention.represent(5);
      Represented target = measure.represent(phi, 3);
      double[][] all = represent(pretrained, probeTest);
      assertThat(source.size()).isEqualTo(5);
      assertThat(target.size()).isEqualTo(3);
      for (int i = 0; i < 5; i++) {
        int chosen = i * probeTest.size() / 5;
        assertRow(source, i, all[chosen]);
        assertThat(source.labels().get(i))
            .isEqualTo(probeTest.classNames().get(probeTest.labels()[chosen]));
      }
      for (int i = 0; i < 3; i++) {
        double[] z = representTarget(phi, samples, i);
        double length = Math.sqrt(ReferenceModel.dot(z, z));
        assertRow(target, i, Arrays.stream(z).map(v -> v / length).toArray());
        assertThat(target.labels().get(i)).isEqualTo(String.valueOf((int) samples.labels()[i]));
      }
      assertThat(measure.represent(phi, 100).size()).isEqualTo(70);
      assertThat(retention.represent(1000).size()).isEqualTo(probeTest.size());
    }
  }

  private static void assertRow(Represented represented, int i, double[] expected) {
    for (int w = 0; w < represented.width(); w++) {
      assertThat((double) represented.rows()[i * represented.width() + w])
          .isCloseTo(expected[w], within(2e-5));
    }
  }

  @Test
  void discrepancyIsNotDefinedForMoreTargetClasses() {
    SourceTexts two = SmallModel.texts(2, 9, SEED);
    SampleBlock samples = SmallModel.samples(task, 10, SEED);
    try (SourceRetention retention =
            new SourceRetention(frozen, TestDevice.floats(), two, two, BATCHES);
        DiscrepancyMeasure measure = new DiscrepancyMeasure(frozen, retention, samples)) {
      assertThat(measure.measure(initialEmbedder())).isEmpty();
    }
  }

  @Test
  void discrepancyIsNotDefinedForValuesThatOverflow() {
    float[] overflowing = initialEmbedder().clone();
    Arrays.fill(overflowing, Float.MAX_VALUE);
    SampleBlock samples = SmallModel.samples(task, 10, SEED);
    try (SourceRetention retention =
            new SourceRetention(frozen, TestDevice.floats(), probeTrain, probeTest, BATCHES);
        DiscrepancyMeasure measure = new DiscrepancyMeasure(frozen, retention, samples)) {
      assertThat(measure.measure(overflowing)).isEmpty();
      assertThat(measure.measure(initialEmbedder())).isPresent();
    }
  }
}
