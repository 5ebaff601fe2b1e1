package dev.mona.job;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.config.ListenerClasses;
import dev.mona.events.RunListener;
import dev.mona.events.RunListeners;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/** Makes the listeners that {@code run.listeners} names. */
public final class UserListeners {
  private UserListeners() {}

  /**
   * Makes them, in the given order. What they do wrong later does not end the run.
   *
   * @param told told of a listener that fails
   * @throws MonaException of category CONFIGURATION when one is not there, is no listener or cannot
   *     be made
   */
  public static RunListener open(ListenerClasses classes, RunListener told) {
    List<RunListener> made = new ArrayList<>();
    try {
      for (Constructor<? extends RunListener> constructor : constructors(classes)) {
        made.add(new GuardedListener(made(constructor), told));
      }
    } catch (MonaException e) {
      RunListeners.of(made).close();
      throw e;
    }
    return RunListeners.of(made);
  }

  /**
   * Looks whether they are there, and makes none.
   *
   * @throws MonaException as {@link #open} does
   */
  public static void check(ListenerClasses classes) {
    constructors(classes);
  }

  private static List<Constructor<? extends RunListener>> constructors(ListenerClasses classes) {
    List<Constructor<? extends RunListener>> constructors = new ArrayList<>();
    classes.names().forEach(name -> constructors.add(constructor(name)));
    return constructors;
  }

  /** No code of a class runs before it is known to be a listener. */
  private static Constructor<? extends RunListener> constructor(String name) {
    Class<?> found;
    try {
      found = Class.forName(name, false, loader());
    } catch (ClassNotFoundException e) {
      throw refused(
          name,
          "is not on the driver's class path: name its jar in MONA_CLASSPATH, or give it to"
              + " spark-submit with --jars",
          e);
    } catch (LinkageError e) {
      throw refused(name, "cannot be loaded (%s): check its jar".formatted(Reason.of(e)), e);
    }
    if (!RunListener.class.isAssignableFrom(found)) {
      throw refused(
          name, "does not implement %s: name another".formatted(RunListener.class.getName()));
    }
    if (!Modifier.isPublic(found.getModifiers()) || Modifier.isAbstract(found.getModifiers())) {
      throw refused(name, "is abstract or not public: name a class that can be made");
    }
    try {
      return found.asSubclass(RunListener.class).getConstructor();
    } catch (NoSuchMethodException e) {
      throw refused(name, "has no public constructor without arguments: give it one", e);
    } catch (LinkageError e) {
      throw refused(name, "cannot be loaded (%s): check its jar".formatted(Reason.of(e)), e);
    }
  }

  /** Spark puts the jars of {@code --jars} here. */
  private static ClassLoader loader() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return loader == null ? UserListeners.class.getClassLoader() : loader;
  }

  private static RunListener made(Constructor<? extends RunListener> constructor) {
    String name = constructor.getDeclaringClass().getName();
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException | ExceptionInInitializerError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw refused(
          name,
          "failed in its constructor (%s): mend it or leave it out".formatted(Reason.of(cause)),
          cause);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw refused(name, "cannot be made (%s): check its jar".formatted(Reason.of(e)), e);
    }
  }

  private static MonaException refused(String name, String why) {
    return MonaException.configuration(sentence(name, why));
  }

  private static MonaException refused(String name, String why, Throwable cause) {
    return new MonaException(MonaException.Category.CONFIGURATION, sentence(name, why), cause);
  }

  private static String sentence(String name, String why) {
    return "run.listeners names " + name + ", which " + why;
  }
}
