package dev.mona.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Bytes that the writer of TensorBoard 2.21 makes of the same events. */
class EventRecordTest {
  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /** 0xe3069283 is the published check value of CRC-32C over these digits; masked, 0xc78ab0e5. */
  @Test
  void framesHaveTheirLengthAndMaskedChecksums() {
    assertThat(EventRecord.framed("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(hex("090000000000000037f97139313233343536373839e5b08ac7"));
  }

  @Test
  void aFileBeginsWithItsVersion() {
    assertThat(EventRecord.version(1.5))
        .isEqualTo(
            hex(
                "1800000000000000a37f4b2209000000000000f83f"
                    + "1a0d627261696e2e4576656e743a322a28646c"));
  }

  @Test
  void aRestartSaysFromWhichStep() {
    assertThat(EventRecord.restart(2.25, 7))
        .isEqualTo(hex("0f000000000000006d532b0909000000000000024010073a020801e08cca7e"));
  }

  @Test
  void aValueHasItsTimeStepAndName() {
    assertThat(EventRecord.of(new Scalar("alignment/round/loss", 300, 0.1, 1_700_000_000_125L)))
        .isEqualTo(
            hex(
                "2b00000000000000861bc34b0900000840fc54d94110ac022a1d0a1b0a14"
                    + "616c69676e6d656e742f726f756e642f6c6f737315cdcccc3d2ef53b4e"));
  }
}
