package dev.mona.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class the {@link MiniDFSCluster} of the test run, with one data node, as a parameter
 * of its constructor or methods. It starts when the first class asks for it and stops after the
 * last one. Each class keeps to a folder of its own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnHdfs.Shared.class)
public @interface OnHdfs {

  /** Keeps the one cluster of the test run. */
  final class Shared implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(MiniDFSCluster.class);

    private record Kept(MiniDFSCluster cluster) implements AutoCloseable {
      static Kept start() {
        try {
          Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
          Configuration configuration = new Configuration();
          configuration.set(
              MiniDFSCluster.HDFS_MINIDFS_BASEDIR,
              Files.createTempDirectory(target, "hdfs-").toString());
          MiniDFSCluster cluster =
              new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
          cluster.waitActive();
          return new Kept(cluster);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void close() {
        cluster.shutdown(true);
      }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == MiniDFSCluster.class;
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
