package dev.mona.cli;

import dev.mona.published.PublishedFormat;
import java.util.Optional;

/** What {@code --format} may be. */
enum InputForm {
  PDEBENCH(PublishedFormat.PDEBENCH),
  DARCY(PublishedFormat.DARCY),
  FSD50K(PublishedFormat.FSD50K),
  CIFAR100(PublishedFormat.CIFAR100),
  SPHERICAL(PublishedFormat.SPHERICAL),
  /** Anybody's DataFrame, in Parquet. */
  PARQUET();

  private final Optional<PublishedFormat> published;

  InputForm(PublishedFormat form) {
    published = Optional.of(form);
  }

  InputForm() {
    published = Optional.empty();
  }

  /** The form in which the set is published; empty for Parquet. */
  Optional<PublishedFormat> published() {
    return published;
  }
}
