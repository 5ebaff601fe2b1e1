package dev.mona.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.mona.MonaException;
import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunListener;
import dev.mona.events.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * Writes rounds and epochs as JSON, one object a line, UTF-8, each line flushed when it is
 * complete. A figure that is not finite becomes null. Keys: {@code stage}, {@code epoch}, {@code
 * round} and {@code of_rounds} (rounds only, counted from 0), {@code examples}, {@code seconds},
 * {@code validation_seconds} and {@code measures_seconds} (epochs only), and {@code metrics} with
 * one key each.
 *
 * <p>A resumed run writes each file anew: first {@link JsonHistory#before what the earlier attempt
 * wrote up to the checkpoint}, then its own lines.
 */
public final class JsonLines implements RunListener {
  private static final JsonFactory JSON = new JsonFactory();

  private final OutputStream rounds;
  private final OutputStream epochs;

  /**
   * @param rounds receives the rounds; closed by {@link #close}
   * @param epochs receives the epochs; closed by {@link #close}
   */
  public JsonLines(OutputStream rounds, OutputStream epochs) {
    this.rounds = rounds;
    this.epochs = epochs;
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    write(
        rounds,
        line(
            json -> {
              json.writeStringField("stage", ended.at().epoch().stage().id());
              json.writeNumberField("epoch", ended.at().epoch().index());
              json.writeNumberField("round", ended.at().index());
              json.writeNumberField("of_rounds", ended.at().of());
              work(json, ended.work());
              figures(json, ended.figures());
            }));
  }

  @Override
  public void epochEnded(EpochEnded ended) {
    write(
        epochs,
        line(
            json -> {
              json.writeStringField("stage", ended.at().stage().id());
              json.writeNumberField("epoch", ended.at().index());
              work(json, ended.work());
              number(json, "validation_seconds", ended.evaluation().validation());
              number(json, "measures_seconds", ended.evaluation().measures());
              figures(json, ended.figures());
            }));
  }

  @Override
  public void close() {
    try (rounds;
        epochs) {
      rounds.flush();
      epochs.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] line(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void work(JsonGenerator json, Work work) throws IOException {
    json.writeNumberField("examples", work.examples());
    number(json, "seconds", work.seconds());
  }

  private static void figures(JsonGenerator json, Map<String, Double> figures) throws IOException {
    json.writeObjectFieldStart("metrics");
    for (Map.Entry<String, Double> figure : figures.entrySet()) {
      number(json, figure.getKey(), figure.getValue());
    }
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String name, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(name, value);
    } else {
      json.writeNullField(name);
    }
  }

  private static void write(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static MonaException failure(IOException e) {
    return new MonaException(
        MonaException.Category.STORAGE,
        "the metrics of the run cannot be written ("
            + e.getMessage()
            + "): check the space and the permissions of the output directory",
        e);
  }
}
