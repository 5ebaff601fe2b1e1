/**
 * Families of pretrained encoders and their checkpoints. A family is one class: an {@link
 * dev.mona.encoder.Encoder} with what differs between families, listed in {@link
 * dev.mona.encoder.EncoderFamily}; no other package of the model or the job names one. Files are
 * taken as hostile, and no size in them is believed before it is checked. Depends on {@code
 * backbone}, {@code embedder}, {@code head} and {@code weights}.
 */
@NullMarked
package dev.mona.encoder;

import org.jspecify.annotations.NullMarked;
