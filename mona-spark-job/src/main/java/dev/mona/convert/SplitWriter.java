package dev.mona.convert;

import dev.mona.data.Split;
import dev.mona.data.SplitFile;
import dev.mona.data.SplitFiles;
import dev.mona.data.SplitFolder;
import dev.mona.task.TaskSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Writes the samples of one split: to one file, or to files of so many samples in a folder. */
final class SplitWriter implements AutoCloseable {
  private final FileSystem files;
  private final Path directory;
  private final Split split;
  private final TaskSpec task;
  private final int folderOf;
  private final List<SplitFile> written = new ArrayList<>();
  private @Nullable SampleWriter writer;
  private int samples;

  /**
   * @param directory of the set
   * @param folderOf samples of a file of a folder; 0 for a single file
   */
  SplitWriter(FileSystem files, Path directory, Split split, TaskSpec task, int folderOf) {
    this.files = files;
    this.directory = directory;
    this.split = split;
    this.task = task;
    this.folderOf = folderOf;
  }

  void write(Sample sample) throws IOException {
    if (folderOf > 0 && samples == folderOf) {
      close();
    }
    SampleWriter to = writer;
    if (to == null) {
      to =
          folderOf == 0
              ? new SampleWriter(files, directory, SetFolder.fileName(split), task)
              : new SampleWriter(
                  files, new Path(directory, split.id()), SetFolder.partName(written.size()), task);
      writer = to;
      samples = 0;
    }
    to.write(sample);
    samples++;
  }

  /** Ends the last file. */
  @Override
  public void close() throws IOException {
    SampleWriter last = writer;
    writer = null;
    if (last != null) {
      last.close();
      written.add(last.written());
    }
  }

  /** What was written, once closed. */
  SplitFiles written() {
    return folderOf == 0 ? written.get(0) : new SplitFolder(split.id(), written);
  }
}
