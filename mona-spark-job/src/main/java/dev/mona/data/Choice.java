package dev.mona.data;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Some samples of a split: a pure function of stratum and id, of constant size.
 *
 * @param outside those that it takes are left out; null for none
 * @param inside of the others, those that it takes are chosen; null for all
 */
record Choice(@Nullable Threshold outside, @Nullable Threshold inside) implements Serializable {
  static final Choice ALL = new Choice(null, null);

  boolean takes(int stratum, long id) {
    return (outside == null || !outside.takes(stratum, id))
        && (inside == null || inside.takes(stratum, id));
  }
}
