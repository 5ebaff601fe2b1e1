package dev.mona.rounds;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.Tuple2;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.reflect.ClassTag;

/**
 * Records of a round's shuffle as bytes: {@link ChunkKey}, {@link ContributionBytes} and a checksum
 * of both, without Java's object streams.
 */
final class ContributionSerializer extends Serializer implements Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public SerializerInstance newInstance() {
    return new Instance();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("only contributions of a round, with their keys");
  }

  private static final class Instance extends SerializerInstance {
    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return new Writing(out);
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      return new Reading(in);
    }

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> type) {
      throw unsupported();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> type) {
      throw unsupported();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> type) {
      throw unsupported();
    }
  }

  private static final class Writing extends SerializationStream {
    private final ContributionBytes bytes = new ContributionBytes();
    private final CRC32C sum = new CRC32C();
    private final DataOutputStream out;

    Writing(OutputStream out) {
      this.out = new DataOutputStream(new CheckedOutputStream(out, sum));
    }

    @Override
    public <T> SerializationStream writeKey(T key, ClassTag<T> type) {
      ChunkKey wanted = (ChunkKey) key;
      sum.reset();
      try {
        out.writeInt(wanted.chunk());
        out.writeInt(wanted.partition());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return this;
    }

    @Override
    public <T> SerializationStream writeValue(T value, ClassTag<T> type) {
      try {
        bytes.write((Contribution) value, out);
        out.writeInt((int) sum.getValue());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return this;
    }

    @Override
    public <T> SerializationStream writeObject(T value, ClassTag<T> type) {
      throw unsupported();
    }

    @Override
    public void flush() {
      try {
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Reading extends DeserializationStream {
    private final ContributionBytes bytes = new ContributionBytes();
    private final CRC32C sum = new CRC32C();
    private final InputStream buffered;
    private final DataInputStream in;

    Reading(InputStream in) {
      buffered = new BufferedInputStream(in);
      this.in = new DataInputStream(new CheckedInputStream(buffered, sum));
    }

    @Override
    @SuppressWarnings("unchecked") // keys are all that is written as keys
    public <T> T readKey(ClassTag<T> type) {
      sum.reset();
      try {
        return (T) new ChunkKey(in.readInt(), in.readInt());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    @SuppressWarnings("unchecked") // contributions are all that is written as values
    public <T> T readValue(ClassTag<T> type) {
      try {
        Contribution value = bytes.read(in);
        int found = (int) sum.getValue();
        if (in.readInt() != found) {
          throw new IOException("a contribution to a round changed on its way between executors");
        }
        return (T) value;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public <T> T readObject(ClassTag<T> type) {
      throw unsupported();
    }

    /** To the end between two records; one within a record is an error. */
    @Override
    public Iterator<Tuple2<Object, Object>> asKeyValueIterator() {
      return new AbstractIterator<>() {
        private boolean ended;

        @Override
        public boolean hasNext() {
          if (!ended && isAtEnd()) {
            ended = true;
            close(); // what Spark holds for the block is let go
          }
          return !ended;
        }

        @Override
        public Tuple2<Object, Object> next() {
          Object key = readKey(ClassTag.Any());
          return new Tuple2<>(key, readValue(ClassTag.Any()));
        }
      };
    }

    private boolean isAtEnd() {
      try {
        buffered.mark(1);
        boolean end = buffered.read() < 0;
        buffered.reset();
        return end;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
