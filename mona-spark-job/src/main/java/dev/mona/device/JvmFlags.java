package dev.mona.device;

import java.util.List;

/** What ND4J, DL4J and Spark need of a JVM 17: packages of the JDK that reflection may open. */
public final class JvmFlags {
  /** As in {@code jvm.opens} of pom.xml. */
  public static final List<String> OPENS =
      List.of(
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.lang.reflect",
          "java.base/java.io",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.base/sun.nio.cs",
          "java.base/sun.security.action",
          "java.base/sun.util.calendar",
          "java.security.jgss/sun.security.krb5");

  private JvmFlags() {}

  /** The flag that opens a package. */
  public static String open(String opened) {
    return "--add-opens=" + opened + "=ALL-UNNAMED";
  }

  /**
   * All options of a process of the job.
   *
   * @param arrays limit of arrays outside the heap, in MiB
   */
  public static String options(long arrays) {
    return String.join(" ", OPENS.stream().map(JvmFlags::open).toList())
        + " -Djdk.reflect.useDirectMethodHandle=false -XX:+UseTransparentHugePages"
        + " -Dorg.bytedeco.javacpp.maxbytes="
        + arrays
        + "m -Dorg.bytedeco.javacpp.maxphysicalbytes=0";
  }
}
