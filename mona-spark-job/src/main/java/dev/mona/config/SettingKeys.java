package dev.mona.config;

import dev.mona.MonaException;
import dev.mona.Setting;
import java.util.stream.Collectors;

/** The keys under which users write the settings that the model knows. */
public final class SettingKeys {
  private SettingKeys() {}

  /** What a failure says, and the keys of what the user can change. */
  public static String sentence(MonaException failure) {
    String message = String.valueOf(failure.getMessage());
    return failure.settings().isEmpty()
        ? message
        : failure.settings().stream()
            .map(setting -> of(setting).path())
            .collect(Collectors.joining(", ", message + " (", ")"));
  }

  private static Key<?> of(Setting setting) {
    return switch (setting) {
      case IMAGE_SIZE -> BackboneConfig.IMAGE_SIZE;
      case KERNEL -> Schema.EMBEDDER.kernel;
      case TARGET_LENGTH -> Schema.EMBEDDER.targetLength;
      case SOURCE -> SourceConfig.PATH;
      case SOURCE_TOKENS -> SourceConfig.MAX_TOKENS;
      case SOURCE_SAMPLES -> SourceConfig.PER_CLASS;
      case SOURCE_CLASSES -> Schema.ALIGNMENT.classes;
      case LOSS -> TaskConfig.LOSS;
      case CLASS_WEIGHTS -> TaskConfig.CLASS_WEIGHTS;
      case AUGMENTATION -> TaskConfig.AUGMENTATION;
    };
  }
}
