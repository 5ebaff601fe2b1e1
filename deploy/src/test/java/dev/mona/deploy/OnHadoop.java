package dev.mona.deploy;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives a test class a {@link HadoopCluster} as a parameter of its constructor or methods. It
 * starts when the first class asks for it and stops after the last one. One class at a time has it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnHadoop.Shared.class)
@ResourceLock("hadoop")
public @interface OnHadoop {

  /** Keeps the one cluster of the test run. */
  final class Shared implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(HadoopCluster.class);

    /** Stops the cluster at the end, also when the test run is interrupted. */
    private record Kept(HadoopCluster cluster, Thread hook) implements AutoCloseable {
      static Kept start() {
        HadoopCluster cluster = HadoopCluster.start();
        Thread hook = new Thread(cluster::close, "stop-hadoop");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Kept(cluster, hook);
      }

      @Override
      public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        cluster.close();
      }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == HadoopCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(Kept.class, key -> Kept.start(), Kept.class)
          .cluster();
    }
  }
}
