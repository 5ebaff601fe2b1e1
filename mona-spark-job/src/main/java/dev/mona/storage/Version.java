package dev.mona.storage;

/** The version of this software. */
public final class Version {
  private Version() {}

  /** What the build wrote into the jar; {@code development} outside one. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
