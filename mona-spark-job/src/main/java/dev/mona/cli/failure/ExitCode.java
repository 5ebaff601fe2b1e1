package dev.mona.cli.failure;

import dev.mona.MonaException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Exit codes of the command line. */
public enum ExitCode {
  OK(0, "success"),
  FAILURE(1, "a failure that nobody foresaw"),
  USAGE(2, "unknown option or missing argument"),
  CONFIGURATION(3, "configuration with problems"),
  DATA(4, "data that are missing or refused"),
  WEIGHTS(5, "model files that are missing or refused"),
  STORAGE(6, "file system that cannot be read or written"),
  ENVIRONMENT(7, "device, natives or memory that do not suffice, or a run that was cancelled"),
  DIVERGED(8, "training that diverged");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  static ExitCode of(MonaException.Category category) {
    return switch (category) {
      case CONFIGURATION -> CONFIGURATION;
      case DATA -> DATA;
      case WEIGHTS -> WEIGHTS;
      case STORAGE -> STORAGE;
      case ENVIRONMENT -> ENVIRONMENT;
    };
  }

  /** All codes for the help texts. */
  public static Map<String, String> list() {
    Map<String, String> list = new LinkedHashMap<>();
    for (ExitCode code : values()) {
      list.put(String.valueOf(code.code), code.meaning);
    }
    return list;
  }
}
