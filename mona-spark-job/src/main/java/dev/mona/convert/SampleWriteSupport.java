package dev.mona.convert;

import dev.mona.data.ManifestJson;
import dev.mona.task.TaskKind;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a data set in Parquet: {@code id long, features array<float>}, and {@code label int} or
 * {@code labels array<float>}, in the layout of lists that Spark reads and writes.
 */
final class SampleWriteSupport extends WriteSupport<Sample> {
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private final TaskKind kind;
  private @Nullable RecordConsumer consumer;

  SampleWriteSupport(TaskKind kind) {
    this.kind = kind;
  }

  @Override
  public WriteContext init(Configuration configuration) {
    return new WriteContext(
        new MessageType(
            "sample",
            Types.required(PrimitiveTypeName.INT64).named("id"),
            floats("features"),
            switch (kind) {
              case CLASSIFICATION ->
                  Types.required(PrimitiveTypeName.INT32).named(ManifestJson.labelColumn(kind));
              case MULTI_LABEL, DENSE -> floats(ManifestJson.labelColumn(kind));
            }),
        Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(Sample sample) {
    RecordConsumer out = consumer;
    if (out == null) {
      throw new IllegalStateException("prepareForWrite comes first");
    }
    out.startMessage();
    out.startField("id", 0);
    out.addLong(sample.id());
    out.endField("id", 0);
    writeFloats(out, "features", 1, sample.features());
    String label = ManifestJson.labelColumn(kind);
    switch (kind) {
      case CLASSIFICATION -> {
        out.startField(label, 2);
        out.addInteger((int) sample.labels()[0]);
        out.endField(label, 2);
      }
      case MULTI_LABEL, DENSE -> writeFloats(out, label, 2, sample.labels());
    }
    out.endMessage();
  }

  private static Type floats(String name) {
    return Types.requiredGroup()
        .as(LogicalTypeAnnotation.listType())
        .addField(
            Types.repeatedGroup()
                .addField(Types.required(PrimitiveTypeName.FLOAT).named(ELEMENT))
                .named(LIST))
        .named(name);
  }

  private static void writeFloats(RecordConsumer out, String name, int index, float[] values) {
    out.startField(name, index);
    out.startGroup();
    out.startField(LIST, 0);
    for (float value : values) {
      out.startGroup();
      out.startField(ELEMENT, 0);
      out.addFloat(value);
      out.endField(ELEMENT, 0);
      out.endGroup();
    }
    out.endField(LIST, 0);
    out.endGroup();
    out.endField(name, index);
  }
}
