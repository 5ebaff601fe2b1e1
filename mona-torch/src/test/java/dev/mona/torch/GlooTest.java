package dev.mona.torch;

import static dev.mona.torch.Members.device;
import static dev.mona.torch.Members.together;
import static dev.mona.torch.Members.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.ElementType;
import dev.mona.compute.LostMemberException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that are threads of this process, over the loopback device. */
class GlooTest {
  private static final int[] LENGTHS = {1, 3, 4, 7, 17, 33, 10_007};

  @ParameterizedTest
  @CsvSource({
    "torch, FLOAT, 2",
    "torch, FLOAT, 3",
    "nd4j, FLOAT, 1",
    "nd4j, FLOAT, 2",
    "nd4j, FLOAT, 3",
    "torch, DOUBLE, 3",
    "nd4j, DOUBLE, 2"
  })
  void takesTheMeanInPlace(String engine, ElementType type, int size) throws Exception {
    long[] weights = Arrays.copyOf(new long[] {5, 12, 7}, size);
    List<List<float[]>> found =
        together(
            size,
            member -> {
              Device device = device(engine, type);
              List<Array> arrays =
                  Arrays.stream(LENGTHS)
                      .mapToObj(n -> device.of(values(member.rank(), n), n))
                      .toList();
              assertThat(member.mean(arrays, weights)).isTrue();
              return arrays.stream().map(Array::toFloats).toList();
            });
    for (List<float[]> of : found) {
      for (int i = 0; i < LENGTHS.length; i++) {
        assertThat(of.get(i))
            .as("%d values", LENGTHS[i])
            .containsExactly(Members.meanFrom(0, LENGTHS[i], weights));
      }
    }
  }

  /** Two parts, of which the second is short, and an end. */
  @Test
  void takesTheMeanOfWhatIsExchangedInParts() throws Exception {
    int length = Part.LONGEST + 12_346;
    float[] expected = Members.meanFrom(0, length, 3, 0, 2);
    List<float[]> found =
        together(
            3,
            member -> {
              Array array =
                  device("torch", ElementType.FLOAT).of(values(member.rank(), length), length);
              assertThat(member.mean(List.of(array), new long[] {3, 0, 2})).isTrue();
              return array.toFloats();
            });
    for (float[] of : found) {
      assertThat(Arrays.equals(of, expected)).isTrue();
    }
  }

  /** Who has no examples takes over what the others have, minus zeros and all. */
  @Test
  void theMeanOfOneIsThatOne() throws Exception {
    float[] own = {-0f, 1.5f, Float.MIN_VALUE, -0f, 7, 8, 9};
    List<float[]> found =
        together(
            3,
            member -> {
              float[] mine = member.rank() == 1 ? own : new float[own.length];
              Array array = device("nd4j", ElementType.FLOAT).of(mine, mine.length);
              assertThat(member.mean(List.of(array), new long[] {0, 4, 0})).isTrue();
              return array.toFloats();
            });
    for (float[] of : found) {
      assertThat(of).containsExactly(own);
      assertThat(Float.floatToRawIntBits(of[0])).isEqualTo(Float.floatToRawIntBits(-0f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6})
  void allMembersKnowWhereSomethingIsNotFinite(int at) throws Exception {
    List<Boolean> finite =
        together(
            2,
            member -> {
              float[] values = values(member.rank(), 7);
              if (member.rank() == 1) {
                values[at] = Float.NEGATIVE_INFINITY;
              }
              return member.mean(
                  List.of(device("torch", ElementType.FLOAT).of(values, 7)), new long[] {1, 1});
            });
    assertThat(finite).containsExactly(false, false);
  }

  @Test
  void refusesAMeanOfNothing() throws Exception {
    together(
        2,
        member -> {
          assertThatThrownBy(() -> member.mean(List.of(), new long[] {0, 0}))
              .isInstanceOf(IllegalArgumentException.class);
          return 0;
        });
  }

  @Test
  void spreadsTheValuesOfOneAndGathersBytesOfAll() throws Exception {
    together(
        3,
        member -> {
          Array array = device("nd4j", ElementType.FLOAT).of(values(member.rank(), 11), 11);
          member.broadcast(List.of(array), 2);
          assertThat(array.toFloats()).containsExactly(values(2, 11));
          byte[] own = "x".repeat(member.rank()).getBytes(StandardCharsets.UTF_8);
          assertThat(member.gather(own).stream().map(bytes -> bytes.length))
              .containsExactly(0, 1, 2);
          return 0;
        });
  }

  /** One stops waiting for the others, which see that it is gone. */
  @Test
  void aMemberThatIsCancelledLeavesAndTheOthersNotice() throws Exception {
    AtomicBoolean cancelled = new AtomicBoolean();
    List<String> ends =
        together(
            2,
            cancelled,
            member -> {
              if (member.rank() == 0) {
                assertThatThrownBy(() -> member.gather(new byte[1]))
                    .isInstanceOf(CancellationException.class);
                cancelled.set(false);
                return "left";
              }
              pause();
              cancelled.set(true);
              while (cancelled.get()) {
                pause();
              }
              assertThatThrownBy(
                      () -> {
                        member.gather(new byte[1]);
                        member.gather(new byte[1]);
                      })
                  .isInstanceOf(LostMemberException.class)
                  .hasMessageContaining("lost the connection");
              return "noticed";
            });
    assertThat(ends).containsExactly("left", "noticed");
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Addresses and ports on which this machine listens, as Linux writes them. */
  private static List<String> listening() {
    try (Stream<String> four = Files.lines(Path.of("/proc/self/net/tcp"));
        Stream<String> six = Files.lines(Path.of("/proc/self/net/tcp6"))) {
      return Stream.concat(four, six)
          .map(line -> line.strip().split("\\s+", -1))
          .filter(fields -> fields[3].equals("0A"))
          .map(fields -> fields[1])
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void listensOnItsOwnAddressOnly() throws Exception {
    List<String> before = listening();
    List<List<String>> during =
        together(
            2,
            member -> {
              List<String> now = new ArrayList<>(listening());
              member.gather(new byte[0]);
              return now;
            });
    List<String> opened = new ArrayList<>(during.get(0));
    opened.removeAll(before);
    assertThat(opened).isNotEmpty().allMatch(at -> at.startsWith("0100007F:"));
  }
}
