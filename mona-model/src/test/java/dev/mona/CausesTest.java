package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CausesTest {
  private final IOException root = new IOException("root");
  private final MonaException user = new MonaException(MonaException.Category.DATA, "user", root);
  private final IllegalStateException outer = new IllegalStateException("outer", user);

  @Test
  void fromTheOutermostToTheInnermost() {
    assertThat(Causes.of(outer)).containsExactly(outer, user, root);
    assertThat(Causes.innermost(outer)).isSameAs(root);
    assertThat(Causes.innermost(root)).isSameAs(root);
    assertThat(Causes.first(outer, MonaException.class)).containsSame(user);
    assertThat(Causes.first(outer, Exception.class)).containsSame(outer);
    assertThat(Causes.first(root, MonaException.class)).isEmpty();
  }

  @Test
  void endsWhereAChainLeadsBackToItsStart() {
    Exception first = new Exception("first");
    first.initCause(new Exception("second", first));
    assertThat(Causes.of(first)).startsWith(first).hasSizeLessThan(100);
  }
}
