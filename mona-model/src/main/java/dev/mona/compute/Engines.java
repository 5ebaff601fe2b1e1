package dev.mona.compute;

import dev.mona.MonaException;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The engines on the class path. */
public final class Engines {
  private Engines() {}

  /** All engines, by name. */
  public static List<Engine> all() {
    return ServiceLoader.load(Engine.class, Engine.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(Engine::name))
        .toList();
  }

  /**
   * The engine of a name.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} naming the engines there are
   */
  public static Engine named(String name) {
    return all().stream()
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new MonaException(
                    MonaException.Category.ENVIRONMENT,
                    "the engine "
                        + name
                        + " is not on the class path, which has "
                        + all().stream().map(Engine::name).collect(Collectors.joining(", "))
                        + ": use a jar that was built with the profile of that engine"));
  }
}
