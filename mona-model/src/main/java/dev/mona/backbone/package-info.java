/** Pretrained encoders. Depends on {@code nn} and on the configurations in {@code weights}. */
@NullMarked
package dev.mona.backbone;

import org.jspecify.annotations.NullMarked;
