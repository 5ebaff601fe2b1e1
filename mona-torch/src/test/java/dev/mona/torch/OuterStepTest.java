package dev.mona.torch;

import static dev.mona.torch.Members.device;
import static dev.mona.torch.Members.together;
import static dev.mona.torch.Members.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Array;
import dev.mona.compute.Collective;
import dev.mona.compute.Device;
import dev.mona.compute.ElementType;
import dev.mona.compute.Nesterov;
import dev.mona.compute.OuterShare;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outer steps on the means of members that are threads of this process. */
class OuterStepTest {
  private static final Nesterov OUTER = new Nesterov(0.7, 0.9);
  private static final int[] LENGTHS = {1, 3, 4, 7, 17, 33, 10_007};

  /** Parameters and velocity of a member. */
  private record Stepped(List<float[]> parameters, float[] velocity) {}

  /**
   * Three rounds, before the last of which the velocity is handed over and taken up again. The
   * first member has it at the end, the last one at the start.
   */
  private static Stepped stepped(Collective member, Device device, int[] lengths, long[] weights) {
    int last = member.size() - 1;
    int all = Arrays.stream(lengths).sum();
    List<Array> arrays = Arrays.stream(lengths).mapToObj(n -> device.of(values(90, n), n)).toList();
    float[] first = member.rank() == last ? values(91, all) : new float[0];
    OuterShare share = member.share(arrays, OUTER, first, last);
    for (int round = 0; round < 3; round++) {
      if (round == 2) {
        share = member.share(arrays, OUTER, member.velocity(arrays, share, 0), 0);
      }
      for (int i = 0; i < lengths.length; i++) {
        arrays.get(i).put(values(10 * round + member.rank(), lengths[i]), 0);
      }
      assertThat(member.step(arrays, weights, share)).isTrue();
    }
    float[] velocity = member.velocity(arrays, share, 0);
    return new Stepped(arrays.stream().map(Array::toFloats).toList(), velocity);
  }

  /** The same in plain loops. */
  private static Stepped plainly(int[] lengths, long[] weights) {
    List<float[]> parameters = new ArrayList<>();
    float[] velocity = values(91, Arrays.stream(lengths).sum());
    int at = 0;
    for (int length : lengths) {
      float[] x = values(90, length);
      for (int round = 0; round < 3; round++) {
        float[] mean = Members.meanFrom(10 * round, length, weights);
        for (int i = 0; i < length; i++) {
          double d = (double) x[i] - mean[i];
          velocity[at + i] = (float) (0.9 * velocity[at + i] + d);
          x[i] = (float) (x[i] - 0.7 * (d + 0.9 * velocity[at + i]));
        }
      }
      parameters.add(x);
      at += length;
    }
    return new Stepped(parameters, velocity);
  }

  private static void assertSame(List<Stepped> found, Stepped expected) {
    for (Stepped member : found) {
      for (int i = 0; i < expected.parameters().size(); i++) {
        assertThat(Arrays.equals(member.parameters().get(i), expected.parameters().get(i)))
            .as("array %d", i)
            .isTrue();
      }
    }
    assertThat(Arrays.equals(found.get(0).velocity(), expected.velocity())).isTrue();
    assertThat(found.stream().skip(1)).allMatch(member -> member.velocity().length == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "torch, FLOAT, 2",
    "torch, FLOAT, 3",
    "nd4j, FLOAT, 1",
    "nd4j, FLOAT, 3",
    "nd4j, DOUBLE, 2"
  })
  void takesOuterStepsOnTheMean(String engine, ElementType type, int size) throws Exception {
    long[] weights = Arrays.copyOf(new long[] {5, 12, 7}, size);
    assertSame(
        together(size, member -> stepped(member, device(engine, type), LENGTHS, weights)),
        plainly(LENGTHS, weights));
  }

  /** Two parts and an end, between arrays that are shorter. */
  @Test
  void takesOuterStepsOnWhatIsExchangedInParts() throws Exception {
    int[] lengths = {5, Part.LONGEST + 12_346, 4};
    long[] weights = {3, 0, 2};
    assertSame(
        together(
            3, member -> stepped(member, device("torch", ElementType.FLOAT), lengths, weights)),
        plainly(lengths, weights));
  }

  /** The mean is finite, the step on it at one member is not. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6})
  void allMembersKnowWhereAStepIsNotFinite(int at) throws Exception {
    List<Boolean> finite =
        together(
            2,
            member -> {
              float[] values = values(1, 7);
              values[at] = -Float.MAX_VALUE;
              Array array = device("torch", ElementType.FLOAT).of(values, 7);
              OuterShare share = member.share(List.of(array), OUTER, new float[7], 0);
              values[at] = Float.MAX_VALUE;
              array.put(values, 0);
              return member.step(List.of(array), new long[] {1, 1}, share);
            });
    assertThat(finite).containsExactly(false, false);
  }
}
