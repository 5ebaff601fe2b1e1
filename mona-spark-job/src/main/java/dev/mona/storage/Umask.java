package dev.mona.storage;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeys;
import org.jspecify.annotations.Nullable;

/**
 * Permissions of what is written: 640 for files and 750 for directories, since runs and data sets
 * are no business of other users of a cluster. Whoever sets {@value #KEY}, in core-site.xml or as
 * {@code spark.hadoop.}{@value #KEY}, keeps theirs.
 */
public final class Umask {
  public static final String KEY = CommonConfigurationKeys.FS_PERMISSIONS_UMASK_KEY;
  private static final String DEFAULT = "027";
  private static final String HADOOPS_OWN = "core-default.xml";

  private Umask() {}

  /** What holds with these settings. */
  public static String of(Configuration configuration) {
    String @Nullable [] sources = configuration.getPropertySources(KEY);
    String set = configuration.get(KEY);
    boolean own =
        set == null
            || sources == null
            || (sources.length > 0 && sources[sources.length - 1].contains(HADOOPS_OWN));
    return own || set == null ? DEFAULT : set;
  }

  /** The same settings with this umask. */
  public static Configuration applied(Configuration configuration) {
    Configuration copy = new Configuration(configuration);
    copy.set(KEY, of(configuration), Umask.class.getName());
    return copy;
  }
}
