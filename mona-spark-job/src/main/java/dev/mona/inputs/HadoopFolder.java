package dev.mona.inputs;

import dev.mona.encoder.ModelFolder;
import dev.mona.storage.Location;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A model folder on any file system that Hadoop knows. */
record HadoopFolder(FileSystem files, Path path) implements ModelFolder {
  static HadoopFolder of(String location, Configuration configuration) throws IOException {
    Path path = Location.of(location);
    return new HadoopFolder(Location.files(path, configuration), path);
  }

  @Override
  public boolean has(String file) throws IOException {
    return files.exists(new Path(path, file));
  }

  @Override
  public long length(String file) throws IOException {
    return files.getFileStatus(new Path(path, file)).getLen();
  }

  @Override
  public InputStream open(String file) throws IOException {
    return files.open(new Path(path, file));
  }

  @Override
  public String where() {
    return path.toString();
  }
}
