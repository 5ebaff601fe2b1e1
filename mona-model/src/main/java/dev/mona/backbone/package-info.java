/**
 * Pretrained encoders behind their embeddings, f_theta: they declare their parameters and record
 * their function. Depends on {@code nn}.
 */
@NullMarked
package dev.mona.backbone;

import org.jspecify.annotations.NullMarked;
