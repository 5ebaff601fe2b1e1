package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.compute.Precision;
import org.junit.jupiter.api.Test;

class PeerIdTest {
  @Test
  void readsLibraryAndPrecision() {
    PeerId peer = PeerId.of("compiled:bf16");
    assertThat(peer).isEqualTo(new PeerId(PeerId.Library.COMPILED, Precision.BF16));
    assertThat(peer.title()).isEqualTo("PyTorch compiled, bf16");
    assertThatThrownBy(() -> PeerId.of("jax:bf16")).hasMessageContaining("jax:bf16 is no peer");
    assertThatThrownBy(() -> PeerId.of("torch")).hasMessageContaining("torch is no peer");
    assertThatThrownBy(() -> PeerId.of("torch:fp8")).hasMessageContaining("fp8");
  }
}
