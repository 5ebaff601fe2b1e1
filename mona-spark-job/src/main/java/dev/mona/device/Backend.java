package dev.mona.device;

import dev.mona.MonaException;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.nd4j.linalg.factory.Nd4jBackend;

/**
 * ND4J's backend on the class path, found by name: its class is loaded but not initialised, so that
 * no native library is.
 *
 * @param className the backend's class
 */
public record Backend(String className) {
  private static final String CUDA_PACKAGE = "org.nd4j.linalg.jcublas.";

  /** Whether it needs a GPU. */
  public boolean cuda() {
    return className.startsWith(CUDA_PACKAGE);
  }

  /** All backends on the class path; CUDA first, which ND4J prefers too. */
  public static List<Backend> all() {
    return ServiceLoader.load(Nd4jBackend.class, Nd4jBackend.class.getClassLoader()).stream()
        .map(provider -> new Backend(provider.type().getName()))
        .distinct()
        .sorted(Comparator.comparing(Backend::cuda).reversed().thenComparing(Backend::className))
        .toList();
  }

  /**
   * The backend that has to run.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} when there is none
   */
  public static Backend onClassPath() {
    List<Backend> all = all();
    if (all.isEmpty()) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "no ND4J backend is on the class path: use a jar that was built with the profile cpu or"
              + " cuda");
    }
    return all.get(0);
  }
}
