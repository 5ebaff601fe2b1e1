package dev.mona.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Parses the texts of one configuration within the bounds of {@link ConfigText}. A file of the
 * user's may include files, {@code include "other.conf"} beside it and {@code include
 * file("/other.conf")}, whose substitutions name the environment or keys of their own file; nothing
 * includes an address or a resource. Text that was stored with a run includes nothing and names no
 * variable: it is what it says.
 */
final class ConfigReader
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private static final int DEEPEST_INCLUDE = 4;
  private static final int MOST_INCLUDES = 32;

  private final ConfigText text = new ConfigText();

  /** The files that are being read, the innermost first. */
  private final Deque<Path> reading = new ArrayDeque<>();

  /** What the substitutions name that are left for {@link #resolve}. */
  private final List<String> names = new ArrayList<>();

  private int includes;

  /**
   * The content of a file of the user's.
   *
   * @param what what it is, for messages
   * @throws ConfigException with a sentence when it cannot be read, parsed or is beyond the bounds
   */
  Config file(Path path, String what) {
    return file(path, what, names);
  }

  private Config file(Path path, String what, List<String> named) {
    String content = content(path, what);
    named.addAll(text.check(path.toString(), content));
    reading.push(path);
    try {
      return parse(path.toString(), content);
    } finally {
      reading.pop();
    }
  }

  /** Reads once, so that what is checked is what is parsed, also of a pipe. */
  private static String content(Path path, String what) {
    if (!Files.exists(path)) {
      throw new ConfigException.Generic(what + " " + path + " does not exist: check the path");
    }
    if (Files.isDirectory(path)) {
      throw new ConfigException.Generic(what + " " + path + " is a folder: name a file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(ConfigLayers.LARGEST + 1);
      if (bytes.length > ConfigLayers.LARGEST) {
        throw new ConfigException.Generic(
            what + " " + path + " is larger than 1 MiB: this is no configuration");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IOException e) {
      throw new ConfigException.Generic(
          what + " " + path + " cannot be read (" + e + "): check that it is UTF-8 text", e);
    }
  }

  private Config parse(String where, String content) {
    return ConfigFactory.parseString(content, options().setOriginDescription(where));
  }

  /** The content of a user's file that was read from another file system; it includes nothing. */
  Config text(String where, String content) {
    names.addAll(text.check(where, content));
    return parse(where, content);
  }

  /** A configuration that was stored with a run. */
  Config stored(String where, String content) {
    List<String> named = text.check(where, content);
    Config parsed = parse(where, content);
    if (!named.isEmpty() || !parsed.isResolved()) {
      throw new ConfigException.Generic(
          where
              + " names a variable with ${...}, but the configuration of a run holds values"
              + " alone: put back the file that the run wrote");
    }
    return parsed;
  }

  /** Replaces the substitutions of the merged texts by what they name. */
  Config resolve(Config merged) {
    return Substitutions.resolve(merged, names);
  }

  private ConfigParseOptions options() {
    return ConfigParseOptions.defaults()
        .setSyntax(ConfigSyntax.CONF)
        .setAllowMissing(false)
        .setIncluder(this);
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    try {
      Path from = reading.peek();
      return included(context, from == null ? Path.of(what) : from.resolveSibling(what));
    } catch (InvalidPathException e) {
      throw refused("what is no path (" + e.getReason() + ")");
    }
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return include(context, what.getAbsolutePath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    throw refused("an address (" + what.getProtocol() + ")");
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    throw refused("a resource (" + what + ")");
  }

  /** Nothing is included in another way. */
  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  private ConfigObject included(ConfigIncludeContext context, Path path) {
    if (reading.isEmpty()) {
      throw refused("another file (" + path + ")");
    }
    includes++;
    if (reading.size() > DEEPEST_INCLUDE || includes > MOST_INCLUDES) {
      throw new ConfigException.Generic(
          "include of "
              + path
              + " goes beyond 32 files or 4 files within each other: put the settings in one file");
    }
    if (context.parseOptions().getAllowMissing() && !Files.exists(path)) {
      return ConfigFactory.empty().root();
    }
    List<String> named = new ArrayList<>();
    // by itself: within a section its names would be looked up in two places
    return Substitutions.resolve(file(path, "included file", named), named).root();
  }

  private ConfigException refused(String what) {
    Path from = reading.peek();
    return new ConfigException.Generic(
        (from == null ? "the configuration" : from.toString())
            + " includes "
            + what
            + ": only a file on this machine can include another one there, copy the settings"
            + " instead");
  }
}
