package dev.mona.convert;

import dev.mona.data.SplitFile;
import dev.mona.storage.Sha256;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Writes the samples of one split to a Parquet file and its checksum along the way. The same
 * samples give the same bytes.
 */
public final class SampleWriter implements AutoCloseable {
  /** Values from which on the size of a row group is looked at after each row, not every 100. */
  private static final int LONG_SAMPLE = 1 << 16;

  private final String file;
  private final DigestedFile output;
  private final ParquetWriter<Sample> writer;
  private int samples;

  public SampleWriter(FileSystem fileSystem, Path directory, String file, TaskSpec task)
      throws IOException {
    this.file = file;
    output = new DigestedFile(fileSystem, new Path(directory, file));
    Builder builder =
        new Builder(output, task.kind())
            .withConf(new Configuration(fileSystem.getConf()))
            .withCompressionCodec(CompressionCodecName.ZSTD);
    if (task.featureLength() + task.labelLength() > LONG_SAMPLE) {
      builder.withMinRowCountForPageSizeCheck(1).withMaxRowCountForPageSizeCheck(1);
    }
    writer = builder.build();
  }

  public void write(Sample sample) throws IOException {
    writer.write(sample);
    samples++;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** What was written, once closed. */
  public SplitFile written() {
    return written(file);
  }

  /**
   * What was written, once closed.
   *
   * @param name that the file will have
   */
  public SplitFile written(String name) {
    return new SplitFile(
        name, samples, output.length, Sha256.hex(output.digested.getMessageDigest().digest()));
  }

  private static final class Builder extends ParquetWriter.Builder<Sample, Builder> {
    private final TaskKind kind;

    Builder(OutputFile file, TaskKind kind) {
      super(file);
      this.kind = kind;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Sample> getWriteSupport(Configuration configuration) {
      return new SampleWriteSupport(kind);
    }
  }

  /** A new file whose bytes are counted and digested as they pass. */
  private static final class DigestedFile extends PositionOutputStream implements OutputFile {
    private final FileSystem fileSystem;
    private final Path path;
    private final DigestOutputStream digested;
    private long length;

    DigestedFile(FileSystem fileSystem, Path path) throws IOException {
      this.fileSystem = fileSystem;
      this.path = path;
      OutputStream raw = fileSystem.create(path, false);
      digested = new DigestOutputStream(raw, Sha256.digest());
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return this;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return this;
    }

    @Override
    public boolean supportsBlockSize() {
      return fileSystem.getDefaultBlockSize(path) > 0;
    }

    @Override
    public long defaultBlockSize() {
      return fileSystem.getDefaultBlockSize(path);
    }

    @Override
    public String getPath() {
      return path.toString();
    }

    @Override
    public long getPos() {
      return length;
    }

    @Override
    public void write(int b) throws IOException {
      digested.write(b);
      length++;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      digested.write(bytes, offset, count);
      length += count;
    }

    @Override
    public void flush() throws IOException {
      digested.flush();
    }

    @Override
    public void close() throws IOException {
      digested.close();
    }
  }
}
